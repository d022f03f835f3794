import type { SparseRows } from "./sparse.ts";

/**
 * Eight vectors side by side: entry i of lane l is at `i * lanes + l`, so that the indexes of a matrix are read once for
 * all of them. Each lane's sum stands in a variable of its own: sums in an array take three times as long.
 */
export const lanes = 8;

/** `out` becomes the matrix times each vector. */
export function multiply(matrix: SparseRows, vectors: Float64Array, out: Float64Array): void {
  const { offsets, columns, values } = matrix;
  for (let r = 0; r < matrix.rowCount; r++) {
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    let s4 = 0;
    let s5 = 0;
    let s6 = 0;
    let s7 = 0;
    for (let i = offsets[r]!; i < offsets[r + 1]!; i++) {
      const at = columns[i]! * lanes;
      const value = values[i]!;
      s0 += value * vectors[at]!;
      s1 += value * vectors[at + 1]!;
      s2 += value * vectors[at + 2]!;
      s3 += value * vectors[at + 3]!;
      s4 += value * vectors[at + 4]!;
      s5 += value * vectors[at + 5]!;
      s6 += value * vectors[at + 6]!;
      s7 += value * vectors[at + 7]!;
    }
    const at = r * lanes;
    out[at] = s0;
    out[at + 1] = s1;
    out[at + 2] = s2;
    out[at + 3] = s3;
    out[at + 4] = s4;
    out[at + 5] = s5;
    out[at + 6] = s6;
    out[at + 7] = s7;
  }
}

/** y += factor times x; returns the products of x with what y is then. */
export function addScaled(y: Float64Array, x: Float64Array, factor: number): Float64Array {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let s4 = 0;
  let s5 = 0;
  let s6 = 0;
  let s7 = 0;
  for (let at = 0; at < y.length; at += lanes) {
    s0 += x[at]! * (y[at]! += factor * x[at]!);
    s1 += x[at + 1]! * (y[at + 1]! += factor * x[at + 1]!);
    s2 += x[at + 2]! * (y[at + 2]! += factor * x[at + 2]!);
    s3 += x[at + 3]! * (y[at + 3]! += factor * x[at + 3]!);
    s4 += x[at + 4]! * (y[at + 4]! += factor * x[at + 4]!);
    s5 += x[at + 5]! * (y[at + 5]! += factor * x[at + 5]!);
    s6 += x[at + 6]! * (y[at + 6]! += factor * x[at + 6]!);
    s7 += x[at + 7]! * (y[at + 7]! += factor * x[at + 7]!);
  }
  return Float64Array.of(s0, s1, s2, s3, s4, s5, s6, s7);
}

/** y += x, each lane by its own factor. */
export function addLanes(y: Float64Array, x: Float64Array, factors: Float64Array): void {
  const f0 = factors[0]!;
  const f1 = factors[1]!;
  const f2 = factors[2]!;
  const f3 = factors[3]!;
  const f4 = factors[4]!;
  const f5 = factors[5]!;
  const f6 = factors[6]!;
  const f7 = factors[7]!;
  for (let at = 0; at < y.length; at += lanes) {
    y[at]! += f0 * x[at]!;
    y[at + 1]! += f1 * x[at + 1]!;
    y[at + 2]! += f2 * x[at + 2]!;
    y[at + 3]! += f3 * x[at + 3]!;
    y[at + 4]! += f4 * x[at + 4]!;
    y[at + 5]! += f5 * x[at + 5]!;
    y[at + 6]! += f6 * x[at + 6]!;
    y[at + 7]! += f7 * x[at + 7]!;
  }
}

/** Sum of squares of each lane, each entry by its weight where there are weights. */
export function squaredSizes(x: Float64Array, weights?: Float64Array): Float64Array {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let s4 = 0;
  let s5 = 0;
  let s6 = 0;
  let s7 = 0;
  for (let i = 0, at = 0; at < x.length; i++, at += lanes) {
    const weight = weights === undefined ? 1 : weights[i]!;
    s0 += weight * x[at]! * x[at]!;
    s1 += weight * x[at + 1]! * x[at + 1]!;
    s2 += weight * x[at + 2]! * x[at + 2]!;
    s3 += weight * x[at + 3]! * x[at + 3]!;
    s4 += weight * x[at + 4]! * x[at + 4]!;
    s5 += weight * x[at + 5]! * x[at + 5]!;
    s6 += weight * x[at + 6]! * x[at + 6]!;
    s7 += weight * x[at + 7]! * x[at + 7]!;
  }
  return Float64Array.of(s0, s1, s2, s3, s4, s5, s6, s7);
}

/** The next direction: the weighted residual, and a share of the last direction. */
export function turn(
  direction: Float64Array,
  residual: Float64Array,
  weights: Float64Array,
  shares: Float64Array,
): void {
  const f0 = shares[0]!;
  const f1 = shares[1]!;
  const f2 = shares[2]!;
  const f3 = shares[3]!;
  const f4 = shares[4]!;
  const f5 = shares[5]!;
  const f6 = shares[6]!;
  const f7 = shares[7]!;
  for (let i = 0, at = 0; at < direction.length; i++, at += lanes) {
    const weight = weights[i]!;
    direction[at] = weight * residual[at]! + f0 * direction[at]!;
    direction[at + 1] = weight * residual[at + 1]! + f1 * direction[at + 1]!;
    direction[at + 2] = weight * residual[at + 2]! + f2 * direction[at + 2]!;
    direction[at + 3] = weight * residual[at + 3]! + f3 * direction[at + 3]!;
    direction[at + 4] = weight * residual[at + 4]! + f4 * direction[at + 4]!;
    direction[at + 5] = weight * residual[at + 5]! + f5 * direction[at + 5]!;
    direction[at + 6] = weight * residual[at + 6]! + f6 * direction[at + 6]!;
    direction[at + 7] = weight * residual[at + 7]! + f7 * direction[at + 7]!;
  }
}
