import { invariant } from "@almanac/kernel";

/** Sums for a ridge regression, added to row by row; those of several folds join into one. */
export class RidgeSums {
  readonly products: Float64Array;
  readonly targets: Float64Array;
  private readonly width: number;

  constructor(width: number) {
    this.width = width;
    this.products = new Float64Array(width * width);
    this.targets = new Float64Array(width);
  }

  add(row: ArrayLike<number>, target: number, weight: number): void {
    const { width } = this;
    for (let i = 0; i < width; i++) {
      const weighted = weight * row[i]!;
      this.targets[i]! += weighted * target;
      for (let j = 0; j < width; j++) this.products[i * width + j]! += weighted * row[j]!;
    }
  }

  /** Adds another's sums. */
  join(other: RidgeSums): void {
    for (let i = 0; i < this.products.length; i++) this.products[i]! += other.products[i]!;
    for (let i = 0; i < this.targets.length; i++) this.targets[i]! += other.targets[i]!;
  }

  /**
   * Coefficients that minimise the squared error plus `penalty` times the squared distance from `prior`: with little
   * data they stay near it. (X'X + penalty I)(w - prior) = X'y - X'X prior, by Cholesky.
   */
  solve(penalty: number, prior: readonly number[]): number[] {
    const { width, products } = this;
    invariant(penalty > 0, "a ridge needs a penalty above zero");
    const right = Array.from({ length: width }, (_, i) => {
      let explained = 0;
      for (let j = 0; j < width; j++) explained += products[i * width + j]! * prior[j]!;
      return this.targets[i]! - explained;
    });
    const penalised = products.slice();
    for (let i = 0; i < width; i++) penalised[i * width + i]! += penalty;
    return solveCholesky(penalised, right).map((shift, i) => prior[i]! + shift);
  }
}

/** Solves A x = b for a symmetric, positive definite A (row by row). */
function solveCholesky(matrix: Float64Array, right: readonly number[]): number[] {
  const n = right.length;
  const lower = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= lower[i * n + k]! * lower[j * n + k]!;
      lower[i * n + j] = i === j ? Math.sqrt(sum) : sum / lower[j * n + j]!;
    }
  }
  const x = [...right];
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i]! -= lower[i * n + k]! * x[k]!;
    x[i]! /= lower[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i]! -= lower[k * n + i]! * x[k]!;
    x[i]! /= lower[i * n + i]!;
  }
  return x;
}
