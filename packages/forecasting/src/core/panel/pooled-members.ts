import { prepare } from "../prepare.ts";
import type { History } from "../series.ts";
import { lastYearColumns } from "./last-year.ts";
import type { LocalRun, OriginRun, PanelSeries } from "./local-run.ts";
import { besideColumns, withPlaceColumns } from "./beside.ts";
import type { Beside } from "./beside.ts";
import { averageFit, drawn, forecastOf, levelForecast } from "./pooled-forecast.ts";
import type { Drawn, SettingFits } from "./pooled-forecast.ts";
import { smoothings, withBeside } from "./with-beside.ts";
import type { Averages } from "./with-beside.ts";
import { explainedForecast, fitSettings } from "./pooled-regression.ts";
import { byColumns, byHistory, byPlaces } from "./pooled-settings.ts";
import { usualError } from "./weights.ts";
import { hasKnownColumns, largestOf, regressionSeries } from "./regression-data.ts";
import type { RegressionSeries } from "./regression-data.ts";

/** Series that are estimated together at most: more tell no more about the common coefficients, and need more memory. */
const mostTogether = 256;
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
  const sizes = names.map((name) => largestOf(panel.map(({ covariates = {} }) => covariates[name])));
  const base = panel.map(({ covariates = {} }, i) =>
    regressionSeries(histories[i]!, covariates, horizon, names, sizes, usable),
  );
  const pastOrigins = runs[0]!.past.map((_, back) =>
    histories.map((history, i) => originOf(history, runs[i]!, back)),
  );
  const nowOrigins = histories.map((history) => history.values.length);
  const beside = besideColumns(panel, base, horizon);
  const placed = base.map((series, i) => ({ ...series, product: panel[i]!.product }));
  const plain = beside ? withPlaceColumns(placed, beside) : placed;
  let extended = [...runs];
  if (base.some(({ columns }) => columns.length > 0)) {
    const known = (): readonly RegressionSeries[] => plain;
    extended = addMember("pooled", extended, histories, known, nowOrigins, pastOrigins, beside);
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
    return plain.map((series, i) => ({ ...series, columns: [...series.columns, columns[i]!] }));
  };
  return addMember("pooled-year", extended, histories, withYear, nowOrigins, pastOrigins, beside);
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
  beside?: Beside,
): LocalRun[] {
  const known = hasKnownColumns(dataAt(nowOrigins)[0]!);
  const settings = known ? (beside ? byPlaces : byColumns) : byHistory;
  const fitAt = (origins: readonly number[]): SettingFits => {
    const data = dataAt(origins);
    return { data, origins, fits: fitSettings(data, origins, settings) };
  };
  const pastFits = pastOrigins.map(fitAt);
  const weights = settingWeights(runs, pastFits, settings.length);
  const nowFits = fitAt(nowOrigins);
  const averagesOf = ({ fits }: SettingFits): Averages => runs.map((_, i) => averageFit(fits, i, weights));
  let pastAverages = pastFits.map(averagesOf);
  let nowAverages = averagesOf(nowFits);
  if (beside && known) {
    const smoothing = smoothings(settings, weights);
    const pastBeside = pastFits.map((fits, back) =>
      withBeside(beside, fits, pastAverages[back]!, smoothing, 1),
    );
    const [without = 1, withAll = 1] = preferences(
      [pastAverages, pastBeside].map((averages) => levelErrors(runs, pastFits, averages)),
    );
    const share = withAll / (without + withAll);
    pastAverages = pastFits.map((fits, back) =>
      withBeside(beside, fits, pastAverages[back]!, smoothing, share),
    );
    nowAverages = withBeside(beside, nowFits, nowAverages, smoothing, share);
  }
  const past = pastFits.map((fits, back) =>
    runs.map((run, i) =>
      drawn(fits, i, pastAverages[back]![i], run.past[back]!.actual.length, histories[i]!),
    ),
  );
  const now = runs.map(({ horizon }, i) => drawn(nowFits, i, nowAverages[i], horizon, histories[i]!));
  const share = known ? levelShare(runs, past) : 0;
  return runs.map((run, i) => ({
    ...run,
    members: [...run.members, name],
    standing: [...run.standing, 1],
    now: appended(run.now, forecastOf(now[i]!, share)),
    past: run.past.map((origin, back) => appended(origin, forecastOf(past[back]![i]!, share))),
  }));
}

/** Errors of the level alone at the held-out origins. */
function levelErrors(
  runs: readonly LocalRun[],
  pastFits: readonly SettingFits[],
  pastAverages: readonly Averages[],
): number {
  let sum = 0;
  pastAverages.forEach((averages, back) =>
    averages.forEach((fit, i) => {
      const steps = runs[i]!.past[back]!.actual.length;
      if (fit) sum = plusError(sum, runs[i]!, back, levelForecast(pastFits[back]!, i, fit, steps));
    }),
  );
  return sum;
}

/** How much the level alone counts beside the level with theta and ARIMA, by their errors at the held-out origins. */
function levelShare(runs: readonly LocalRun[], past: readonly (readonly Drawn[])[]): number {
  const [alone = 1, moving = 1] = preferences(
    [1, 0].map((share) => {
      let sum = 0;
      past.forEach((bySeries, back) =>
        bySeries.forEach((one, i) => (sum = plusError(sum, runs[i]!, back, forecastOf(one, share)))),
      );
      return sum;
    }),
  );
  return alone / (alone + moving);
}

/** Settings by their errors at the held-out origins. */
function settingWeights(
  runs: readonly LocalRun[],
  pastFits: readonly SettingFits[],
  count: number,
): Float64Array {
  const errors = new Float64Array(count);
  pastFits.forEach(({ data, origins, fits }, back) => {
    runs.forEach((run, i) => {
      const steps = run.past[back]!.actual.length;
      fits.forEach((bySeries, at) => {
        const fit = bySeries[i];
        if (!fit) return;
        const rest = new Float64Array(steps).fill(fit.level);
        const forecast = explainedForecast(data[i]!, fit.coefficients, origins[i]!, rest);
        errors[at] = plusError(errors[at]!, run, back, forecast);
      });
    });
  });
  return preferences(errors);
}

/** `before` and the absolute errors at a held-out origin, relative to their usual size. */
function plusError(before: number, run: LocalRun, back: number, forecast: Float64Array): number {
  const origin = run.past[back]!;
  const usual = usualError(run, origin, 0);
  let sum = before;
  forecast.forEach((value, k) => {
    if (!Number.isNaN(origin.actual[k]!)) sum += Math.abs(origin.actual[k]! - value) / usual;
  });
  return sum;
}

/** Weights from errors: the less, the more; all 1 where nothing was off. */
function preferences(errors: ArrayLike<number>): Float64Array {
  const all = Float64Array.from(errors);
  const least = all.reduce((low, value) => Math.min(low, value), Infinity);
  return all.map((error) => (least > 0 ? (error / least) ** -sharpness : 1));
}

function appended(origin: OriginRun, forecast: Float64Array): OriginRun {
  return { ...origin, forecasts: [...origin.forecasts, forecast] };
}
