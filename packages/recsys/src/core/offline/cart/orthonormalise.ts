/** Share of a column's length below which what is left of it is rounding. */
const leastOwn = 1e-12;

/**
 * Makes the columns of a matrix orthonormal, one after the other (modified Gram-Schmidt); a column that says nothing new
 * becomes 0.
 *
 * @param matrix row by row, `width` numbers each; changed in place
 */
export function orthonormaliseColumns(matrix: Float64Array, width: number): void {
  for (let column = 0; column < width; column++) {
    const before = columnSize(matrix, width, column);
    for (let earlier = 0; earlier < column; earlier++) {
      let dot = 0;
      for (let at = 0; at < matrix.length; at += width) dot += matrix[at + column]! * matrix[at + earlier]!;
      for (let at = 0; at < matrix.length; at += width) matrix[at + column]! -= dot * matrix[at + earlier]!;
    }
    const left = columnSize(matrix, width, column);
    const scale = left > leastOwn * before ? 1 / left : 0;
    for (let at = column; at < matrix.length; at += width) matrix[at]! *= scale;
  }
}

function columnSize(matrix: Float64Array, width: number, column: number): number {
  let squares = 0;
  for (let at = column; at < matrix.length; at += width) squares += matrix[at]! ** 2;
  return Math.sqrt(squares);
}
