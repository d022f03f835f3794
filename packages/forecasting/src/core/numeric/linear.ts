/**
 * Solves A x = b for a symmetric positive definite A by Cholesky's method, in place.
 *
 * @param matrix size x size, row by row; its lower triangle is read and overwritten with the factor
 * @param vector size values; overwritten with the solution
 * @returns false when the matrix is not positive definite; the arrays are then spoilt
 */
export function solvePositive(matrix: Float64Array, vector: Float64Array, size: number): boolean {
  if (!factorise(matrix, size)) return false;
  solveFactored(matrix, vector, size);
  return true;
}

/** Cholesky's factor in place of the lower triangle; false when a pivot is not above zero. */
export function factorise(matrix: Float64Array, size: number): boolean {
  for (let j = 0; j < size; j++) {
    let pivot = matrix[j * size + j]!;
    const least = 1e-13 * Math.abs(pivot);
    for (let k = 0; k < j; k++) pivot -= matrix[j * size + k]! ** 2;
    if (!(pivot > least)) return false;
    const root = Math.sqrt(pivot);
    matrix[j * size + j] = root;
    for (let i = j + 1; i < size; i++) {
      let sum = matrix[i * size + j]!;
      for (let k = 0; k < j; k++) sum -= matrix[i * size + k]! * matrix[j * size + k]!;
      matrix[i * size + j] = sum / root;
    }
  }
  return true;
}

/** The solution for one right side, from the factor that `factorise` left. */
export function solveFactored(factor: Float64Array, vector: Float64Array, size: number): void {
  for (let i = 0; i < size; i++) {
    let sum = vector[i]!;
    for (let k = 0; k < i; k++) sum -= factor[i * size + k]! * vector[k]!;
    vector[i] = sum / factor[i * size + i]!;
  }
  for (let i = size - 1; i >= 0; i--) {
    let sum = vector[i]!;
    for (let k = i + 1; k < size; k++) sum -= factor[k * size + i]! * vector[k]!;
    vector[i] = sum / factor[i * size + i]!;
  }
}

/**
 * Solves A x = b for any A by elimination with row exchanges, in place.
 *
 * @param matrix size x size, row by row; spoilt
 * @param vector size values; overwritten with the solution
 * @returns false when the matrix is singular
 */
export function solveGeneral(matrix: Float64Array, vector: Float64Array, size: number): boolean {
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column + 1; row < size; row++) {
      if (Math.abs(matrix[row * size + column]!) > Math.abs(matrix[pivot * size + column]!)) pivot = row;
    }
    const head = matrix[pivot * size + column]!;
    if (!(Math.abs(head) > 1e-14)) return false;
    if (pivot !== column) {
      for (let k = column; k < size; k++) {
        const kept = matrix[column * size + k]!;
        matrix[column * size + k] = matrix[pivot * size + k]!;
        matrix[pivot * size + k] = kept;
      }
      const kept = vector[column]!;
      vector[column] = vector[pivot]!;
      vector[pivot] = kept;
    }
    for (let row = column + 1; row < size; row++) {
      const factor = matrix[row * size + column]! / head;
      if (factor === 0) continue;
      for (let k = column; k < size; k++) matrix[row * size + k]! -= factor * matrix[column * size + k]!;
      vector[row]! -= factor * vector[column]!;
    }
  }
  for (let row = size - 1; row >= 0; row--) {
    let sum = vector[row]!;
    for (let k = row + 1; k < size; k++) sum -= matrix[row * size + k]! * vector[k]!;
    vector[row] = sum / matrix[row * size + row]!;
  }
  return true;
}
