import { AppError } from "@almanac/kernel";
import { countQuantile } from "../intervals/counts.ts";
import { calendarDesign } from "./design.ts";
import { fitCounts, meanOf } from "./fit-counts.ts";

export interface CalendarOptions {
  /** Days since 1970 of the first value. */
  readonly firstPeriod: number;
  /** Days ahead that `predict` may be asked for, 1 to 10,000. */
  readonly horizon: number;
  /** Names and the days (since 1970) on which each falls, over history and horizon: market holidays, fairs. */
  readonly holidays?: Readonly<Record<string, readonly number[]>>;
  /**
   * Known columns over history and horizon, each n + horizon long: rain, the logarithm of the own price, a deal. What is null
   * counts as the column's mean over the history.
   */
  readonly columns?: Readonly<Record<string, ArrayLike<number | null>>>;
}

/** How a named day or a known column moves a day, in logarithms: exp(coefficient) is the factor of one unit. */
export interface ModelEffect {
  readonly name: string;
  readonly coefficient: number;
  /** Standard error of the coefficient. */
  readonly error: number;
  /** Days of the history on which it was told apart: the named day itself, or a value other than the mean. */
  readonly seen: number;
  /** Less its mean over the history for a known column, 0 or 1 for a named day: history and horizon. */
  readonly column: Float64Array;
}

/** A forecast of counts whose parts can be told in words. */
export interface CalendarModel {
  /** By what each named day multiplies: 1.4 is 40 % more than the day would have had. 1 where it was never seen. */
  readonly holidays: Readonly<Record<string, number>>;
  /** Named days first, then known columns, in the order given. */
  readonly effects: readonly ModelEffect[];
  /** Size of the negative-binomial distribution: variance is mean + mean^2 / size. */
  readonly size: number;
  /** The mean of each day of history and horizon, above 0. */
  readonly mean: Float64Array;
  /** What a share of all outcomes of a day stays at or below; the day counts from the history's first. */
  quantile(day: number, share: number): number;
}

const leastDays = 14;

/**
 * The shape of Prophet for counts: trend, week, year and named days multiply, and days scatter by a negative-binomial
 * distribution, which is what its users ask for where a normal one forecasts less than nothing. No sampling: penalised
 * likelihood by reweighted least squares, the same numbers every time.
 *
 * McCullagh & Nelder (1989), "Generalized Linear Models", 2.5; the size by moments of the residuals, after each round.
 *
 * @param values n counts of a day from 0 up, null or NaN where unknown; at least 14 known
 * @throws AppError `input_invalid` for a value below zero or infinite, too few values, a bad horizon or first day
 */
export function fitCalendarModel(
  values: ArrayLike<number | null>,
  { firstPeriod, horizon, holidays = {}, columns = {} }: CalendarOptions,
): CalendarModel {
  const { counts, at } = knownOf(values);
  if (at.length < leastDays) {
    throw new AppError("input_invalid", `a calendar model needs ${leastDays} known days, not ${at.length}`);
  }
  if (!Number.isInteger(firstPeriod)) throw new AppError("input_invalid", "the first day is a whole number");
  if (!Number.isInteger(horizon) || horizon < 1 || horizon > 10_000) {
    throw new AppError("input_invalid", `a horizon is a whole number from 1 to 10000, not ${horizon}`);
  }
  const known = Object.entries(columns).map(([name, column]) =>
    centred(name, column, values.length, values.length + horizon),
  );
  const design = calendarDesign({ firstPeriod, known: values.length, horizon, holidays, columns: known });
  const { coefficients, size, deviations } = fitCounts(design, counts, at);
  const mean = meanOf(design, coefficients, values.length + horizon);
  const names = Object.keys(holidays);
  const effects = [...names, ...Object.keys(columns)].map((name, i): ModelEffect => {
    const column = design.columns[design.firstNamed + i]!;
    const place = design.firstNamed + i;
    const seen = at.reduce((count, t) => count + Number(column[t] !== 0), 0);
    return { name, coefficient: coefficients[place]!, error: deviations[place]!, seen, column };
  });
  return {
    holidays: Object.fromEntries(
      names.map((name, i) => [name, Math.exp(coefficients[design.firstNamed + i]!)]),
    ),
    effects,
    size,
    mean,
    quantile: (day, share) =>
      countQuantile({ unit: 1, dispersion: 1 + Math.max(1e-6, mean[day]! / size) }, mean[day]!, share),
  };
}

function knownOf(values: ArrayLike<number | null>): { counts: Float64Array; at: Int32Array } {
  const counts = new Float64Array(values.length);
  const at: number[] = [];
  for (let t = 0; t < values.length; t++) {
    const value = values[t];
    if (value === null || value === undefined || Number.isNaN(value)) continue;
    if (!(value >= 0 && value < Infinity)) {
      throw new AppError("input_invalid", `value ${t} of the series is ${value}, no count`);
    }
    counts[t] = value;
    at.push(t);
  }
  return { counts, at: Int32Array.from(at) };
}

/** @throws AppError `input_invalid` for a column of another length, or with an infinite value */
function centred(name: string, given: ArrayLike<number | null>, known: number, length: number): Float64Array {
  if (given.length !== length) {
    throw new AppError(
      "input_invalid",
      `the column "${name}" has ${given.length} values, not ${length} for history and horizon`,
    );
  }
  let sum = 0;
  let count = 0;
  for (let t = 0; t < length; t++) {
    const value = given[t];
    if (value === null || value === undefined || Number.isNaN(value)) continue;
    if (!Number.isFinite(value)) {
      throw new AppError("input_invalid", `value ${t} of the column "${name}" is ${value}`);
    }
    if (t >= known) continue;
    sum += value;
    count++;
  }
  const mean = count > 0 ? sum / count : 0;
  return Float64Array.from({ length }, (_, t) => {
    const value = given[t];
    return count === 0 || value === null || value === undefined || Number.isNaN(value) ? 0 : value - mean;
  });
}
