import { patternOf } from "../season/classical.ts";
import type { Fit, Forecaster, History } from "../series.ts";

/** The last value, for ever. The yardstick of a series without season. */
export const naive: Forecaster = {
  name: "naive",
  least: () => 1,
  fit: (history) => repeatLast(history.values, 1),
};

/** The value one season ago. The yardstick that no other model may stand behind. */
export const seasonalNaive: Forecaster = {
  name: "seasonal-naive",
  least: () => 1,
  fit: ({ values, season }) => repeatLast(values, season),
};

/** The value one season ago, of the longest season: hours as in the week before. */
export const longSeasonalNaive: Forecaster = {
  name: "long-seasonal-naive",
  least: () => 1,
  fit: ({ values, season, longSeasons }) => repeatLast(values, longSeasons.at(-1) ?? season),
};

/** The mean of all that was seen. */
export const mean: Forecaster = {
  name: "mean",
  least: () => 1,
  fit({ values }) {
    const fitted = new Float64Array(values.length).fill(NaN);
    let sum = 0;
    for (let t = 0; t < values.length; t++) {
      if (t > 0) fitted[t] = sum / t;
      sum += values[t]!;
    }
    const level = sum / values.length;
    return { fitted, predict: (horizon) => new Float64Array(horizon).fill(level) };
  },
};

/** The last value and the mean change so far. Hyndman & Athanasopoulos (2021), "Forecasting", 5.2. */
export const drift: Forecaster = {
  name: "drift",
  least: () => 2,
  fit({ values }) {
    const n = values.length;
    const fitted = new Float64Array(n).fill(NaN);
    for (let t = 2; t < n; t++) fitted[t] = values[t - 1]! + (values[t - 1]! - values[0]!) / (t - 1);
    const slope = (values[n - 1]! - values[0]!) / (n - 1);
    return {
      fitted,
      predict: (horizon) =>
        Float64Array.from({ length: horizon }, (_, k) => values[n - 1]! + slope * (k + 1)),
    };
  },
};

/** Last value times seasonal index, where the series is seasonal by the 90 % test: the baseline of the M4 competition. */
export const naive2: Forecaster = {
  name: "naive2",
  least: () => 1,
  fit(history: History): Fit {
    const { values } = history;
    const pattern = patternOf(history);
    const at = (t: number): number =>
      pattern.kind === "none" ? 0 : pattern.index[t % pattern.index.length]!;
    const move = (value: number, from: number, to: number): number => {
      if (pattern.kind === "none") return value;
      return pattern.kind === "additive" ? value - at(from) + at(to) : (value / at(from)) * at(to);
    };
    const n = values.length;
    const fitted = values.map((_, t) => (t === 0 ? NaN : move(values[t - 1]!, t - 1, t)));
    return {
      fitted,
      predict: (horizon) =>
        Float64Array.from({ length: horizon }, (_, k) => move(values[n - 1]!, n - 1, n + k)),
    };
  },
};

function repeatLast(values: Float64Array, season: number): Fit {
  const n = values.length;
  return {
    fitted: values.map((_, t) => (t < season ? NaN : values[t - season]!)),
    predict: (horizon) =>
      Float64Array.from({ length: horizon }, (_, k) => values[n - season + (k % season)]!),
  };
}
