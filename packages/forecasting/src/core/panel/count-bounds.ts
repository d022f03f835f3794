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
 * at or below: split conformal on the distribution (Chernozhukov, Wüthrich & Zhu 2021, PNAS 118). For a share below one half
 * they tell the one below whose quantile p of them fell; it is never taken for more than p. The middle is taken as it is.
 */
export interface CountBounds {
  at(shape: CountShape, mean: number, share: number): number;
}

export function countBounds(runs: readonly LocalRun[], weights: Float64Array): CountBounds {
  const levels: number[] = [];
  const reached: number[] = [];
  for (const { past } of runs) {
    for (const { actual, counts, forecasts } of past) {
      const forecast = combined(forecasts, weights);
      actual.forEach((value, k) => {
        if (!counts || Number.isNaN(value)) return;
        levels.push(chanceBelow(counts, forecast[k]!, value));
        reached.push(chanceBelow(counts, forecast[k]!, value + counts.unit));
      });
    }
  }
  const below = Float64Array.from(levels).sort();
  const upTo = Float64Array.from(reached).sort();
  const mixed = (sorted: Float64Array, place: number, share: number): number => {
    const n = sorted.length;
    const seen = n > 0 ? sorted[Math.min(n - 1, Math.max(0, place))]! : share;
    return (n * seen + priorWeight * share) / (n + priorWeight);
  };
  const calibrated = (share: number): number => {
    const rank = share * (levels.length + 1);
    if (share < 0.5) return Math.min(share, mixed(upTo, Math.floor(rank) - 1, share));
    if (share === 0.5) return share;
    // A quantile is the first count that reaches the share: a hair above what the conformal one asks for.
    const used = mixed(below, Math.ceil(rank) - 1, share) + 1e-9;
    return Math.min(1 - 1e-9, Math.max(leastShare * share, used));
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
