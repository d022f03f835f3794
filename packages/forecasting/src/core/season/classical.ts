import type { History } from "../series.ts";

/** How a seasonal pattern enters: added to the level, or multiplied with it. */
export type SeasonKind = "none" | "additive" | "multiplicative";

/** The pattern of one season, by position `t % season`. Additive: sums to 0; multiplicative: averages 1. */
export interface SeasonPattern {
  readonly kind: SeasonKind;
  readonly index: Float64Array;
}

/**
 * Autocovariances c(0) .. c(most), divided by n, around the mean.
 *
 * @returns most + 1 values; all zero for a constant series
 */
export function autocovariances(values: ArrayLike<number>, most: number): Float64Array {
  const n = values.length;
  let mean = 0;
  for (let t = 0; t < n; t++) mean += values[t]! / n;
  const out = new Float64Array(most + 1);
  for (let k = 0; k <= Math.min(most, n - 1); k++) {
    let sum = 0;
    for (let t = k; t < n; t++) sum += (values[t]! - mean) * (values[t - k]! - mean);
    out[k] = sum / n;
  }
  return out;
}

/** Weeks of two years and a half show a year in as many pairs as months of four years do. */
const fewestPairs = 30;

/**
 * Whether the autocorrelation at the season stands out: |r(m)| > 1.645 sqrt((1 + 2 sum r(k)^2, k < m) / n), the 90 % test
 * of the M4 competition. Needs three seasons, or two and thirty pairs of values a season apart; else false.
 */
export function isSeasonal(values: ArrayLike<number>, season: number, z = 1.645): boolean {
  const n = values.length;
  if (season <= 1 || n < 2 * season || (n < 3 * season && n - season < fewestPairs)) return false;
  const covariance = autocovariances(values, season);
  if (!(covariance[0]! > 1e-12)) return false;
  let squares = 0;
  for (let k = 1; k < season; k++) squares += (covariance[k]! / covariance[0]!) ** 2;
  const limit = z * Math.sqrt((1 + 2 * squares) / n);
  return Math.abs(covariance[season]! / covariance[0]!) > limit;
}

/**
 * Classical decomposition: what is left over the centred moving average, averaged per position.
 *
 * @param values at least two seasons; all above zero when multiplicative
 * Makridakis, Wheelwright & Hyndman (1998), "Forecasting", chapter 3.
 */
export function seasonPattern(
  values: ArrayLike<number>,
  season: number,
  kind: Exclude<SeasonKind, "none">,
): SeasonPattern {
  const n = values.length;
  const trend = centredAverage(values, season);
  const sums = new Float64Array(season);
  const counts = new Float64Array(season);
  for (let t = 0; t < n; t++) {
    if (Number.isNaN(trend[t]!)) continue;
    const rest = kind === "additive" ? values[t]! - trend[t]! : values[t]! / trend[t]!;
    if (!Number.isFinite(rest)) continue;
    sums[t % season]! += rest;
    counts[t % season]!++;
  }
  const neutral = kind === "additive" ? 0 : 1;
  const index = sums.map((sum, at) => (counts[at]! > 0 ? sum / counts[at]! : neutral));
  let mean = 0;
  for (const value of index) mean += value / season;
  for (let at = 0; at < season; at++) {
    index[at] = kind === "additive" ? index[at]! - mean : mean > 0 ? index[at]! / mean : 1;
  }
  if (kind === "multiplicative") for (let at = 0; at < season; at++) index[at] = Math.max(index[at]!, 0.01);
  return { kind, index };
}

/** Centred moving average over one season, NaN at both ends; half weights at the edges when the season is even. */
export function centredAverage(values: ArrayLike<number>, season: number): Float64Array {
  const n = values.length;
  const half = Math.floor(season / 2);
  const even = season % 2 === 0;
  const out = new Float64Array(n).fill(NaN);
  for (let t = half; t < n - half; t++) {
    let sum = 0;
    for (let k = -half; k <= half; k++) sum += values[t + k]!;
    if (even) sum -= (values[t - half]! + values[t + half]!) / 2;
    out[t] = sum / season;
  }
  return out;
}

/** The pattern to take out before a model without season, by the test and by sign: multiplicative where all is positive. */
export function patternOf(history: History): SeasonPattern {
  const { values, season, positive } = history;
  if (!isSeasonal(values, season)) return { kind: "none", index: new Float64Array(1) };
  return seasonPattern(values, season, positive ? "multiplicative" : "additive");
}

/** The values with the pattern taken out. */
export function adjusted(values: Float64Array, pattern: SeasonPattern): Float64Array {
  const { kind, index } = pattern;
  if (kind === "none") return values;
  const season = index.length;
  return values.map((value, t) =>
    kind === "additive" ? value - index[t % season]! : value / index[t % season]!,
  );
}

/** Puts the pattern back, in place, on values whose first one stands at time `from`. */
export function readjust(values: Float64Array, pattern: SeasonPattern, from: number): Float64Array {
  const { kind, index } = pattern;
  if (kind === "none") return values;
  const season = index.length;
  for (let k = 0; k < values.length; k++) {
    const at = index[(from + k) % season]!;
    values[k] = kind === "additive" ? values[k]! + at : values[k]! * at;
  }
  return values;
}
