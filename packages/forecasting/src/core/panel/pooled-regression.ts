import { factorise, solveFactored } from "../numeric/linear.ts";
import type { ColumnGroup, RegressionSeries } from "./regression-data.ts";
import { smoothedLevel, steadyLevel } from "./smoothed-level.ts";
import { smoothingProducts } from "./smoothing-products.ts";

/** One series' coefficients, one a column, and the smoothed level at its origin, both in logarithms. */
export interface PooledFit {
  readonly coefficients: Float64Array;
  readonly level: number;
}

export interface PooledSettings {
  /** Weight of the newest value in the level, in (0, 1]. */
  readonly alpha: number;
  /** How many average series the pooled coefficients count as, beside a series' own values. */
  readonly pull: number;
  /** Columns to leave out. */
  readonly without?: readonly ColumnGroup[];
  /** Let no single value move the level by much more than is usual. */
  readonly steady?: boolean;
  /** Draw a series' coefficients to those of its product at all places, and these to those of all series. */
  readonly byProduct?: boolean;
}

/** How many average series the coefficients of all count as, beside the values of all series of one product. */
const productPull = 3;
/** The same beside the prior of a single series, where its product's columns never move. */
const leastPull = 1e-3;

/** `fitPooled` for several settings: `fits[setting][series]`. */
export function fitSettings(
  panel: readonly RegressionSeries[],
  origins: readonly number[],
  settings: readonly PooledSettings[],
): (PooledFit | undefined)[][] {
  const byAlpha = new Map(
    [...new Set(settings.map(({ alpha }) => alpha))].map((alpha) => [
      alpha,
      panel.map((series, i) => smoothedMoments(series, origins[i]!, alpha)),
    ]),
  );
  return settings.map((setting) => fitPooled(panel, origins, setting, byAlpha.get(setting.alpha)!));
}

/**
 * Regression of log demand on columns, with a level that moves: in each series y(t) = level(t) + x(t)' b + e(t), the level
 * smoothed exponentially. Coefficients are estimated from all series together and then, for each, drawn towards its own
 * data as far as that speaks.
 *
 * With alpha given this is least squares on the one-step errors of smoothing the response and each column alike (the level
 * is what smoothing takes out of both). Harvey (1989), "Forecasting, Structural Time Series Models and the Kalman Filter",
 * 7.4; the shrinkage is that of a random-coefficient model, Swamy (1970), Econometrica 38.
 *
 * @param panel series with the same number of columns
 * @param origins how many values of each are known
 * @param smoothed their moments at this alpha
 * @returns one fit a series; undefined where fewer than three values are known
 */
function fitPooled(
  panel: readonly RegressionSeries[],
  origins: readonly number[],
  setting: PooledSettings,
  smoothed: readonly (Moments | undefined)[],
): (PooledFit | undefined)[] {
  const { pull, without = [], byProduct = false } = setting;
  const size = panel[0]?.columns.length ?? 0;
  const moments = without.reduce((kept, group) => {
    const { from, to } = panel[0]!.groups[group];
    return kept.map((moment) => moment && withoutColumns(moment, from, to));
  }, smoothed);
  const total = new Float64Array(size * size);
  const right = new Float64Array(size);
  let counted = 0;
  for (const moment of moments) {
    if (!moment) continue;
    counted++;
    for (let i = 0; i < total.length; i++) total[i]! += moment.cross[i]! / moment.variance;
    for (let i = 0; i < size; i++) right[i]! += moment.response[i]! / moment.variance;
  }
  const all: Prior = {
    coefficients: ridged(total, right, 1e-4, size),
    certainty: total.map((value) => value / Math.max(1, counted)),
  };
  const priors = byProduct ? productPriors(panel, moments, all) : undefined;
  return panel.map((series, i) => {
    const moment = moments[i];
    if (!moment) return undefined;
    const prior = priors?.get(series.product) ?? all;
    const own = drawnTo(prior, pull, [moment], 1e-6);
    return fitOf(series, origins[i]!, setting, own.every(Number.isFinite) ? own : all.coefficients);
  });
}

/** What is believed of coefficients before the values of those that they are for. */
interface Prior {
  readonly coefficients: Float64Array;
  /** As the cross products of one average series. */
  readonly certainty: Float64Array;
}

