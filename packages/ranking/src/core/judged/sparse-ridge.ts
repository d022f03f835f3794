/** Rows that hold 1 in a few columns and 0 in all others. */
export interface OneHotRows {
  readonly columnCount: number;
  /** The columns of each row, each at most once. */
  readonly rows: readonly Int32Array[];
}

/**
 * Ridge regression without an intercept by conjugate gradients: the b that makes |y - Xb|^2 + penalty |b|^2 small.
 *
 * @param targets one per row
 * @param penalty > 0: rows that a column has to be in before half of what they say is believed
 * @param rounds  steps at most; a dozen is near enough where the penalty is tens of rows
 * @returns one weight per column; 0 for a column that no row holds
 *
 * Hestenes and Stiefel (1952), on the normal equations. Deterministic.
 */
export function fitSparseRidge(
  { columnCount, rows }: OneHotRows,
  targets: ArrayLike<number>,
  penalty: number,
  rounds = 12,
): Float64Array {
  const weights = new Float64Array(columnCount);
  const left = new Float64Array(columnCount);
  rows.forEach((columns, row) => {
    for (const column of columns) left[column]! += targets[row]!;
  });
  const direction = left.slice();
  const product = new Float64Array(columnCount);
  let size = squared(left);
  for (let round = 0; round < rounds && size > 1e-12; round++) {
    product.fill(0);
    for (const columns of rows) {
      const along = sumAt(columns, direction);
      for (const column of columns) product[column]! += along;
    }
    let curvature = 0;
    for (let column = 0; column < columnCount; column++) {
      product[column]! += penalty * direction[column]!;
      curvature += direction[column]! * product[column]!;
    }
    const step = size / curvature;
    for (let column = 0; column < columnCount; column++) {
      weights[column]! += step * direction[column]!;
      left[column]! -= step * product[column]!;
    }
    const next = squared(left);
    const keep = next / size;
    for (let column = 0; column < columnCount; column++)
      direction[column] = left[column]! + keep * direction[column]!;
    size = next;
  }
  return weights;
}

/** Sum of the weights of columns; those beyond the weights count 0. */
export function sumAt(columns: Int32Array, weights: Float64Array): number {
  let sum = 0;
  for (const column of columns) sum += weights[column] ?? 0;
  return sum;
}

function squared(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
}
