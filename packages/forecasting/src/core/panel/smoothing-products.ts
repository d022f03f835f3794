/** Sums of products of one-step errors of smoothing, of some columns and of what they are to explain. */
export interface SmoothingProducts {
  /** size x size, of the columns with each other: the lower triangle. */
  readonly cross: Float64Array;
  /** Of each column with the values. */
  readonly right: Float64Array;
  /** Of the values with themselves. */
  readonly squares: number;
  /** Steps that were observed. */
  readonly count: number;
}

/**
 * Columns and values are smoothed alike, each by a level of its own, and what is new in them is multiplied.
 *
 * @param values as long as is looked at, at least 1
 * @param columns at least as long
 * @param observed 1 where a value is one, not a filled gap; others are passed over
 * @param alpha weight of the newest value in the level, 0 to 1
 */
export function smoothingProducts(
  columns: readonly Float64Array[],
  values: Float64Array,
  observed: Uint8Array,
  alpha: number,
): SmoothingProducts {
  const size = columns.length;
  const cross = new Float64Array(size * size);
  const right = new Float64Array(size);
  const levels = columns.map((column) => column[0]!);
  const errors = new Float64Array(size);
  let level = values[0]!;
  let squares = 0;
  let count = 0;
  for (let t = 1; t < values.length; t++) {
    if (observed[t] === 0) continue;
    const error = values[t]! - level;
    level += alpha * error;
    squares += error * error;
    count++;
    for (let i = 0; i < size; i++) {
      errors[i] = columns[i]![t]! - levels[i]!;
      levels[i]! += alpha * errors[i]!;
    }
    for (let i = 0; i < size; i++) {
      const own = errors[i]!;
      if (own === 0) continue;
      right[i]! += own * error;
      for (let j = 0; j <= i; j++) cross[i * size + j]! += own * errors[j]!;
    }
  }
  return { cross, right, squares, count };
}
