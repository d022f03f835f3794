import { invariant } from "@almanac/kernel";
import { logistic } from "../trees/losses.ts";
import { solvePositiveDefinite } from "./solve.ts";

/** Rows of few entries that are not zero: row r has columns `index[at]` with `value[at]` for at in [offsets[r], offsets[r + 1]). */
export interface SparseRows {
  readonly width: number;
  readonly offsets: Int32Array;
  readonly index: Int32Array;
  readonly value: Float32Array;
}

export interface LogisticRegression {
  readonly intercept: number;
  readonly weights: Float64Array;
}

/**
 * Logistic regression with L2 on all weights but the intercept, by Newton's method (iteratively reweighted least squares)
 * with halved steps where the loss would rise.
 *
 * @param ridge penalty on half the sum of squared weights, against the sum of losses; above 0
 * @param start a model to begin from, such as that of another penalty
 */
export function fitLogisticRegression(
  rows: SparseRows,
  labels: ArrayLike<number>,
  ridge: number,
  start?: LogisticRegression,
): LogisticRegression {
  invariant(rows.offsets.length === labels.length + 1, "rows and labels differ in number");
  invariant(ridge > 0, "ridge is above 0");
  const n = rows.width + 1;
  // The intercept is the last.
  let theta = new Float64Array(n);
  if (start) {
    theta.set(start.weights);
    theta[n - 1] = start.intercept;
  }
  let loss = penalised(rows, labels, ridge, theta);
  for (let step = 0; step < 30; step++) {
    const hessian = new Float64Array(n * n);
    const move = new Float64Array(n);
    gather(rows, labels, theta, hessian, move);
    for (let column = 0; column < n; column++) {
      if (column < n - 1) move[column]! += ridge * theta[column]!;
      hessian[column * n + column]! += column < n - 1 ? ridge : 1e-9;
    }
    if (!solvePositiveDefinite(hessian, move, n)) break;
    let share = 1;
    let next = theta;
    let nextLoss = Infinity;
    for (; share > 1e-3; share /= 2) {
      next = theta.map((value, column) => value - share * move[column]!);
      nextLoss = penalised(rows, labels, ridge, next);
      if (nextLoss <= loss) break;
    }
    if (!(nextLoss <= loss)) break;
    const gained = loss - nextLoss;
    theta = next;
    loss = nextLoss;
    if (gained < 1e-7 * Math.max(1, loss)) break;
  }
  return { intercept: theta[n - 1]!, weights: theta.slice(0, n - 1) };
}

/** Log-odds, one a row. */
export function predictLogisticRegression(
  { intercept, weights }: LogisticRegression,
  rows: SparseRows,
): Float64Array {
  invariant(weights.length === rows.width, "the rows are not as wide as the model");
  const logits = new Float64Array(rows.offsets.length - 1);
  for (let row = 0; row < logits.length; row++) {
    let sum = intercept;
    for (let at = rows.offsets[row]!; at < rows.offsets[row + 1]!; at++)
      sum += weights[rows.index[at]!]! * rows.value[at]!;
    logits[row] = sum;
  }
  return logits;
}

function scoreOf(rows: SparseRows, theta: Float64Array, row: number): number {
  let sum = theta[rows.width]!;
  for (let at = rows.offsets[row]!; at < rows.offsets[row + 1]!; at++)
    sum += theta[rows.index[at]!]! * rows.value[at]!;
  return sum;
}

function penalised(rows: SparseRows, labels: ArrayLike<number>, ridge: number, theta: Float64Array): number {
  let loss = 0;
  for (let column = 0; column < rows.width; column++) loss += 0.5 * ridge * theta[column]! ** 2;
  for (let row = 0; row < labels.length; row++) {
    const score = scoreOf(rows, theta, row);
    loss += Math.max(score, 0) + Math.log1p(Math.exp(-Math.abs(score))) - labels[row]! * score;
  }
  return loss;
}

/** Adds the lower half of the Hessian and the gradient of the losses. */
function gather(
  rows: SparseRows,
  labels: ArrayLike<number>,
  theta: Float64Array,
  hessian: Float64Array,
  gradient: Float64Array,
): void {
  const n = rows.width + 1;
  const { offsets, index, value } = rows;
  for (let row = 0; row < labels.length; row++) {
    const p = logistic(scoreOf(rows, theta, row));
    const first = p - labels[row]!;
    const second = p * (1 - p);
    for (let a = offsets[row]!; a < offsets[row + 1]!; a++) {
      const column = index[a]!;
      const own = value[a]!;
      gradient[column]! += first * own;
      // Columns of a row ascend, so the lower half is what comes before.
      for (let b = offsets[row]!; b <= a; b++) hessian[column * n + index[b]!]! += second * own * value[b]!;
      hessian[(n - 1) * n + column]! += second * own;
    }
    gradient[n - 1]! += first;
    hessian[(n - 1) * n + n - 1]! += second;
  }
}
