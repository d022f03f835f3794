import { forecastPanel } from "../panel/forecast-panel.ts";
import type { PanelSeries } from "../panel/local-run.ts";
import { backtestClassOf, scoreOrigin, type BacktestClass } from "./score-origin.ts";

/** How one model did on one series from one earlier origin. */
export interface BacktestRow {
  readonly id: string;
  readonly model: string;
  /** 1 is one horizon before the end, 2 two. */
  readonly back: number;
  readonly demand: BacktestClass;
  readonly points: number;
  /** Sum of |actual - forecast|, in the series' unit. */
  readonly absoluteError: number;
  /** Sum of forecast - actual: above 0 when forecasts are too high. */
  readonly error: number;
  /** Sum of |actual|. */
  readonly volume: number;
  /** Mean absolute error over that of the seasonal naive forecast within the history; undefined when that is 0. */
  readonly mase: number | undefined;
  /** Root of the mean squared error over that of the naive forecast within the history, as in M5; undefined when that is 0. */
  readonly rmsse: number | undefined;
  /** Points inside the 80 % interval. */
  readonly inside: number;
  /** Points inside the 95 % interval. */
  readonly inside95: number;
  /** The model's cost at this origin, shared out evenly among the series; 0 where `cost` was not given. */
  readonly cost: number;
}

export interface BacktestOptions {
  readonly models: readonly string[];
  /** Origins, one horizon apart, the last one horizon before the end. */
  readonly origins: number;
  /** What has been spent so far, in any unit, for example milliseconds of the processor. */
  readonly cost?: () => number;
  /** Called with the share that is done, in [0, 1]. */
  readonly onProgress?: (share: number) => void;
}

/**
 * A rolling backtest: every model forecasts from earlier origins, seeing nothing later, and is held against what came.
 *
 * @returns one row a series, model and origin; series too short for an origin have no row there
 * @throws AppError `input_invalid` as `forecastPanel` does
 */
export function backtestPanel(
  panel: readonly PanelSeries[],
  { models, origins, cost = () => 0, onProgress }: BacktestOptions,
): BacktestRow[] {
  const rows: BacktestRow[] = [];
  let done = 0;
  for (let back = 1; back <= origins; back++) {
    const kept = panel.flatMap((series) => {
      const cut = seriesBefore(series, back);
      return cut ? [{ series, cut }] : [];
    });
    for (const model of models) {
      const before = cost();
      const forecasts = forecastPanel(
        kept.map(({ cut }) => cut),
        { model, levels: [0.8, 0.95] },
      );
      const spent = (cost() - before) / Math.max(1, kept.length);
      forecasts.forEach((forecast, i) => {
        const { series, cut } = kept[i]!;
        const actual = Array.from({ length: series.horizon }, (_, k) => series.values[cut.values.length + k]);
        const demand = backtestClassOf(cut);
        rows.push({
          id: series.id,
          model,
          back,
          demand,
          ...scoreOrigin(cut, actual, forecast),
          cost: spent,
        });
      });
      onProgress?.(++done / (origins * models.length));
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
