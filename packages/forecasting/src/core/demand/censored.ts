import { refuseInfinite } from "../known-values.ts";
import { normalQuantile } from "../intervals/calibrate.ts";

/** A day's sales, and whether more would have been sold had there been more. */
export interface SalesDay {
  /** At least 0; NaN where the day is not known. */
  readonly sold: number;
  readonly soldOut: boolean;
}

const rounds = 30;
/** Of one place of the season, so much less does a period count for each that lies between: four of them, about a third. */
const fade = Math.exp(-1 / 4);
/** How many periods the mean of all counts for in a local one. */
const priorPeriods = 0.5;
/** No local mean counts as less than this share of the mean of all where the spread is told by it. */
const leastShare = 0.1;

/**
 * What was asked for, from what was sold: a sold-out day tells the least that demand was, not how much it was. Such days
 * are replaced by what is expected of demand given that it was at least the sales, from the other days at the same place of
 * the season, the nearer the more. The answer does not depend on the unit.
 *
 * @param days n periods in order
 * @param season 1 for none, 7 for weekdays
 * @returns n values: the sales of days that were not sold out, at least the sales of those that were, NaN where not known
 * @throws AppError `input_invalid` for an infinite value
 *
 * A Tobit model of sales with a local mean and a variance in proportion to it, as counts have, by expectation and
 * maximisation. Tobin (1958), Econometrica 26; Dempster, Laird & Rubin (1977), JRSS B 39, section 4.2 on censored normal data.
 */
export function uncensoredDemand(days: readonly SalesDay[], season: number): Float64Array {
  refuseInfinite(days.map(({ sold }) => sold));
  const told = Float64Array.from(days, ({ sold }) => sold);
  const scale = days.reduce((most, { sold }) => (sold > most ? sold : most), 0);
  const anyFull = days.some(({ sold, soldOut }) => !soldOut && !Number.isNaN(sold));
  if (!anyFull || scale === 0) return told;
  const sold = told.map((value) => Math.max(0, value) / scale);
  const expected = sold.slice();
  const squares = sold.map((value) => value * value);
  for (let round = 0; round < rounds; round++) {
    const means = localMeans(expected, season);
    const dispersion = dispersionOf(expected, squares, means);
    if (!(dispersion > 0)) break;
    days.forEach(({ soldOut }, t) => {
      if (!soldOut || Number.isNaN(sold[t]!)) return;
      const mean = means.local[t]!;
      const deviation = Math.sqrt(dispersion * spreadMean(means, t));
      const beyond = (sold[t]! - mean) / deviation;
      const ratio = inverseMills(beyond);
      expected[t] = mean + deviation * ratio;
      squares[t] = mean * mean + deviation * deviation * (1 + beyond * ratio) + 2 * mean * deviation * ratio;
    });
  }
  return told.map((value, t) =>
    days[t]!.soldOut && !Number.isNaN(value) ? Math.max(value, expected[t]! * scale) : value,
  );
}

interface Means {
  readonly all: number;
  /** One a period. */
  readonly local: Float64Array;
}

const spreadMean = ({ all, local }: Means, t: number): number => Math.max(local[t]!, leastShare * all);

/** Means around each period among those at its place of the season, from both sides; drawn to the mean of all. */
function localMeans(values: Float64Array, season: number): Means {
  let total = 0;
  let known = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    total += value;
    known += 1;
  }
  const all = total / Math.max(1, known);
  const sums = new Float64Array(values.length).fill(priorPeriods * all);
  const weights = new Float64Array(values.length).fill(priorPeriods);
  for (let place = 0; place < Math.min(season, values.length); place++) {
    const last = place + season * Math.floor((values.length - 1 - place) / season);
    // What lies before a period and itself, then what lies behind it.
    addFading(values, { from: place, until: last, step: season, withOwn: true }, sums, weights);
    addFading(values, { from: last, until: place, step: -season, withOwn: false }, sums, weights);
  }
  return { all, local: sums.map((sum, t) => sum / weights[t]!) };
}

interface Walk {
  readonly from: number;
  readonly until: number;
  readonly step: number;
  readonly withOwn: boolean;
}

function addFading(
  values: Float64Array,
  { from, until, step, withOwn }: Walk,
  sums: Float64Array,
  weights: Float64Array,
): void {
  let sum = 0;
  let weight = 0;
  for (let t = from; step > 0 ? t <= until : t >= until; t += step) {
    const isKnown = !Number.isNaN(values[t]!);
    sum *= fade;
    weight *= fade;
    if (!withOwn) {
      sums[t]! += sum;
      weights[t]! += weight;
    }
    if (isKnown) {
      sum += values[t]!;
      weight += 1;
    }
    if (withOwn) {
      sums[t]! += sum;
      weights[t]! += weight;
    }
  }
}

/** Variance by the mean. */
function dispersionOf(expected: Float64Array, squares: Float64Array, means: Means): number {
  let sum = 0;
  let count = 0;
  expected.forEach((value, t) => {
    if (Number.isNaN(value)) return;
    const mean = means.local[t]!;
    sum += Math.max(0, squares[t]! - 2 * mean * value + mean * mean) / spreadMean(means, t);
    count++;
  });
  return sum / Math.max(1, count);
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
