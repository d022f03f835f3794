import { createHash } from "node:crypto";
import { seededRng } from "@almanac/kernel";
// The models by themselves, as the thread that fits them loads them: the whole package takes 300 MB to compile.
import { fitEase } from "../src/core/offline/ease.ts";
import { fitIals } from "../src/core/offline/ials.ts";
import type { ItemScorer } from "../src/core/offline/item-scorer.ts";
import { packRows } from "../src/core/offline/sparse.ts";
import type { SparseRows } from "../src/core/offline/sparse.ts";

/**
 * What it costs to fit EASE and iALS to 6,000 users, 3,600 items and 600,000 pairs, and whether a second fit gives the
 * same bits. The pairs are generated, so the figures are of cost alone, not of accuracy.
 *
 *   node packages/recsys/bench/fit-limits.ts
 */
const [users, items, pairs, seed] = [6_000, 3_600, 600_000, 1];
const limits = { ease: 8, ials: 30, megabytes: 400 };

/** Distinct pairs: users alike in activity, items by a power law, a fifth of each user's from one of 30 tastes. */
function generatePairs(): SparseRows {
  const rng = seededRng(seed);
  const rows = new Int32Array(pairs);
  const columns = new Int32Array(pairs);
  let filled = 0;
  for (let user = 0; user < users; user++) {
    const taste = rng.int(30);
    const own = new Set<number>();
    while (own.size < pairs / users) {
      const item = Math.floor(items * rng.next() ** 2);
      own.add(rng.next() < 0.2 ? item - (item % 30) + taste : item);
    }
    for (const item of own) {
      rows[filled] = user;
      columns[filled++] = item;
    }
  }
  return packRows(users, items, rows, columns);
}

function digestOf(scorer: ItemScorer): string {
  const scores = new Float64Array(items);
  scorer.addScores({ items: [1, 20, 300], weights: [1, 1, 1] }, scores);
  return createHash("sha256").update(new Uint8Array(scores.buffer)).digest("hex").slice(0, 12);
}

function measure(name: "ease" | "ials", fit: () => ItemScorer): void {
  const digests: string[] = [];
  const seconds: number[] = [];
  for (let run = 0; run < 2; run++) {
    const before = process.cpuUsage();
    const scorer = fit();
    const { user, system } = process.cpuUsage(before);
    seconds.push((user + system) / 1e6);
    digests.push(digestOf(scorer));
  }
  const peak = Math.round(process.resourceUsage().maxRSS / 1_024);
  const cpu = seconds.map((value) => value.toFixed(1)).join(", ");
  const isSame = digests[0] === digests[1] ? "yes" : "NO";
  process.stdout.write(
    `| ${name} | ${cpu} | ${limits[name]} | ${peak} | ${limits.megabytes} | ${isSame} |\n`,
  );
}

const interactions = generatePairs();
process.stdout.write("| model | CPU s, two fits | limit | peak MB | limit | same bits |\n");
process.stdout.write("| --- | --- | --- | --- | --- | --- |\n");
measure("ials", () => fitIals(interactions, { rng: seededRng(seed), dimensions: 64, iterations: 12 }));
measure("ease", () => fitEase(interactions, { lambda: 300 }));
