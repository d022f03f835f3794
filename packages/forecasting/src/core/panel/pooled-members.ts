import { averageArima } from "../models/arima/auto-arima.ts";
import { theta } from "../models/theta.ts";
import { cut, prepare } from "../prepare.ts";
import type { History } from "../series.ts";
import { lastYearColumns } from "./last-year.ts";
import type { LocalRun, OriginRun, PanelSeries } from "./local-run.ts";
import { explainedForecast, fitPooled, unexplained } from "./pooled-regression.ts";
import type { PooledFit, PooledSettings } from "./pooled-regression.ts";
import { usualError } from "./weights.ts";
import { regressionSeries } from "./regression-data.ts";
import type { RegressionSeries } from "./regression-data.ts";

/** Series that are estimated together at most: more tell no more about the common coefficients, and need more memory. */
const mostTogether = 256;
const settings: readonly PooledSettings[] = [0.05, 0.1, 0.2, 0.3].flatMap((alpha) =>
  [0.05, 0.3, 2].map((pull) => ({ alpha, pull })),
);
/** How strongly settings with less error at the held-out origins are preferred. */
const sharpness = 12;

/**
 * Adds the members that need the whole panel to local runs: `pooled`, the pooled regression on covariates and season, and
 * `pooled-year`, the same with last year's common level, where the series share a calendar and are longer than a year.
 *
 * @param runs the runs of `panel`, same order; undefined stays undefined
 * @returns runs with more members; those unchanged that cannot have them: histories below zero, alone in the panel with
 *   neither covariates nor season
 */
export function withPooledMembers(
  panel: readonly PanelSeries[],
  runs: readonly (LocalRun | undefined)[],
): (LocalRun | undefined)[] {
  const out = [...runs];
  const able = panel.flatMap((series, at) => (runs[at]?.nonNegative && canPool(series) ? [at] : []));
  const alike = Map.groupBy(
    able,
    (at) => `${panel[at]!.season ?? 1},${panel[at]!.horizon},${runs[at]!.past.length}`,
  );
  for (const places of alike.values()) {
    for (let from = 0; from < places.length; from += mostTogether) {
      const chunk = places.slice(from, from + mostTogether);
      const extended = extend(
        chunk.map((at) => panel[at]!),
        chunk.map((at) => runs[at]!),
      );
      extended.forEach((run, i) => (out[chunk[i]!] = run));
    }
  }
  return out;
}

function canPool({ season = 1, covariates = {} }: PanelSeries): boolean {
  return season === 7 || season === 52 || Object.keys(covariates).length > 0;
}

function extend(panel: readonly PanelSeries[], runs: readonly LocalRun[]): LocalRun[] {
  const histories = panel.map((series) => prepare(series)!);
  const horizon = panel[0]!.horizon;
  const season = panel[0]!.season ?? 1;
  const names = [...new Set(panel.flatMap(({ covariates = {} }) => Object.keys(covariates)))].sort();
  const usable = Math.max(...histories.map((history) => history.season)) > 1 ? season : 1;
  const base = panel.map(({ covariates = {} }, i) =>
    regressionSeries(histories[i]!, covariates, horizon, names, usable),
  );
  const pastOrigins = runs[0]!.past.map((_, back) =>
    histories.map((history, i) => originOf(history, runs[i]!, back)),
  );
  const nowOrigins = histories.map((history) => history.values.length);
  let extended = [...runs];
  const plain = (): readonly RegressionSeries[] => base;
  if (base.some(({ columns }) => columns.length > 0)) {
    extended = addMember("pooled", extended, histories, plain, nowOrigins, pastOrigins);
  }
  const dated = panel.every(({ firstPeriod }) => firstPeriod !== undefined);
  if (!dated) return extended;
  const columnsAt = (origins: readonly number[]): Float64Array[] | undefined =>
    lastYearColumns(
      histories.map((history, i) => ({
        history,
        firstPeriod: panel[i]!.firstPeriod! + panel[i]!.values.length - history.values.length,
      })),
      origins,
      horizon,
      season,
    );
  if (![nowOrigins, ...pastOrigins].every((origins) => columnsAt(origins))) return extended;
  const withYear = (origins: readonly number[]): RegressionSeries[] => {
    const columns = columnsAt(origins)!;
    return base.map((series, i) => ({ ...series, columns: [...series.columns, columns[i]!] }));
  };
  return addMember("pooled-year", extended, histories, withYear, nowOrigins, pastOrigins);
}

