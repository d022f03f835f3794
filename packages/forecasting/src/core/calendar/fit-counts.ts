import { factorise, solveFactored } from "../numeric/linear.ts";
import type { Design } from "./design.ts";

const rounds = 25;
const enough = 1e-8;
/** exp(30) is beyond any market. */
const mostLog = 30;

/** The mean of each day, above 0. */
export function meanOf({ columns }: Design, coefficients: Float64Array, length: number): Float64Array {
  const logs = new Float64Array(length);
  columns.forEach((column, i) => {
    const coefficient = coefficients[i]!;
    for (let t = 0; t < length; t++) logs[t]! += coefficient * column[t]!;
  });
  return logs.map((value) => Math.exp(Math.max(-mostLog, Math.min(mostLog, value))));
}

export interface CountFit {
  readonly coefficients: Float64Array;
  /** Standard errors of the coefficients. */
  readonly deviations: Float64Array;
  /** Variance is mean + mean^2 / size. */
  readonly size: number;
}

/**
 * Coefficients of the logarithm of a mean, by reweighted least squares with a prior a column, for negative-binomial counts.
 *
 * @param counts from 0 up; only those at `at` are looked at
 * McCullagh & Nelder (1989), "Generalized Linear Models", 2.5; the size by moments of the residuals, after each round.
 */
export function fitCounts(design: Design, counts: Float64Array, at: Int32Array): CountFit {
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
  return {
    coefficients,
    size,
    deviations: deviationsOf(design, meanOf(design, coefficients, counts.length), at, size),
  };
}

/** Standard errors of the coefficients, from the curvature of the penalised likelihood at its top. */
function deviationsOf(
  { columns, sizes }: Design,
  mean: Float64Array,
  at: Int32Array,
  size: number,
): Float64Array {
  const count = columns.length;
  const { matrix } = weighed(columns, at, mean, size);
  for (let i = 0; i < count; i++) matrix[i * count + i]! += 1 / sizes[i]! ** 2;
  if (!factorise(matrix, count)) return sizes.slice();
  return sizes.map((_, i) => {
    const unit = new Float64Array(count);
    unit[i] = 1;
    solveFactored(matrix, unit, count);
    return Math.sqrt(Math.max(0, unit[i]!));
  });
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
  const { matrix, right: out } = weighed(columns, at, mean, size, counts);
  for (let i = 0; i < count; i++) matrix[i * count + i]! += 1 / sizes[i]! ** 2;
  if (factorise(matrix, count)) solveFactored(matrix, out, count);
  else out.fill(NaN);
  return out;
}

/** Cross products of the columns, each day weighed by how much its count tells, and with the working response. */
function weighed(
  columns: readonly Float64Array[],
  at: Int32Array,
  mean: Float64Array,
  size: number,
  counts?: Float64Array,
) {
  const count = columns.length;
  const matrix = new Float64Array(count * count);
  const right = new Float64Array(count);
  const row = new Float64Array(count);
  for (const t of at) {
    const expected = mean[t]!;
    const weight = expected / (1 + expected / size);
    const response = counts ? Math.log(expected) + Math.max(-3, Math.min(3, counts[t]! / expected - 1)) : 0;
    for (let i = 0; i < count; i++) row[i] = columns[i]![t]!;
    for (let i = 0; i < count; i++) {
      const own = weight * row[i]!;
      if (own === 0) continue;
      right[i]! += own * response;
      for (let j = 0; j < count; j++) matrix[i * count + j]! += own * row[j]!;
    }
  }
  return { matrix, right };
}
