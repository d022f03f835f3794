import type { BacktestRow } from "./backtest.ts";
import type { BacktestClass } from "./score-origin.ts";

/** What a backtest says of one model on one kind of demand. */
export interface BacktestSummary {
  readonly model: string;
  readonly demand: BacktestClass;
  readonly series: number;
  /** Sum of absolute errors over sum of actuals; NaN where nothing was sold. */
  readonly wape: number;
  /** 1 - WAPE; absent for intermittent demand, where it says nothing. */
  readonly accuracy: number | undefined;
  /** Sum of errors over sum of actuals: above 0 when forecasts are too high. */
  readonly bias: number;
  /** Means over series and origins; absent where no history moved. */
  readonly mase: number | undefined;
  readonly rmsse: number | undefined;
  /** Shares of points inside the 80 % and the 95 % interval. */
  readonly coverage: number;
  readonly coverage95: number;
  /** The mean cost of a series at an origin, in the unit that the backtest was given. */
  readonly cost: number;
}

/** Rows by model and kind of demand, in the order of their first rows. WAPE: Kolassa & Schütz (2007), Foresight 6. */
export function summariseBacktest(rows: readonly BacktestRow[]): BacktestSummary[] {
  const groups = Map.groupBy(rows, ({ model, demand }) => `${model} ${demand}`);
  return [...groups.values()].map(summaryOf);
}

function summaryOf(group: readonly BacktestRow[]): BacktestSummary {
  const total = (of: (row: BacktestRow) => number): number => group.reduce((sum, row) => sum + of(row), 0);
  const mean = (of: (row: BacktestRow) => number | undefined): number | undefined => {
    const known = group.map(of).filter((value) => value !== undefined);
    return known.length > 0 ? known.reduce((sum, value) => sum + value, 0) / known.length : undefined;
  };
  const { model, demand } = group[0]!;
  const volume = total((row) => row.volume);
  const points = Math.max(
    1,
    total((row) => row.points),
  );
  const wape = volume > 0 ? total((row) => row.absoluteError) / volume : NaN;
  return {
    model,
    demand,
    series: new Set(group.map(({ id }) => id)).size,
    wape,
    accuracy: demand === "intermittent" || Number.isNaN(wape) ? undefined : 1 - wape,
    bias: volume > 0 ? total((row) => row.error) / volume : NaN,
    mase: mean((row) => row.mase),
    rmsse: mean((row) => row.rmsse),
    coverage: total((row) => row.inside) / points,
    coverage95: total((row) => row.inside95) / points,
    cost: total((row) => row.cost) / group.length,
  };
}
