import { seededRng, type Rng } from "@almanac/kernel";
import type { LoggedRewards } from "../core/off-policy.ts";

export interface RankingTrial {
  /** What was logged, with the chance of each shown order under the old ranking and under the new. */
  readonly log: LoggedRewards;
  /** Clicks a search that the new ranking truly gets. */
  readonly truth: number;
}

/**
 * Searches served by an old ranking that shuffles a little, and a new one to be judged from their log alone. Each search
 * shows four items of eight, one place after another drawn in proportion to exp(score / temperature) (Plackett-Luce), so that
 * the chance of each shown order is known exactly.
 */
export function rankingTrial({ searches, seed }: { searches: number; seed: number }): RankingTrial {
  const rng = seededRng(seed);
  const attraction = [0.3, 0.22, 0.18, 0.12, 0.08, 0.05, 0.03, 0.02];
  const oldScores = [0.1, 0.9, 0.2, 1.2, 0.6, 1, 0.3, 0.5];
  const newScores = [1.6, 1.3, 1.4, 0.9, 0.6, 0.5, 0.2, 0.3];
  const examination = [1, 0.6, 0.45, 0.35];
  const reward = new Float64Array(searches);
  const logged = new Float64Array(searches);
  const target = new Float64Array(searches);
  for (let i = 0; i < searches; i++) {
    const shown = draw(oldScores, examination.length, rng);
    logged[i] = chanceOf(oldScores, shown);
    target[i] = chanceOf(newScores, shown);
    reward[i] = shown.reduce(
      (sum, item, k) => sum + (rng.next() < examination[k]! * attraction[item]! ? 1 : 0),
      0,
    );
  }
  return { log: { reward, logged, target }, truth: expectedClicks(newScores, examination, attraction) };
}

function draw(scores: readonly number[], places: number, rng: Rng): number[] {
  const shown: number[] = [];
  while (shown.length < places) {
    let left = rng.next() * restOf(scores, shown);
    let item = 0;
    for (; item < scores.length - 1; item++) {
      if (shown.includes(item)) continue;
      left -= Math.exp(scores[item]!);
      if (left < 0) break;
    }
    while (shown.includes(item)) item -= 1;
    shown.push(item);
  }
  return shown;
}

function restOf(scores: readonly number[], shown: readonly number[]): number {
  return scores.reduce((sum, score, item) => (shown.includes(item) ? sum : sum + Math.exp(score)), 0);
}

function chanceOf(scores: readonly number[], shown: readonly number[]): number {
  return shown.reduce(
    (chance, item, k) => (chance * Math.exp(scores[item]!)) / restOf(scores, shown.slice(0, k)),
    1,
  );
}

/** Over all ordered choices: exact, no simulation. */
function expectedClicks(
  scores: readonly number[],
  examination: readonly number[],
  attraction: readonly number[],
): number {
  const from = (shown: readonly number[], chance: number): number => {
    const place = shown.length;
    if (place === examination.length) return 0;
    const rest = restOf(scores, shown);
    return scores.reduce((sum, score, item) => {
      if (shown.includes(item)) return sum;
      const here = (chance * Math.exp(score)) / rest;
      return sum + here * examination[place]! * attraction[item]! + from([...shown, item], here);
    }, 0);
  };
  return from([], 1);
}