/** By product, where at least two places sell it: the coefficients of all its series together, drawn to those of all. */
function productPriors(
  panel: readonly RegressionSeries[],
  moments: readonly (Moments | undefined)[],
  all: Prior,
): Map<string | undefined, Prior> {
  const out = new Map<string | undefined, Prior>();
  for (const [product, places] of Map.groupBy(panel.keys(), (i) => panel[i]!.product)) {
    const known = places.flatMap((i) => moments[i] ?? []);
    if (product === undefined || known.length < 2) continue;
    const coefficients = drawnTo(all, productPull, known, 1e-6);
    if (!coefficients.every(Number.isFinite)) continue;
    const certainty = all.certainty.map((value) => leastPull * value);
    for (const { cross, variance } of known) {
      for (let i = 0; i < certainty.length; i++) certainty[i]! += cross[i]! / variance / known.length;
    }
    out.set(product, { coefficients, certainty });
  }
  return out;
}

/** Coefficients by these moments together, drawn to the prior as if it were `pull` more of them. */
function drawnTo(
  { coefficients, certainty }: Prior,
  pull: number,
  moments: readonly Moments[],
  ridge: number,
): Float64Array {
  const size = coefficients.length;
  const matrix = certainty.map((value) => pull * value);
  const vector = new Float64Array(size);
  for (let row = 0; row < size; row++) {
    for (let k = 0; k < size; k++) vector[row]! += matrix[row * size + k]! * coefficients[k]!;
  }
  for (const { cross, response, variance } of moments) {
    for (let i = 0; i < matrix.length; i++) matrix[i]! += cross[i]! / variance;
    for (let i = 0; i < size; i++) vector[i]! += response[i]! / variance;
  }
  return ridged(matrix, vector, ridge, size);
}

interface Moments {
  readonly cross: Float64Array;
  readonly response: Float64Array;
  readonly variance: number;
}

/** Cross products of the smoothing errors of the columns and the response. */
function smoothedMoments(series: RegressionSeries, known: number, alpha: number): Moments | undefined {
  if (known < 3) return undefined;
  const { columns, response, observed } = series;
  const size = columns.length;
  const values = response.subarray(0, known);
  const { cross, right, squares, count } = smoothingProducts(columns, values, observed, alpha);
  for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) cross[j * size + i] = cross[i * size + j]!;
  return count > 0 ? { cross, response: right, variance: squares / count + 1e-6 } : undefined;
}

/** Columns from `from` up to `to` as if they never moved, which gives them coefficients of 0. */
function withoutColumns({ cross, response, variance }: Moments, from: number, to: number): Moments {
  const size = response.length;
  const out = { cross: cross.slice(), response: response.slice(), variance };
  for (let i = from; i < to; i++) {
    out.response[i] = 0;
    for (let j = 0; j < size; j++) out.cross[i * size + j] = out.cross[j * size + i] = 0;
  }
  return out;
}

function ridged(matrix: Float64Array, vector: Float64Array, ridge: number, size: number): Float64Array {
  const factor = matrix.slice();
  let mean = 0;
  for (let i = 0; i < size; i++) mean += matrix[i * size + i]! / size;
  // A column that never moves has a coefficient of 0 rather than none.
  for (let i = 0; i < size; i++)
    factor[i * size + i]! += ridge * (matrix[i * size + i]! + 0.01 * mean) + 1e-12;
  const out = vector.slice();
  if (size > 0 && factorise(factor, size)) solveFactored(factor, out, size);
  else out.fill(0);
  return out;
}

function fitOf(
  series: RegressionSeries,
  known: number,
  { alpha, steady = false }: PooledSettings,
  coefficients: Float64Array,
): PooledFit {
  const rest = unexplained(series, coefficients, known);
  const levelOf = steady ? steadyLevel : smoothedLevel;
  return { coefficients, level: levelOf(rest, series.observed, alpha) };
}

/** What the columns leave of the first `known` responses. */
export function unexplained(
  series: RegressionSeries,
  coefficients: Float64Array,
  known: number,
): Float64Array {
  const out = series.response.slice(0, known);
  series.columns.forEach((column, i) => {
    const coefficient = coefficients[i]!;
    if (coefficient !== 0) for (let t = 0; t < known; t++) out[t]! -= coefficient * column[t]!;
  });
  return out;
}

/**
 * Forecasts on the history's scale from forecasts of what the columns leave.
 *
 * @param rest forecasts of `unexplained`, from the origin on
 * @returns values of at least 0, none above twenty times the highest so far, which prices within reason do not reach
 */
export function explainedForecast(
  series: RegressionSeries,
  coefficients: Float64Array,
  known: number,
  rest: Float64Array,
): Float64Array {
  let highest = -Infinity;
  for (let t = 0; t < known; t++) highest = Math.max(highest, series.response[t]!);
  const ceiling = highest + 3;
  return rest.map((value, k) => {
    let sum = value;
    for (let i = 0; i < coefficients.length; i++) sum += coefficients[i]! * series.columns[i]![known + k]!;
    return Math.max(0, Math.exp(Math.min(ceiling, sum)) - series.offset);
  });
}
