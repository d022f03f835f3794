import type { Rng } from "@almanac/kernel";
import { columnCounts } from "./sparse.ts";
import type { SparseRows } from "./sparse.ts";

/** What a list is computed from: distinct items and how much each counts (1 without a reason to differ). */
export interface ItemHistory {
  readonly items: readonly number[];
  readonly weights: readonly number[];
}

/** The one interface of all models that rank items given items, baselines included. */
export interface ItemScorer {
  readonly name: string;
  /** Adds this model's scores, no scale, into `scores`, one per item of the catalogue. */
  addScores(history: ItemHistory, scores: Float64Array): void;
}

/** Baseline: distinct users or baskets per item, the same list for everybody. */
export function popularScorer(interactions: SparseRows): ItemScorer {
  const counts = columnCounts(interactions);
  return {
    name: "popular",
    addScores(_history, scores) {
      for (let item = 0; item < counts.length; item++) scores[item]! += counts[item]!;
    },
  };
}

/** The floor: any order of the catalogue is as likely as another. */
export function randomScorer(rng: Rng): ItemScorer {
  return {
    name: "random",
    addScores(_history, scores) {
      for (let item = 0; item < scores.length; item++) scores[item]! += rng.next();
    },
  };
}

/**
 * Sum of the members' scores, each centred and scaled to one standard deviation over the items that are not in the
 * history, so that a member's scale has no say. A member whose scores are all equal adds nothing.
 */
export function blendScorers(
  name: string,
  members: readonly { readonly scorer: ItemScorer; readonly weight: number }[],
): ItemScorer {
  return {
    name,
    addScores(history, scores) {
      const own = new Float64Array(scores.length);
      for (const { scorer, weight } of members) {
        own.fill(0);
        scorer.addScores(history, own);
        const seen = history.items.map((item) => own[item]!);
        for (const item of history.items) own[item] = 0;
        const { mean, deviation } = moments(own);
        history.items.forEach((item, i) => (own[item] = seen[i]!));
        if (deviation === 0) continue;
        for (let item = 0; item < scores.length; item++)
          scores[item]! += (weight * (own[item]! - mean)) / deviation;
      }
    },
  };
}

function moments(values: Float64Array): { mean: number; deviation: number } {
  let sum = 0;
  let squares = 0;
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / values.length;
  const variance = squares / values.length - mean * mean;
  return { mean, deviation: variance > 1e-24 ? Math.sqrt(variance) : 0 };
}
