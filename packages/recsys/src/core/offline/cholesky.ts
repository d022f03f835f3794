import { invariant } from "@almanac/kernel";

/** Sum of a[i] x b[i] over `count` entries; four accumulators, as one would wait for each addition. */
function dot(a: Float64Array, aStart: number, b: Float64Array, bStart: number, count: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let i = 0;
  for (; i + 3 < count; i += 4) {
    s0 += a[aStart + i]! * b[bStart + i]!;
    s1 += a[aStart + i + 1]! * b[bStart + i + 1]!;
    s2 += a[aStart + i + 2]! * b[bStart + i + 2]!;
    s3 += a[aStart + i + 3]! * b[bStart + i + 3]!;
  }
  for (; i < count; i++) s0 += a[aStart + i]! * b[bStart + i]!;
  return s0 + s1 + (s2 + s3);
}

/**
 * Lower Cholesky factor in place, n x n by rows; the upper triangle is left as it was.
 *
 * @throws InvariantError if the matrix is not positive definite
 */
export function choleskyInPlace(matrix: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++)
      matrix[i * n + j] = (matrix[i * n + j]! - dot(matrix, i * n, matrix, j * n, j)) / matrix[j * n + j]!;
    const pivot = matrix[i * n + i]! - dot(matrix, i * n, matrix, i * n, i);
    invariant(pivot > 0, "the matrix is not positive definite");
    matrix[i * n + i] = Math.sqrt(pivot);
  }
}

/** Inverse of a symmetric positive definite matrix, n x n by rows. The input is overwritten by its factor. */
export function invertPositiveDefinite(matrix: Float64Array, n: number): Float64Array {
  choleskyInPlace(matrix, n);
  // Row j holds column j of the inverse factor, so that every inner loop runs along a row.
  const inverseFactor = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    inverseFactor[j * n + j] = 1 / matrix[j * n + j]!;
    for (let i = j + 1; i < n; i++)
      inverseFactor[j * n + i] =
        -dot(matrix, i * n + j, inverseFactor, j * n + j, i - j) / matrix[i * n + i]!;
  }
  const inverse = matrix;
  for (let i = 0; i < n; i++)
    for (let j = i; j < n; j++) {
      const value = dot(inverseFactor, i * n + j, inverseFactor, j * n + j, n - j);
      inverse[i * n + j] = value;
      inverse[j * n + i] = value;
    }
  return inverse;
}

/** Solves the system of a factor from `choleskyInPlace` in place of the right-hand side. */
export function solveFactored(factor: Float64Array, n: number, right: Float64Array): void {
  for (let i = 0; i < n; i++) right[i] = (right[i]! - dot(factor, i * n, right, 0, i)) / factor[i * n + i]!;
  for (let i = n - 1; i >= 0; i--) {
    let sum = right[i]!;
    for (let k = i + 1; k < n; k++) sum -= factor[k * n + i]! * right[k]!;
    right[i] = sum / factor[i * n + i]!;
  }
}
