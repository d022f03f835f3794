/** A series as a caller has it. Only `values` is needed. */
export interface Series {
  /** n values in order of time, evenly spaced; NaN (or null in an array) is a gap, which is not zero. */
  readonly values: ArrayLike<number | null>;
  /** Periods after which the pattern returns: 12 for months, 7 for days. 1 (default): none. */
  readonly season?: number;
  /** More such lengths, for example 168 beside 24. */
  readonly longSeasons?: readonly number[];
  /** Known columns over the history and the horizon, each n + h long: own price, a deal. */
  readonly covariates?: Readonly<Record<string, ArrayLike<number | null>>>;
}

/**
 * A history that models can work on: finite, without gaps, at least one value, scaled so that the largest magnitude is 1.
 * The scaling keeps squares of 1e200 finite and those of 1e-200 above zero.
 */
export interface History {
  readonly values: Float64Array;
  /** 1 where the value was observed, 0 where a gap was filled. */
  readonly observed: Uint8Array;
  /** At least 1; never longer than what the history can show twice. */
  readonly season: number;
  /** The season as it was asked for, also where the history shows it once or not at all. */
  readonly askedSeason: number;
  readonly longSeasons: readonly number[];
  /** Multiply by this to come back to the caller's unit. */
  readonly scale: number;
  /** True when no observed value is below zero: then no forecast is either. */
  readonly nonNegative: boolean;
  /** True when all observed values are above zero: multiplicative models apply. */
  readonly positive: boolean;
}

/** What a model learned from one history. */
export interface Fit {
  /** One-step forecasts of the history, n long, in the history's scale; NaN where there is none. */
  readonly fitted: Float64Array;
  /**
   * @param horizon how many steps, at least 1
   * @returns the point forecast of each step, in the history's scale, finite
   */
  predict(horizon: number): Float64Array;
}

/** The one shape of every model: fit a history, predict from the fit. */
export interface Forecaster {
  readonly name: string;
  /** Values that a history needs; with fewer the model must not be asked. */
  readonly least: (season: number) => number;
  /** As how many members it counts in an ensemble before errors tell, above 0; 1 where absent. */
  readonly standing?: number;
  fit(history: History): Fit;
}
