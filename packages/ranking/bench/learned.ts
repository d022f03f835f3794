/**
 * Does learning from clicks find what is there, and nothing where there is nothing? Made-up searches whose truth is known.
 *
 *   node packages/ranking/bench/learned.ts [seeds, 40]
 */
import { seededRng } from "@almanac/kernel";
import { learnRanking } from "../src/core/learned/learn-ranking.ts";
import {
  controlOrder,
  learnedOrder,
  simulateSearches,
  type Preference,
} from "../src/core/learned/simulated-searches.ts";

const seeds = Number(process.argv[2] ?? 40);
const searches = 2_400;
const worlds: readonly Preference[] = ["cheap", "none", "as_scored"];

console.log(`${seeds} shops of each kind, ${searches} searches each, Node ${process.version}`);
for (const preference of worlds) {
  let better = 0;
  let lift = 0;
  let told = 0;
  const startedAt = performance.now();
  for (let seed = 0; seed < seeds; seed++) {
    const shop = simulateSearches({ searches, preference, rng: seededRng(`${preference}/${seed}`) });
    const learned = learnRanking(shop.examples, { effort: 0.1 });
    if (learned.verdict === "not_enough_data") continue;
    if (learned.verdict === "better") better += 1;
    const fresh = simulateSearches({
      searches: 500,
      preference,
      rng: seededRng(`${preference}/${seed}/fresh`),
    });
    lift += fresh.valueOf(learnedOrder(learned.model)) / fresh.valueOf(controlOrder) - 1;
    told += learned.heldOut.difference / learned.heldOut.control;
  }
  const mean = (sum: number): string => `${((100 * sum) / seeds).toFixed(1)} %`;
  console.log(
    `${preference}: promoted ${better} of ${seeds}; searches with a click, truly ${mean(lift)}, as told from the held-out log ${mean(told)}; ${Math.round((performance.now() - startedAt) / seeds)} ms each`,
  );
}