/** How many values were known at the `back`-th of the earlier origins. */
function originOf(history: History, run: LocalRun, back: number): number {
  let origin = history.values.length;
  for (let k = 0; k <= back; k++) origin -= run.past[k]!.actual.length;
  return origin;
}

function addMember(
  name: string,
  runs: readonly LocalRun[],
  histories: readonly History[],
  dataAt: (origins: readonly number[]) => readonly RegressionSeries[],
  nowOrigins: readonly number[],
  pastOrigins: readonly (readonly number[])[],
): LocalRun[] {
  const pastFits = pastOrigins.map((origins) => fitAt(dataAt(origins), origins));
  const weights = settingWeights(runs, pastFits);
  const forecastsAt = (fits: SettingFits, steps: (run: LocalRun) => number): Float64Array[] =>
    runs.map((run, i) => pooledForecast(fits, i, weights, steps(run), histories[i]!));
  const past = pastFits.map((fits, back) => forecastsAt(fits, (run) => run.past[back]!.actual.length));
  const now = forecastsAt(fitAt(dataAt(nowOrigins), nowOrigins), ({ horizon }) => horizon);
  return runs.map((run, i) => ({
    ...run,
    members: [...run.members, name],
    now: appended(run.now, now[i]!),
    past: run.past.map((origin, back) => appended(origin, past[back]![i]!)),
  }));
}

/** All settings fitted at one origin: `fits[setting][series]`. */
interface SettingFits {
  readonly data: readonly RegressionSeries[];
  readonly origins: readonly number[];
  readonly fits: readonly (readonly (PooledFit | undefined)[])[];
}

function fitAt(data: readonly RegressionSeries[], origins: readonly number[]): SettingFits {
  return { data, origins, fits: settings.map((setting) => fitPooled(data, origins, setting)) };
}

/**
 * The forecast of one series: coefficients and level averaged over the settings; the level beside what theta and ARIMA see
 * in the part that the columns leave.
 */
function pooledForecast(
  { data, origins, fits }: SettingFits,
  series: number,
  weights: Float64Array,
  horizon: number,
  history: History,
): Float64Array {
  const known = origins[series]!;
  const own = fits.map((bySeries) => bySeries[series]);
  if (own.some((fit) => !fit)) return new Float64Array(horizon).fill(meanOf(cut(history, known)));
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
  const values = unexplained(data[series]!, coefficients, known);
  const rest = levelForecast(values, level / total, horizon);
  return explainedForecast(data[series]!, coefficients, known, rest);
}

function levelForecast(values: Float64Array, level: number, horizon: number): Float64Array {
  const plain: History = {
    values,
    observed: new Uint8Array(values.length).fill(1),
    season: 1,
    longSeasons: [],
    scale: 1,
    nonNegative: false,
    positive: false,
  };
  const others = [theta, averageArima]
    .filter(({ least }) => values.length >= least(1))
    .map((forecaster) => forecaster.fit(plain).predict(horizon))
    .filter((forecast) => forecast.every(Number.isFinite));
  return Float64Array.from(
    { length: horizon },
    (_, k) => others.reduce((sum, forecast) => sum + forecast[k]!, level) / (others.length + 1),
  );
}

function meanOf({ values }: History): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

/** Settings by their mean absolute error at the held-out origins, relative to the usual size of errors. */
function settingWeights(runs: readonly LocalRun[], pastFits: readonly SettingFits[]): Float64Array {
  const errors = new Float64Array(settings.length);
  pastFits.forEach(({ data, origins, fits }, back) => {
    runs.forEach((run, i) => {
      const { actual } = run.past[back]!;
      const usual = usualError(run, run.past[back]!, 0);
      fits.forEach((bySeries, at) => {
        const fit = bySeries[i];
        if (!fit) return;
        const rest = new Float64Array(actual.length).fill(fit.level);
        explainedForecast(data[i]!, fit.coefficients, origins[i]!, rest).forEach((forecast, k) => {
          if (!Number.isNaN(actual[k]!)) errors[at]! += Math.abs(actual[k]! - forecast) / usual;
        });
      });
    });
  });
  const least = errors.reduce((low, value) => Math.min(low, value), Infinity);
  return errors.map((error) => (least > 0 ? (error / least) ** -sharpness : 1));
}

function appended(origin: OriginRun, forecast: Float64Array): OriginRun {
  return { ...origin, forecasts: [...origin.forecasts, forecast] };
}
