import { minimise } from "../../numeric/nelder-mead.ts";
import type { Fit, Forecaster, History } from "../../series.ts";
import { weightedMean } from "../weighted-mean.ts";
import { armaErrors, fitConditionally } from "./conditional.ts";
import { differencesNeeded, seasonalStrength } from "./differences.ts";
import { exactLikelihood } from "./exact.ts";
import { differenced, freeCount, polynomialsOf } from "./polynomials.ts";
import type { ArimaOrder, LagPolynomial } from "./polynomials.ts";

/** A fitted ARIMA model. */
export interface ArimaFit extends Fit {
  readonly order: ArimaOrder;
  /** Autoregression and moving average of the differenced series. */
  readonly ar: LagPolynomial;
  readonly ma: LagPolynomial;
  /** The mean of the differenced series, in the history's scale. */
  readonly mean: number;
  readonly aicc: number;
}

/** Longer seasons would make the polynomials long and slow: they are taken out by other means before (`mstl`). */
export const longestArimaSeason = 12;
/** Seasonal strength from which a season is differenced. As in R forecast 8.20, `nsdiffs`. */
const strongSeason = 0.64;

interface Candidate {
  readonly order: ArimaOrder;
  readonly free: Float64Array;
  readonly aicc: number;
}

/**
 * ARIMA with orders chosen by themselves: differences by tests, then a stepwise search by AICc, then exact likelihood.
 *
 * Hyndman & Khandakar (2008), "Automatic time series forecasting: the forecast package for R", Journal of Statistical
 * Software 27. The search compares conditional estimates, the chosen model alone is refined by its exact likelihood.
 */
export const autoArima: Forecaster = {
  name: "arima",
  least: () => 8,
  fit: (history) => fitAutoArima(history),
};

export function fitAutoArima(history: History): ArimaFit {
  const { values } = history;
  const season = history.season <= longestArimaSeason ? history.season : 1;
  const seasonalD = seasonalStrength(values, season) > strongSeason ? 1 : 0;
  const d = differencesNeeded(differenced(values, 0, seasonalD, season));
  const series = differenced(values, d, seasonalD, season);
  const [best] = stepwise(series, { d, seasonalD, season });
  return finished(values, series, best!.order, refined(series, best!));
}

/**
 * The mean of all candidates of the stepwise search, weighed by exp(-AICc / 8), with their conditional estimates.
 */
export const averageArima: Forecaster = {
  name: "arima-average",
  least: () => 8,
  fit(history): Fit {
    const { values } = history;
    const season = history.season <= longestArimaSeason ? history.season : 1;
    const seasonalD = seasonalStrength(values, season) > strongSeason ? 1 : 0;
    const d = differencesNeeded(differenced(values, 0, seasonalD, season));
    const series = differenced(values, d, seasonalD, season);
    const candidates = stepwise(series, { d, seasonalD, season });
    return weightedMean(
      candidates.map(({ order, free, aicc }) => ({
        fit: finished(values, series, order, free),
        weight: Math.exp((candidates[0]!.aicc - aicc) / 8) || 1,
      })),
    );
  },
};

/**
 * ARIMA of given orders, by exact likelihood.
 *
 * @throws nothing; a history shorter than the orders need gives the differences' mean alone
 */
export function fitArima(history: History, order: ArimaOrder): ArimaFit {
  const series = differenced(history.values, order.d, order.seasonalD, order.season);
  const { values } = centred(series, order.constant);
  const { free, squares } = fitConditionally(values, order);
  return finished(history.values, series, order, refined(series, { order, free, aicc: squares }));
}

function stepwise(series: Float64Array, base: { d: number; seasonalD: number; season: number }): Candidate[] {
  const { d, seasonalD, season } = base;
  const seasonal = season > 1;
  const mayBeConstant = d + seasonalD <= 1;
  const longest = Math.max(0, Math.floor(series.length / 3));
  const tried = new Set<string>();
  const means = { true: centred(series, true).values, false: series };
  const found: Candidate[] = [];
  let best: Candidate | undefined;
  const attempt = (
    p: number,
    q: number,
    seasonalP: number,
    seasonalQ: number,
    constant: boolean,
  ): boolean => {
    const key = [p, q, seasonalP, seasonalQ, constant].join();
    if (tried.has(key) || tried.size > 30) return false;
    tried.add(key);
    const within = p >= 0 && q >= 0 && seasonalP >= 0 && seasonalQ >= 0;
    if (!within || p > 5 || q > 5 || seasonalP > 2 || seasonalQ > 2) return false;
    if (
      p + q + seasonalP + seasonalQ > 5 ||
      p + seasonalP * season > longest ||
      q + seasonalQ * season > longest
    ) {
      return false;
    }
    const order: ArimaOrder = { p, d, q, seasonalP, seasonalD, seasonalQ, season, constant };
    const { free, squares } = fitConditionally(means[`${constant}`], order);
    const aicc = criterion(series.length, squares, order);
    if (aicc < Infinity) found.push({ order, free, aicc });
    if (!(aicc < (best?.aicc ?? Infinity))) return false;
    best = { order, free, aicc };
    return true;
  };
  const s = seasonal ? 1 : 0;
  attempt(0, 0, 0, 0, mayBeConstant);
  attempt(2, 2, s, s, mayBeConstant);
  attempt(1, 0, s, 0, mayBeConstant);
  attempt(0, 1, 0, s, mayBeConstant);
  if (mayBeConstant) attempt(0, 0, 0, 0, false);
  for (let moved = best !== undefined; moved;) {
    const { p, q, seasonalP: P, seasonalQ: Q, constant } = best!.order;
    const steps: [number, number, number, number, boolean][] = [
      ...(seasonal
        ? ([
            [p, q, P - 1, Q, constant],
            [p, q, P, Q - 1, constant],
            [p, q, P + 1, Q, constant],
            [p, q, P, Q + 1, constant],
            [p, q, P - 1, Q - 1, constant],
            [p, q, P + 1, Q + 1, constant],
            [p, q, P - 1, Q + 1, constant],
            [p, q, P + 1, Q - 1, constant],
          ] as [number, number, number, number, boolean][])
        : []),
      [p - 1, q, P, Q, constant],
      [p, q - 1, P, Q, constant],
      [p + 1, q, P, Q, constant],
      [p, q + 1, P, Q, constant],
      [p - 1, q - 1, P, Q, constant],
      [p + 1, q + 1, P, Q, constant],
      [p - 1, q + 1, P, Q, constant],
      [p + 1, q - 1, P, Q, constant],
      ...(mayBeConstant ? ([[p, q, P, Q, !constant]] as [number, number, number, number, boolean][]) : []),
    ];
    moved = steps.some((step) => attempt(...step));
  }
  const order = { p: 0, d, q: 0, seasonalP: 0, seasonalD, seasonalQ: 0, season, constant: false };
  if (found.length === 0) return [{ order, free: new Float64Array(0), aicc: Infinity }];
  return found.sort((a, b) => a.aicc - b.aicc);
}

