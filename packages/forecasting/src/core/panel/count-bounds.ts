import { chanceBelow, countQuantile } from "../intervals/counts.ts";
import type { CountShape } from "../intervals/counts.ts";
import { combined } from "./combine.ts";
import type { LocalRun } from "./local-run.ts";

const priorWeight = 20;
/** Where most periods have no demand, "nothing" covers more than was asked for, and this share is looked at all the same. */
const leastShare = 0.75;

/**
 * Quantiles of rare demand: negative-binomial ones around the forecast, at shares that were right at held-out origins.
 *
 * For an upper share p the panel's held-out actuals tell the share p' of the distribution at whose quantile p of them stayed
 * at or below: split conformal on the distribution (Chernozhukov, Wüthrich & Zhu 2021, PNAS 118). Lower shares are taken
 * as they are, since nearly all of them are zero.
 */
export interface CountBounds {
  at(shape: CountShape, mean: number, share: number): number;
}

export function countBounds(runs: readonly LocalRun[], weights: Float64Array): CountBounds {
  const levels: number[] = [];
  for (const { past } of runs) {
    for (const { actual, counts, forecasts } of past) {
      const forecast = combined(forecasts, weights);
      actual.forEach((value, k) => {
        if (counts && !Number.isNaN(value)) levels.push(chanceBelow(counts, forecast[k]!, value));
      });
    }
  }
  const sorted = Float64Array.from(levels).sort();
  const calibrated = (share: number): number => {
    if (share <= 0.5) return share;
    const place = Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * (sorted.length + 1)) - 1));
    const seen = sorted.length > 0 ? sorted[place]! : share;
    const mixed = (sorted.length * seen + priorWeight * share) / (sorted.length + priorWeight);
    // A quantile is the first count that reaches the share: a hair above what the conformal one asks for.
    return Math.min(1 - 1e-9, Math.max(leastShare * share, mixed + 1e-9));
  };
  const known = new Map<number, number>();
  return {
    at(shape, mean, share) {
      let used = known.get(share);
      if (used === undefined) known.set(share, (used = calibrated(share)));
      return countQuantile(shape, mean, used);
    },
  };
}
