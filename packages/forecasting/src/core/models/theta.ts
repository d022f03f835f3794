import { minimise } from "../numeric/nelder-mead.ts";
import { adjusted, patternOf, readjust } from "../season/classical.ts";
import type { Fit, Forecaster } from "../series.ts";

/**
 * The theta method: simple exponential smoothing of the seasonally adjusted series, with half the slope of its trend line
 * as drift. It won the M3 competition.
 *
 * Assimakopoulos & Nikolopoulos (2000), International Journal of Forecasting 16; in the form of Hyndman & Billah (2003),
 * "Unmasking the Theta method", International Journal of Forecasting 19.
 */
export const theta: Forecaster = {
  name: "theta",
  least: () => 3,
  fit(history): Fit {
    const pattern = patternOf(history);
    const values = adjusted(history.values, pattern);
    const { alpha, level, fitted } = smooth(values);
    const n = values.length;
    const slope = trendSlope(values) / 2;
    const bias = (steps: number): number => slope * (steps - 1 + (1 - (1 - alpha) ** n) / alpha);
    const oneStep = fitted.map((value, t) =>
      t === 0 ? NaN : value + slope * ((1 - (1 - alpha) ** t) / alpha),
    );
    return {
      fitted: readjust(oneStep, pattern, 0),
      predict: (horizon) =>
        readjust(
          Float64Array.from({ length: horizon }, (_, k) => level + bias(k + 1)),
          pattern,
          n,
        ),
    };
  },
};

/** Simple exponential smoothing of the seasonally adjusted series. Brown (1959). */
export const ses: Forecaster = {
  name: "ses",
  least: () => 2,
  fit(history): Fit {
    const pattern = patternOf(history);
    const { level, fitted } = smooth(adjusted(history.values, pattern));
    return {
      fitted: readjust(
        fitted.map((value, t) => (t === 0 ? NaN : value)),
        pattern,
        0,
      ),
      predict: (horizon) => readjust(new Float64Array(horizon).fill(level), pattern, history.values.length),
    };
  },
};

/** Least squares slope on t = 0 .. n - 1. */
function trendSlope(values: Float64Array): number {
  const n = values.length;
  let sum = 0;
  let cross = 0;
  for (let t = 0; t < n; t++) {
    sum += values[t]!;
    cross += t * values[t]!;
  }
  return (6 * (2 * cross - (n - 1) * sum)) / (n * (n * n - 1));
}

/** The least squares line, as a function of t, 0 at the first of at least two values. */
export function trendLine(values: Float64Array): (t: number) => number {
  const slope = trendSlope(values);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return (t) => mean + slope * (t - (values.length - 1) / 2);
}

interface Smoothed {
  readonly alpha: number;
  /** After the last value: the forecast of all steps. */
  readonly level: number;
  /** One-step forecasts; the first is the level before the first value. */
  readonly fitted: Float64Array;
}

/** SES with the weight and the first level that make the squared one-step errors least. */
export function smooth(values: Float64Array): Smoothed {
  const n = values.length;
  const squares = (parameters: Float64Array): number => {
    const alpha = parameters[0]!;
    let level = parameters[1]!;
    let sum = 0;
    for (let t = 0; t < n; t++) {
      const error = values[t]! - level;
      sum += error * error;
      level += alpha * error;
    }
    return sum;
  };
  const start = Float64Array.of(0.3, values[0]!);
  const best = minimise(squares, start, Float64Array.of(0.2, 0.1 * Math.abs(values[0]!) + 0.01), {
    lower: Float64Array.of(0.01, -Infinity),
    upper: Float64Array.of(0.99, Infinity),
    evaluations: 80,
    tolerance: 1e-6,
  }).at;
  const fitted = new Float64Array(n);
  let level = best[1]!;
  for (let t = 0; t < n; t++) {
    fitted[t] = level;
    level += best[0]! * (values[t]! - level);
  }
  return { alpha: best[0]!, level, fitted };
}
