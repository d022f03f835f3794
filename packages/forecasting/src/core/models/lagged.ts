import { solvePositive } from "../numeric/linear.ts";
import { daysOfWeek, isDay } from "../season/week.ts";
import type { Fit, Forecaster, History } from "../series.ts";

/** What is added to the squares of the columns, whose values have a variance of one: as much as one more row. */
const ridge = 1;
/** Steps are fed on steps: none goes further from the mean than this many standard deviations. */
const furthest = 6;
/** A history must be this many times as long as the first lags are. */
const leastSeasons = 3;

/**
 * One regression on values of lately, of yesterday and of a week ago: the autoregression of hours, whose orders no search
 * could try one by one. It follows the level, the day's course and the week's at once, each as far as it explained the next
 * value. Ridge regression, Hoerl & Kennard (1970), Technometrics 12; steps are forecast one from the other.
 *
 * @param lagsOf lags for a season and the long one beside it, both in periods; those longer than half the history are left out
 */
function lagged(name: string, lagsOf: (season: number, long: number) => number[]): Forecaster {
  return {
    name,
    least: (season) => leastSeasons * (season + 2),
    fit(history): Fit {
      const n = history.values.length;
      const lags = lagsOf(history.season, longSeasonOf(history)).filter((lag) => lag < n / 2);
      const { mean, deviation } = momentsOf(history.values);
      const scaled = history.values.map((value) => (value - mean) / deviation);
      const weights = fitted(scaled, lags);
      const next = (values: Float64Array, t: number): number =>
        lags.reduce((sum, lag, i) => sum + weights[i]! * values[t - lag]!, weights[lags.length]!);
      const back = (value: number): number => mean + deviation * value;
      const first = Math.max(...lags);
      return {
        fitted: scaled.map((_, t) => (t < first ? NaN : back(next(scaled, t)))),
        predict(horizon) {
          const all = new Float64Array(n + horizon);
          all.set(scaled);
          for (let t = n; t < all.length; t++) all[t] = Math.max(-furthest, Math.min(furthest, next(all, t)));
          return all.subarray(n).map(back);
        },
      };
    },
  };
}

function longSeasonOf({ season, longSeasons }: History): number {
  return longSeasons.at(-1) ?? (isDay(season) ? daysOfWeek * season : season);
}

function momentsOf(values: Float64Array): { mean: number; deviation: number } {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value / n, 0);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2 / n, 0);
  return { mean, deviation: Math.sqrt(variance) || 1 };
}

/** Weights of the lags, the constant last. */
function fitted(values: Float64Array, lags: readonly number[]): Float64Array {
  const size = lags.length + 1;
  const matrix = new Float64Array(size * size);
  const vector = new Float64Array(size);
  const row = new Float64Array(size).fill(1);
  for (let t = Math.max(...lags); t < values.length; t++) {
    for (let i = 0; i < lags.length; i++) row[i] = values[t - lags[i]!]!;
    for (let i = 0; i < size; i++) {
      vector[i]! += row[i]! * values[t]!;
      for (let j = 0; j <= i; j++) matrix[i * size + j]! += row[i]! * row[j]!;
    }
  }
  for (let i = 0; i < size; i++) matrix[i * size + i]! += ridge;
  return solvePositive(matrix, vector, size) ? vector : new Float64Array(size);
}

/** The places round a lag, from `reach` before to `reach` after. */
function round(lag: number, reach: number): number[] {
  return Array.from({ length: 2 * reach + 1 }, (_, k) => lag - reach + k);
}

function distinct(lags: readonly number[]): number[] {
  return [...new Set(lags)].filter((lag) => lag > 0);
}

/** Ten lags: the three before, those round a season and round a long one, and two seasons. */
export const laggedRegression: Forecaster = lagged("lagged", (season, long) =>
  distinct([1, 2, 3, ...round(season, 1), 2 * season, ...round(long, 1)]),
);

/** Some two dozen: wider round the same, each day of the week, eight days and two weeks. */
export const wideLaggedRegression: Forecaster = lagged("lagged-wide", (season, long) =>
  distinct([
    1,
    2,
    3,
    4,
    ...round(season, 2),
    ...round(2 * season, 1),
    ...[3, 4, 5, 6].map((times) => times * season),
    ...round(long, 2),
    long + season,
    2 * long,
  ]),
);
