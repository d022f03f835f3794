import type { History } from "../series.ts";
import { adjusted, patternOf } from "../season/classical.ts";

/**
 * How large the error of a forecast k steps ahead usually is for this history: the root mean square of what exponential
 * smoothing misses k steps on, over all origins, made a straight line of the variance over k.
 *
 * @returns `horizon` values above zero, in the history's scale, never falling
 *
 * It only has to rank series and steps; the level is set later from the errors of backtests (`calibrate`). Only observed
 * values are missed or met: a filled gap lies on the line between its neighbours, and would make a history look calm.
 */
export function errorGrowth(history: History, horizon: number): Float64Array {
  const pattern = patternOf(history);
  const values = adjusted(history.values, pattern);
  const n = values.length;
  const { observed } = history;
  const alpha = bestWeight(values, observed);
  const sums = new Float64Array(horizon);
  const counts = new Float64Array(horizon);
  let level = values[0]!;
  const slope = n > 2 ? (values[n - 1]! - values[0]!) / (n - 1) / 2 : 0;
  const first = Math.min(3, n - 1);
  // Yesterday's unrest says more about tomorrow's than that of ten years ago.
  const halfLife = Math.max(24, n / 4);
  for (let t = 0; t < n; t++) {
    if (observed[t] === 1) level += alpha * (values[t]! - level);
    if (t < first) continue;
    const recency = 2 ** (-(n - 1 - t) / halfLife);
    for (let k = 1; k <= horizon && t + k < n; k++) {
      if (observed[t + k] === 0) continue;
      const factor = pattern.kind === "multiplicative" ? pattern.index[(t + k) % pattern.index.length]! : 1;
      const error = (values[t + k]! - level - slope * k) * factor;
      sums[k - 1]! += recency * error * error;
      counts[k - 1]! += recency;
    }
  }
  return straightened(sums, counts, values);
}

/** The smoothing weight of least error of the next observed value among ten. */
function bestWeight(values: Float64Array, observed: Uint8Array): number {
  let best = 0.1;
  let least = Infinity;
  for (let tenth = 1; tenth <= 10; tenth++) {
    const alpha = tenth / 10;
    let level = values[0]!;
    let squares = 0;
    for (let t = 1; t < values.length; t++) {
      if (observed[t] === 0) continue;
      const error = values[t]! - level;
      squares += error * error;
      level += alpha * error;
    }
    if (squares < least) {
      least = squares;
      best = alpha;
    }
  }
  return best;
}

/** Of a history too short for any error: how far its values lie from their mean, at least a tenth of the first. */
function usualDistance(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.max(0.1 * Math.abs(values[0]!), Math.sqrt(squares / values.length));
}

/** Weighted least squares of the variance on the step, never falling, never zero. */
function straightened(sums: Float64Array, counts: Float64Array, values: Float64Array): Float64Array {
  const horizon = sums.length;
  let weight = 0;
  let meanStep = 0;
  let meanVariance = 0;
  for (let k = 0; k < horizon; k++) {
    weight += counts[k]!;
    meanStep += counts[k]! * k;
    meanVariance += sums[k]!;
  }
  const floor = 1e-8 * (1 + Math.abs(values[values.length - 1]!));
  if (weight === 0) return new Float64Array(horizon).fill(Math.max(floor, usualDistance(values)));
  meanStep /= weight;
  meanVariance /= weight;
  let cross = 0;
  let spread = 0;
  for (let k = 0; k < horizon; k++) {
    if (counts[k] === 0) continue;
    const variance = sums[k]! / counts[k]!;
    cross += counts[k]! * (k - meanStep) * (variance - meanVariance);
    spread += counts[k]! * (k - meanStep) ** 2;
  }
  const slope =
    spread > 0 ? Math.max(0, Math.min(cross / spread, meanStep > 0 ? meanVariance / meanStep : 0)) : 0;
  return Float64Array.from({ length: horizon }, (_, k) => {
    const variance = meanVariance + slope * (k - meanStep);
    return Math.sqrt(Math.max(variance, 0.05 * meanVariance)) + floor;
  });
}
