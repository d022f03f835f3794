import { adjusted, patternOf, readjust } from "../season/classical.ts";
import type { Fit, Forecaster } from "../series.ts";
import { smooth, trendLine } from "./theta.ts";

/** How a theta line and the trend make a forecast: by their weighted mean, or by the same of their logarithms. */
type Blend = "additive" | "multiplicative";

/** One way to forecast, fitted. */
interface Candidate {
  /** One-step forecasts of the history. */
  readonly fitted: Float64Array;
  readonly ahead: (step: number) => number;
}

/** How much the theta line exaggerates what is beside the trend: that of the theta method, and half as much again. */
const curvatures = [2, 3];
/** A trend that multiplies stays above this share of the mean: a line that falls meets zero at some time. */
const leastShare = 1e-6;

/**
 * 4Theta: the theta method with a straight or an exponential trend, added or multiplied, and theta lines of 2 and 3 or none
 * (exponential smoothing alone); the one whose one-step errors are least in absolute value.
 *
 * Spiliotis, Assimakopoulos & Makridakis (2020), "Generalizing the Theta method for automatic forecasting", European Journal
 * of Operational Research 284. They search theta between 1 and 3; a choice of three is as good and can be averaged with
 * other models, which smooths it.
 */
export const fourTheta: Forecaster = {
  name: "4theta",
  least: () => 6,
  fit(history): Fit {
    const pattern = patternOf(history);
    const values = adjusted(history.values, pattern);
    const n = values.length;
    const best = candidatesFor(values).reduce((a, b) =>
      missed(values, b.fitted) < missed(values, a.fitted) ? b : a,
    );
    return {
      fitted: readjust(
        best.fitted.map((value, t) => (t === 0 ? NaN : value)),
        pattern,
        0,
      ),
      predict: (horizon) =>
        readjust(
          Float64Array.from({ length: horizon }, (_, k) => best.ahead(n + k)),
          pattern,
          n,
        ),
    };
  },
};

function candidatesFor(values: Float64Array): Candidate[] {
  const { level, fitted } = smooth(values);
  const found: Candidate[] = [{ fitted, ahead: () => level }];
  const positive = values.every((value) => value > 0);
  const lines = [trendLine(values)];
  if (positive) {
    const logs = trendLine(values.map((value) => Math.log(value)));
    lines.push((t) => Math.exp(logs(t)));
  }
  for (const line of lines) {
    for (const curvature of curvatures) {
      found.push(blended(values, line, curvature, "additive"));
      if (positive) found.push(blended(values, line, curvature, "multiplicative"));
    }
  }
  return found;
}

/** The theta line smoothed, and the trend put back: theta times what is beside the trend, then one part in theta of it. */
function blended(
  values: Float64Array,
  trend: (t: number) => number,
  curvature: number,
  blend: Blend,
): Candidate {
  const share = 1 / curvature;
  if (blend === "additive") {
    const { level, fitted } = smooth(
      values.map((value, t) => curvature * value + (1 - curvature) * trend(t)),
    );
    const put = (line: number, t: number): number => share * line + (1 - share) * trend(t);
    return { fitted: fitted.map(put), ahead: (t) => put(level, t) };
  }
  const mean = values.reduce((sum, value) => sum + value / values.length, 0);
  const above = (value: number): number => Math.max(value, leastShare * mean);
  const { level, fitted } = smooth(
    values.map((value, t) => value ** curvature * above(trend(t)) ** (1 - curvature)),
  );
  const put = (line: number, t: number): number => above(line) ** share * above(trend(t)) ** (1 - share);
  return { fitted: fitted.map(put), ahead: (t) => put(level, t) };
}

function missed(values: Float64Array, fitted: Float64Array): number {
  return values.reduce((sum, value, t) => sum + Math.abs(value - fitted[t]!), 0);
}
