import { AppError } from "@almanac/kernel";
import { countQuantile } from "../intervals/counts.ts";
import { factorise, solveFactored } from "../numeric/linear.ts";
import { calendarDesign } from "./design.ts";
import type { Design } from "./design.ts";

export interface CalendarOptions {
  /** Days since 1970 of the first value. */
  readonly firstPeriod: number;
  /** Days ahead that `predict` may be asked for, 1 to 10,000. */
  readonly horizon: number;
  /** Names and the days (since 1970) on which each falls, over history and horizon: market holidays, fairs. */
  readonly holidays?: Readonly<Record<string, readonly number[]>>;
}

/** A forecast of counts whose parts can be told in words. */
export interface CalendarModel {
  /** By what each named day multiplies: 1.4 is 40 % more than the day would have had. 1 where it was never seen. */
  readonly holidays: Readonly<Record<string, number>>;
  /** Size of the negative-binomial distribution: variance is mean + mean^2 / size. */
  readonly size: number;
  /** The mean of each day of history and horizon, above 0. */
  readonly mean: Float64Array;
  /** What a share of all outcomes of a day stays at or below; the day counts from the history's first. */
  quantile(day: number, share: number): number;
}

const rounds = 25;
const enough = 1e-8;
const leastDays = 14;
/** exp(30) is beyond any market. */
const mostLog = 30;

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
  { firstPeriod, horizon, holidays = {} }: CalendarOptions,
): CalendarModel {
  const { counts, at } = knownOf(values);
  if (at.length < leastDays) {
    throw new AppError("input_invalid", `a calendar model needs ${leastDays} known days, not ${at.length}`);
  }
  if (!Number.isInteger(firstPeriod)) throw new AppError("input_invalid", "the first day is a whole number");
  if (!Number.isInteger(horizon) || horizon < 1 || horizon > 10_000) {
    throw new AppError("input_invalid", `a horizon is a whole number from 1 to 10000, not ${horizon}`);
  }
  const design = calendarDesign({ firstPeriod, known: values.length, horizon, holidays });
  const { coefficients, size } = fitted(design, counts, at);
  const mean = meanOf(design, coefficients, values.length + horizon);
  const names = Object.keys(holidays);
  return {
    holidays: Object.fromEntries(
      names.map((name, i) => [name, Math.exp(coefficients[design.firstNamed + i]!)]),
    ),
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

function meanOf({ columns }: Design, coefficients: Float64Array, length: number): Float64Array {
  const logs = new Float64Array(length);
  columns.forEach((column, i) => {
    const coefficient = coefficients[i]!;
    for (let t = 0; t < length; t++) logs[t]! += coefficient * column[t]!;
  });
  return logs.map((value) => Math.exp(Math.max(-mostLog, Math.min(mostLog, value))));
}

function fitted(design: Design, counts: Float64Array, at: Int32Array) {
  let total = 0;
  for (const t of at) total += counts[t]! / at.length;
  let coefficients = new Float64Array(design.columns.length);
  coefficients[0] = Math.log(Math.max(total, 1e-3));
  let size = 10;
  for (let round = 0; round < rounds; round++) {
    const mean = meanOf(design, coefficients, counts.length);
    if (round > 0) size = sizeOf(counts, mean, at);
    const next = reweighted(design, counts, at, mean, size);
    if (!next.every(Number.isFinite)) break;
    const moved = next.reduce((most, value, i) => Math.max(most, Math.abs(value - coefficients[i]!)), 0);
    coefficients = next;
    if (moved < enough) break;
  }
  return { coefficients, size };
}

/** The size whose variance is what the residuals have, within .05 to a million (as good as Poisson). */
function sizeOf(counts: Float64Array, mean: Float64Array, at: Int32Array): number {
  let squares = 0;
  let excess = 0;
  for (const t of at) {
    squares += mean[t]! ** 2;
    excess += (counts[t]! - mean[t]!) ** 2 - mean[t]!;
  }
  return excess > 0 ? Math.min(1e6, Math.max(0.05, squares / excess)) : 1e6;
}

/** One step of Fisher scoring, every coefficient drawn to zero by its prior. */
function reweighted(
  { columns, sizes }: Design,
  counts: Float64Array,
  at: Int32Array,
  mean: Float64Array,
  size: number,
): Float64Array<ArrayBuffer> {
  const count = columns.length;
  const matrix = new Float64Array(count * count);
  const out = new Float64Array(count);
  const row = new Float64Array(count);
  for (const t of at) {
    const expected = mean[t]!;
    const weight = expected / (1 + expected / size);
    const response = Math.log(expected) + Math.max(-3, Math.min(3, counts[t]! / expected - 1));
    for (let i = 0; i < count; i++) row[i] = columns[i]![t]!;
    for (let i = 0; i < count; i++) {
      const own = weight * row[i]!;
      if (own === 0) continue;
      out[i]! += own * response;
      for (let j = 0; j < count; j++) matrix[i * count + j]! += own * row[j]!;
    }
  }
  for (let i = 0; i < count; i++) matrix[i * count + i]! += 1 / sizes[i]! ** 2;
  if (factorise(matrix, count)) solveFactored(matrix, out, count);
  else out.fill(NaN);
  return out;
}
