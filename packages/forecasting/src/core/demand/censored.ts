import { refuseInfinite } from "../known-values.ts";
import { normalQuantile } from "../intervals/calibrate.ts";

/** A day's sales, and whether more would have been sold had there been more. */
export interface SalesDay {
  /** At least 0; NaN where the day is not known. */
  readonly sold: number;
  readonly soldOut: boolean;
}

const rounds = 30;

/**
 * What was asked for, from what was sold: a sold-out day tells the least that demand was, not how much it was. Such days
 * are replaced by what is expected of demand given that it was at least the sales, from the other days at the same place of
 * the season.
 *
 * @param days n periods in order
 * @param season 1 for none, 7 for weekdays
 * @returns n values: the sales of days that were not sold out, at least the sales of those that were, NaN where not known
 * @throws AppError `input_invalid` for an infinite value
 *
 * A Tobit model of log(1 + sales) with a mean a place of the season and one variance, by expectation and maximisation.
 * Tobin (1958), Econometrica 26; Dempster, Laird & Rubin (1977), JRSS B 39, section 4.2 on censored normal data.
 */
export function uncensoredDemand(days: readonly SalesDay[], season: number): Float64Array {
  refuseInfinite(days.map(({ sold }) => sold));
  const logs = Float64Array.from(days, ({ sold }) => Math.log1p(Math.max(0, sold)));
  const expected = logs.slice();
  const squares = logs.map((value) => value * value);
  const anyFull = days.some(({ sold, soldOut }) => !soldOut && !Number.isNaN(sold));
  if (!anyFull) return Float64Array.from(days, ({ sold }) => sold);
  for (let round = 0; round < rounds; round++) {
    const means = placeMeans(expected, season);
    const deviation = Math.sqrt(variance(expected, squares, means));
    if (!(deviation > 0)) break;
    days.forEach(({ soldOut }, t) => {
      if (!soldOut || Number.isNaN(logs[t]!)) return;
      const mean = means[t % season]!;
      const beyond = (logs[t]! - mean) / deviation;
      const ratio = inverseMills(beyond);
      expected[t] = mean + deviation * ratio;
      squares[t] = mean * mean + deviation * deviation * (1 + beyond * ratio) + 2 * mean * deviation * ratio;
    });
  }
  return Float64Array.from(days, ({ sold, soldOut }, t) =>
    soldOut && !Number.isNaN(sold) ? Math.max(sold, Math.expm1(expected[t]!)) : sold,
  );
}

/** Means by place of the season, drawn towards the mean of all by two days' weight: a place may have been seen once. */
function placeMeans(values: Float64Array, season: number): Float64Array {
  const sums = new Float64Array(season);
  const counts = new Float64Array(season);
  values.forEach((value, t) => {
    if (Number.isNaN(value)) return;
    sums[t % season]! += value;
    counts[t % season]!++;
  });
  const all =
    sums.reduce((a, b) => a + b, 0) /
    Math.max(
      1,
      counts.reduce((a, b) => a + b, 0),
    );
  return sums.map((sum, place) => (sum + 2 * all) / (counts[place]! + 2));
}

function variance(expected: Float64Array, squares: Float64Array, means: Float64Array): number {
  let sum = 0;
  let count = 0;
  expected.forEach((value, t) => {
    if (Number.isNaN(value)) return;
    const mean = means[t % means.length]!;
    sum += squares[t]! - 2 * mean * value + mean * mean;
    count++;
  });
  return Math.max(0, sum / Math.max(1, count));
}

/** The mean of a standard normal variable above x: density over upper tail, by its expansion far out. */
function inverseMills(x: number): number {
  if (x > 6) return x + 1 / x;
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  return density / upperTail(x);
}

/** The upper tail of the standard normal, from the quantile function by bisection: exact to 1e-12 and needs no table. */
function upperTail(x: number): number {
  let low = 1e-12;
  let high = 1 - 1e-12;
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2;
    if (normalQuantile(1 - middle) > x) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
