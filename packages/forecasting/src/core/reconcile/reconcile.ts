import { AppError } from "@almanac/kernel";
import { factorise, solveFactored } from "../numeric/linear.ts";

/** Which series add up to which: each aggregate is a set of bottom series, by their index. */
export interface Hierarchy {
  readonly bottom: number;
  readonly aggregates: readonly (readonly number[])[];
}

/**
 * How errors of all series hang together: rows are the aggregates, then the bottom series; symmetric, positive definite.
 * `size` x `size`, row by row.
 */
export interface ErrorCovariance {
  readonly size: number;
  readonly values: Float64Array;
}

/**
 * Makes forecasts add up, changing those most that are known least.
 *
 * @param aggregates h forecasts of each aggregate, in the hierarchy's order
 * @param bottom h forecasts of each bottom series
 * @param covariance of the errors; without it the bottom forecasts stay and the aggregates are their sums (bottom-up)
 * @param nonNegative bottom forecasts below zero become zero, and the aggregates are sums of what remains
 * @returns forecasts of the bottom series, and of the aggregates, which are their sums exactly
 * @throws AppError `input_invalid` when numbers of series or steps do not fit, or the covariance is not positive definite
 *
 * MinT: Wickramasuriya, Athanasopoulos & Hyndman (2019), "Optimal forecast reconciliation for hierarchical and grouped time
 * series through trace minimization", JASA 114, in the form of its equation 10, which inverts a matrix of the aggregates
 * only.
 */
export function reconcile(
  hierarchy: Hierarchy,
  aggregates: readonly Float64Array[],
  bottom: readonly Float64Array[],
  covariance: ErrorCovariance | undefined,
  nonNegative: boolean,
): { bottom: Float64Array[]; aggregates: Float64Array[] } {
  checkShapes(hierarchy, aggregates, bottom, covariance);
  const adjusted = bottom.map((values) => values.slice());
  if (covariance) adjust(hierarchy, aggregates, adjusted, covariance);
  if (nonNegative)
    for (const values of adjusted) values.forEach((value, k) => (values[k] = Math.max(0, value)));
  return { bottom: adjusted, aggregates: hierarchy.aggregates.map((members) => sumOf(adjusted, members)) };
}

function adjust(
  { aggregates: sets, bottom: count }: Hierarchy,
  aggregates: readonly Float64Array[],
  bottom: Float64Array[],
  { size, values: w }: ErrorCovariance,
): void {
  const many = sets.length;
  // Row i of U' is the aggregate i less its members; WU is what moves each series when a sum is off.
  const moved = (series: number, set: number): number =>
    w[series * size + set]! - sets[set]!.reduce((sum, member) => sum + w[series * size + many + member]!, 0);
  const gapCovariance = new Float64Array(many * many);
  for (let i = 0; i < many; i++) {
    for (let j = 0; j < many; j++) {
      const own = moved(i, j);
      gapCovariance[i * many + j] = own - sets[i]!.reduce((sum, member) => sum + moved(many + member, j), 0);
    }
  }
  if (!factorise(gapCovariance, many)) {
    throw new AppError("input_invalid", "the covariance of the errors is not positive definite");
  }
  const effects = bottom.map((_, series) => Float64Array.from(sets, (_set, j) => moved(many + series, j)));
  const horizon = bottom[0]?.length ?? 0;
  for (let k = 0; k < horizon; k++) {
    const gaps = Float64Array.from(sets, (members, i) =>
      members.reduce((rest, member) => rest - bottom[member]![k]!, aggregates[i]![k]!),
    );
    solveFactored(gapCovariance, gaps, many);
    for (let series = 0; series < count; series++) {
      const effect = effects[series]!;
      for (let i = 0; i < many; i++) bottom[series]![k]! -= effect[i]! * gaps[i]!;
    }
  }
}

export function sumOf(series: readonly Float64Array[], members: readonly number[]): Float64Array {
  const out = new Float64Array(series[0]?.length ?? 0);
  for (const member of members) for (let k = 0; k < out.length; k++) out[k]! += series[member]![k]!;
  // The largest number in place of a sum that has no room.
  return out.map((value) => Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, value)));
}

/**
 * Whole numbers that add up: each value rounded down, and what is missing from the rounded total given to those that lost
 * most. Hamilton's method of the largest remainder.
 *
 * @param values at least 0, finite
 * @returns whole numbers whose sum is the rounded sum of the values
 */
export function wholeParts(values: ArrayLike<number>): number[] {
  const parts = Array.from(values, (value) => Math.floor(value));
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  let missing = Math.round(total) - parts.reduce((sum, part) => sum + part, 0);
  const byRemainder = parts
    .map((part, i) => ({ i, rest: values[i]! - part }))
    .sort((a, b) => b.rest - a.rest);
  for (const { i } of byRemainder) {
    if (missing <= 0) break;
    parts[i]!++;
    missing--;
  }
  return parts;
}

function checkShapes(
  { bottom: count, aggregates: sets }: Hierarchy,
  aggregates: readonly Float64Array[],
  bottom: readonly Float64Array[],
  covariance: ErrorCovariance | undefined,
): void {
  const horizon = bottom[0]?.length ?? 0;
  const sameLength = [...aggregates, ...bottom].every((values) => values.length === horizon);
  const known = sets.every((members) =>
    members.every((member) => Number.isInteger(member) && member >= 0 && member < count),
  );
  const fits =
    !covariance ||
    (covariance.size === count + sets.length && covariance.values.length === covariance.size ** 2);
  if (bottom.length === count && aggregates.length === sets.length && sameLength && known && fits) return;
  throw new AppError("input_invalid", "the forecasts do not fit the hierarchy");
}
