import { averageArima } from "../models/arima/auto-arima.ts";
import { theta } from "../models/theta.ts";
import { cut } from "../prepare.ts";
import type { History } from "../series.ts";
import { explainedForecast, unexplained } from "./pooled-regression.ts";
import type { PooledFit } from "./pooled-regression.ts";
import type { RegressionSeries } from "./regression-data.ts";

/** All settings fitted at one origin: `fits[setting][series]`. */
export interface SettingFits {
  readonly data: readonly RegressionSeries[];
  readonly origins: readonly number[];
  readonly fits: readonly (readonly (PooledFit | undefined)[])[];
}

/** What one series is forecast from: coefficients averaged over the settings, and two forecasts of what columns leave. */
export interface Drawn {
  /** The level, averaged over the settings. */
  readonly level: Float64Array;
  /** The mean of the level, theta and ARIMA. */
  readonly moving: Float64Array;
  /** The forecast in the history's scale from one of what the columns leave. */
  readonly whole: (rest: Float64Array) => Float64Array;
}

/** The fit of one series, averaged over the settings. */
export interface AverageFit {
  readonly coefficients: Float64Array;
  readonly level: number;
  /** What other products of its place do to it, in logarithms over history and horizon; none where absent. */
  readonly effect?: Float64Array;
}

/**
 * @param series its place in the panel
 * @param weights one a setting
 * @returns undefined where its history was too short to be fitted
 */
export function averageFit(
  fits: SettingFits["fits"],
  series: number,
  weights: Float64Array,
): AverageFit | undefined {
  const own = fits.map((bySeries) => bySeries[series]);
  if (own.some((fit) => !fit)) return undefined;
  const coefficients = new Float64Array(own[0]!.coefficients.length);
  let level = 0;
  let total = 0;
  own.forEach((fit, at) => {
    const weight = weights[at]!;
    total += weight;
    level += weight * fit!.level;
    fit!.coefficients.forEach((value, i) => (coefficients[i]! += weight * value));
  });
  for (let i = 0; i < coefficients.length; i++) coefficients[i]! /= total;
  return { coefficients, level: level / total };
}

/** What the columns, and the effect beside them, leave of what is known of a series. */
export function leftBy(
  { data, origins }: SettingFits,
  series: number,
  { coefficients, effect }: AverageFit,
): Float64Array {
  const rest = unexplained(data[series]!, coefficients, origins[series]!);
  return effect ? rest.map((value, t) => value - effect[t]!) : rest;
}

/**
 * Makes ready what one series is forecast from.
 *
 * @param series its place in the panel
 * @returns the mean of its history, twice, where it was too short to be fitted
 */
export function drawn(
  fits: SettingFits,
  series: number,
  fit: AverageFit | undefined,
  horizon: number,
  history: History,
): Drawn {
  const { data, origins } = fits;
  const known = origins[series]!;
  if (!fit) {
    const mean = new Float64Array(horizon).fill(meanOf(cut(history, known)));
    return { level: mean, moving: mean, whole: (rest) => rest };
  }
  const { coefficients, level, effect } = fit;
  return {
    level: new Float64Array(horizon).fill(level),
    moving: movingForecast(leftBy(fits, series, fit), level, horizon),
    whole: (rest) => explainedForecast(data[series]!, coefficients, known, withEffect(rest, effect, known)),
  };
}

/** The forecast from the level alone. */
export function levelForecast(
  { data, origins }: SettingFits,
  series: number,
  { coefficients, level, effect }: AverageFit,
  horizon: number,
): Float64Array {
  const known = origins[series]!;
  const rest = withEffect(new Float64Array(horizon).fill(level), effect, known);
  return explainedForecast(data[series]!, coefficients, known, rest);
}

function withEffect(rest: Float64Array, effect: Float64Array | undefined, known: number): Float64Array {
  return effect ? rest.map((value, k) => value + effect[known + k]!) : rest;
}

/**
 * The forecast in the history's scale.
 *
 * @param share how much the level alone counts, in [0, 1]; the rest is that of `moving`
 */
export function forecastOf({ level, moving, whole }: Drawn, share: number): Float64Array {
  return whole(moving.map((value, k) => (share === 0 ? value : share * level[k]! + (1 - share) * value)));
}

function movingForecast(values: Float64Array, level: number, horizon: number): Float64Array {
  const left: History = {
    values,
    observed: new Uint8Array(values.length).fill(1),
    season: 1,
    askedSeason: 1,
    longSeasons: [],
    scale: 1,
    nonNegative: false,
    positive: false,
  };
  const others = [theta, averageArima]
    .filter(({ least }) => values.length >= least(1))
    .map((forecaster) => forecaster.fit(left).predict(horizon))
    .filter((forecast) => forecast.every(Number.isFinite));
  return Float64Array.from(
    { length: horizon },
    (_, k) => others.reduce((sum, forecast) => sum + forecast[k]!, level) / (others.length + 1),
  );
}

function meanOf({ values }: History): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
