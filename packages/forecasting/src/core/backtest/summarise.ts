import type { BacktestRow } from "./backtest.ts";
import type { BacktestClass } from "./score-origin.ts";

/** What a backtest says of one model on one kind of demand. */
export interface BacktestSummary {
  readonly model: string;
  readonly demand: BacktestClass;
  readonly series: number;
  /** Sum of absolute errors over sum of actuals; absent where nothing was sold. */
  readonly wape: number | undefined;
  /** 1 - WAPE; absent for intermittent demand, where it says nothing. */
  readonly accuracy: number | undefined;
  /** Sum of errors over sum of actuals: above 0 when forecasts are too high. Absent where nothing was sold. */
  readonly bias: number | undefined;
  /** Means over series and origins; absent where no history moved. */
  readonly mase: number | undefined;
  readonly rmsse: number | undefined;
  /** Shares of points inside the 80 % and the 95 % interval; absent without a point. */
  readonly coverage: number | undefined;
  readonly coverage95: number | undefined;
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
  const share = (part: number, whole: number): number | undefined => (whole > 0 ? part / whole : undefined);
  const { model, demand } = group[0]!;
  // Sums are of shares of the largest, as those of values near 1e308 have no room.
  const unit = group.reduce((most, row) => Math.max(most, row.volume, row.absoluteError), 0) || 1;
  const volume = total((row) => row.volume / unit);
  const points = total((row) => row.points);
  const wape = share(
    total((row) => row.absoluteError / unit),
    volume,
  );
  return {
    model,
    demand,
    series: new Set(group.map(({ id }) => id)).size,
    wape,
    accuracy: demand === "intermittent" || wape === undefined ? undefined : 1 - wape,
    bias: share(
      total((row) => row.error / unit),
      volume,
    ),
    mase: mean((row) => row.mase),
    rmsse: mean((row) => row.rmsse),
    coverage: share(
      total((row) => row.inside),
      points,
    ),
    coverage95: share(
      total((row) => row.inside95),
      points,
    ),
    cost: total((row) => row.cost) / group.length,
  };
}
