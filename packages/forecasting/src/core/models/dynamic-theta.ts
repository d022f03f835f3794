import { minimise } from "../numeric/nelder-mead.ts";
import { adjusted, patternOf, readjust } from "../season/classical.ts";
import type { Fit, Forecaster } from "../series.ts";

/**
 * The dynamic optimised theta model (DOTM): as theta, with the weight of the trend line fitted too, and the line itself
 * re-drawn after each value.
 *
 * Fiorucci, Pellegrini, Louzada, Petropoulos & Koehler (2016), "Models for optimising the theta method and their
 * relationship to state space models", International Journal of Forecasting 32, equations 16 to 21.
 */
export const dynamicTheta: Forecaster = {
  name: "dotm",
  least: () => 4,
  fit(history): Fit {
    const pattern = patternOf(history);
    const values = adjusted(history.values, pattern);
    const n = values.length;
    const squares = (parameters: Float64Array): number => follow(values, parameters).squares;
    const first = values[0]!;
    const found = minimise(
      squares,
      // The line's share w = 1 - 1/theta: 0 is exponential smoothing, 1/2 the theta of 2.
      Float64Array.of(first, 0.5, 0.5),
      Float64Array.of(0.1 * Math.abs(first) + 0.01, -0.2, 0.2),
      {
        lower: Float64Array.of(-Infinity, 0.05, 0),
        upper: Float64Array.of(Infinity, 0.99, 0.98),
        evaluations: 140,
        tolerance: 1e-7,
      },
    );
    const { fitted } = follow(values, found.at, 0, new Float64Array(n));
    return {
      fitted: readjust(fitted, pattern, 0),
      predict(horizon) {
        const { ahead } = follow(values, found.at, horizon);
        return readjust(ahead, pattern, n);
      },
    };
  },
};

interface Followed {
  readonly squares: number;
  readonly fitted: Float64Array;
  readonly ahead: Float64Array;
}

const none = new Float64Array(0);

/** Runs the recursion over the values and then `horizon` steps on, each forecast standing in for the value. */
function follow(
  values: Float64Array,
  parameters: Float64Array,
  horizon = 0,
  fitted: Float64Array = none,
): Followed {
  const n = values.length;
  const ahead = horizon > 0 ? new Float64Array(horizon) : none;
  let level = parameters[0]!;
  const alpha = parameters[1]!;
  const share = parameters[2]!;
  let average = 0;
  let slope = 0;
  let intercept = 0;
  let power = 1;
  let squares = 0;
  for (let t = 1; t <= n + horizon; t++) {
    // `intercept` and `slope` are those of the line through the first t - 1 values; power is (1 - alpha)^(t - 1).
    const line = power * intercept + ((1 - power * (1 - alpha)) / alpha) * slope;
    const forecast = t === 1 ? level : level + share * line;
    const value = t <= n ? values[t - 1]! : forecast;
    if (t <= n) {
      if (t > 1) squares += (value - forecast) * (value - forecast);
      if (fitted.length > 0) fitted[t - 1] = t === 1 ? NaN : forecast;
    } else {
      ahead[t - n - 1] = forecast;
    }
    level = alpha * value + (1 - alpha) * level;
    const before = average;
    average = ((t - 1) * before + value) / t;
    slope = t === 1 ? 0 : ((t - 2) * slope + (6 * (value - before)) / t) / (t + 1);
    intercept = average - ((t + 1) / 2) * slope;
    power *= 1 - alpha;
  }
  return { squares, fitted, ahead };
}