function criterion(n: number, squares: number, order: ArimaOrder): number {
  const free = freeCount(order) + (order.constant ? 1 : 0) + 1;
  if (n - free - 1 <= 0) return Infinity;
  return n * Math.log(squares / n + 1e-30) + 2 * free + (2 * free * (free + 1)) / (n - free - 1);
}

/** The free numbers with the largest exact likelihood near the conditional estimate. */
function refined(series: Float64Array, { order, free }: Candidate): Float64Array {
  const size = free.length;
  const { values } = centred(series, order.constant);
  if (size === 0 || values.length < 2 * size) return free;
  const criterionOf = (at: Float64Array): number => {
    const { ar, ma } = polynomialsOf(order, at);
    return exactLikelihood(values, ar, ma)?.minusTwoLog ?? Infinity;
  };
  return minimise(criterionOf, free, new Float64Array(size).fill(0.08), {
    lower: new Float64Array(size).fill(-3),
    upper: new Float64Array(size).fill(3),
    evaluations: 20 + 15 * size,
    tolerance: 1e-6,
  }).at;
}

function centred(series: Float64Array, constant: boolean): { values: Float64Array; mean: number } {
  if (!constant || series.length === 0) return { values: series, mean: 0 };
  let mean = 0;
  for (const value of series) mean += value / series.length;
  return { values: series.map((value) => value - mean), mean };
}

function finished(
  history: Float64Array,
  series: Float64Array,
  order: ArimaOrder,
  free: Float64Array,
): ArimaFit {
  const { ar, ma } = polynomialsOf(order, free);
  const { values, mean } = centred(series, order.constant);
  const errors = new Float64Array(values.length);
  const squares = armaErrors(values, ar, ma, errors);
  const lost = history.length - series.length;
  const fitted = history.map((value, t) => (t < lost + 1 ? NaN : value - errors[t - lost]!));
  return {
    order,
    ar,
    ma,
    mean,
    aicc: criterion(series.length, squares, order),
    fitted,
    predict: (horizon) => integrated(history, order, armaForecast(values, errors, ar, ma, mean, horizon)),
  };
}

/** Forecasts of the differenced series: the recursion with future errors at zero. */
function armaForecast(
  values: Float64Array,
  errors: Float64Array,
  ar: LagPolynomial,
  ma: LagPolynomial,
  mean: number,
  horizon: number,
): Float64Array {
  const n = values.length;
  const all = new Float64Array(n + horizon);
  all.set(values);
  for (let t = n; t < n + horizon; t++) {
    let sum = 0;
    ar.lags.forEach((lag, i) => (sum += t >= lag ? ar.coefficients[i]! * all[t - lag]! : 0));
    ma.lags.forEach(
      (lag, i) => (sum += t - lag < n && t >= lag ? ma.coefficients[i]! * errors[t - lag]! : 0),
    );
    all[t] = sum;
  }
  return all.subarray(n).map((value) => value + mean);
}

/** Undoes the differences, from the end of the history on. */
function integrated(history: Float64Array, order: ArimaOrder, changes: Float64Array): Float64Array {
  const { d, seasonalD, season } = order;
  let out = changes;
  const levels: Float64Array[] = [];
  for (let i = 0; i < d; i++) levels.push(differenced(history, i, seasonalD, season));
  for (let i = d - 1; i >= 0; i--) out = summed(levels[i]!, out, 1);
  for (let i = seasonalD - 1; i >= 0; i--) out = summed(differenced(history, 0, i, season), out, season);
  return out;
}

function summed(level: Float64Array, changes: Float64Array, lag: number): Float64Array {
  const n = level.length;
  const out = new Float64Array(changes.length);
  for (let k = 0; k < out.length; k++) {
    const before = k < lag ? (level[n - lag + k] ?? 0) : out[k - lag]!;
    out[k] = before + changes[k]!;
  }
  return out;
}
