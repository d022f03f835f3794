import { demandClassOf } from "../demand-class.ts";
import type { DemandClass } from "../demand-class.ts";
import { forecastPanel } from "../panel/forecast-panel.ts";
import type { PanelSeries } from "../panel/local-run.ts";
import { prepare } from "../prepare.ts";

/** How one model did on one series from one earlier origin. */
export interface BacktestRow {
  readonly id: string;
  readonly model: string;
  /** 1 is one horizon before the end, 2 two. */
  readonly back: number;
  readonly demand: DemandClass;
  readonly points: number;
  /** Sum of |actual - forecast|, in the series' unit. */
  readonly absoluteError: number;
  /** Sum of forecast - actual: above 0 when forecasts are too high. */
  readonly error: number;
  /** Sum of |actual|. */
  readonly volume: number;
  /** Mean absolute error over that of the seasonal naive forecast within the history; undefined when that is 0. */
  readonly mase: number | undefined;
  /** Points inside the 80 % interval. */
  readonly inside: number;
}

export interface BacktestOptions {
  readonly models: readonly string[];
  /** Origins, one horizon apart, the last one horizon before the end. */
  readonly origins: number;
}

/**
 * A rolling backtest: every model forecasts from earlier origins, seeing nothing later, and is held against what came.
 *
 * @returns one row a series, model and origin; series too short for an origin have no row there
 * @throws AppError `input_invalid` as `forecastPanel` does
 */
export function backtestPanel(
  panel: readonly PanelSeries[],
  { models, origins }: BacktestOptions,
): BacktestRow[] {
  const rows: BacktestRow[] = [];
  for (let back = 1; back <= origins; back++) {
    const kept = panel.flatMap((series) => {
      const cut = seriesBefore(series, back);
      return cut ? [{ series, cut }] : [];
    });
    for (const model of models) {
      const forecasts = forecastPanel(
        kept.map(({ cut }) => cut),
        { model, levels: [0.8] },
      );
      forecasts.forEach(({ mean, intervals }, i) => {
        const { series, cut } = kept[i]!;
        const actual = Array.from({ length: series.horizon }, (_, k) => series.values[cut.values.length + k]);
        rows.push({ id: series.id, model, back, ...scored(cut, actual, mean, intervals[0]!) });
      });
    }
  }
  return rows;
}

/** The series as it was `back` horizons ago, with covariates as far as they were asked for; undefined when too short. */
export function seriesBefore(series: PanelSeries, back: number): PanelSeries | undefined {
  const { values, horizon, covariates = {} } = series;
  const origin = values.length - back * horizon;
  if (origin < 3) return undefined;
  const upTo = origin + horizon;
  return {
    ...series,
    values: Array.from({ length: origin }, (_, t) => values[t]!),
    covariates: Object.fromEntries(
      Object.entries(covariates).map(([name, column]) => [name, Array.from(column).slice(0, upTo)]),
    ),
  };
}

function scored(
  cut: PanelSeries,
  actual: readonly (number | null | undefined)[],
  mean: Float64Array,
  interval: { lower: Float64Array; upper: Float64Array },
) {
  let points = 0;
  let absoluteError = 0;
  let error = 0;
  let volume = 0;
  let inside = 0;
  actual.forEach((value, k) => {
    if (value === null || value === undefined || Number.isNaN(value)) return;
    points++;
    absoluteError += Math.abs(value - mean[k]!);
    error += mean[k]! - value;
    volume += Math.abs(value);
    if (interval.lower[k]! <= value && value <= interval.upper[k]!) inside++;
  });
  const history = prepare(cut);
  const usual = history ? naiveError(history.values, history.season) * history.scale : 0;
  const mase = points > 0 && usual > 0 ? absoluteError / points / usual : undefined;
  const demand: DemandClass = history ? demandClassOf(history) : "intermittent";
  return { demand, points, absoluteError, error, volume, mase, inside };
}

function naiveError(values: Float64Array, season: number): number {
  let sum = 0;
  for (let t = season; t < values.length; t++) sum += Math.abs(values[t]! - values[t - season]!);
  return sum / Math.max(1, values.length - season);
}

/** What a backtest says of one model on one kind of demand. */
export interface BacktestSummary {
  readonly model: string;
  readonly demand: DemandClass;
  readonly series: number;
  /** Sum of absolute errors over sum of actuals. */
  readonly wape: number;
  /** 1 - WAPE; absent for intermittent demand, where it says nothing. */
  readonly accuracy: number | undefined;
  /** Sum of errors over sum of actuals: above 0 when forecasts are too high. */
  readonly bias: number;
  readonly mase: number | undefined;
  /** Share of points inside the 80 % interval. */
  readonly coverage: number;
}

/** Rows by model and kind of demand, in the order of their first rows. WAPE: Kolassa & Schütz (2007), Foresight 6. */
export function summariseBacktest(rows: readonly BacktestRow[]): BacktestSummary[] {
  const groups = Map.groupBy(rows, ({ model, demand }) => `${model} ${demand}`);
  return [...groups.values()].map((group) => {
    const total = (of: (row: BacktestRow) => number): number => group.reduce((sum, row) => sum + of(row), 0);
    const { model, demand } = group[0]!;
    const volume = total((row) => row.volume);
    const wape = volume > 0 ? total((row) => row.absoluteError) / volume : NaN;
    const known = group.flatMap(({ mase }) => (mase === undefined ? [] : [mase]));
    return {
      model,
      demand,
      series: new Set(group.map(({ id }) => id)).size,
      wape,
      accuracy: demand === "intermittent" || Number.isNaN(wape) ? undefined : 1 - wape,
      bias: volume > 0 ? total((row) => row.error) / volume : NaN,
      mase: known.length > 0 ? known.reduce((sum, value) => sum + value, 0) / known.length : undefined,
      coverage:
        total((row) => row.inside) /
        Math.max(
          1,
          total((row) => row.points),
        ),
    };
  });
}
