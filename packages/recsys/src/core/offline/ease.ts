import { topK } from "../top-k.ts";
import { invertPositiveDefinite } from "./cholesky.ts";
import { addRows } from "./item-knn.ts";
import type { ItemScorer } from "./item-scorer.ts";
import { columnCounts, packRows, transpose } from "./sparse.ts";
import type { SparseRows } from "./sparse.ts";

export interface EaseOptions {
  /** Ridge penalty, about the number of users that make an item well known. */
  readonly lambda?: number;
  /** Weights kept per item, the largest by size. */
  readonly keep?: number;
  /** Called with the share of the fit that is done, 0..1. */
  readonly onProgress?: (share: number) => void;
}

/**
 * EASE: the linear item-item model with zero diagonal that best rebuilds each user from their other items, in closed
 * form: with P = (X'X + lambda I)^-1, B_ij = -P_ij / P_jj. Steck (2019), "Embarrassingly shallow autoencoders".
 *
 * Small or dense data inverts by Cholesky, n^3 operations; large and sparse data solves each column by conjugate
 * gradients, about 10 products with X. Whichever is cheaper is taken; they agree to four digits.
 */
export function fitEase(interactions: SparseRows, options: EaseOptions = {}): ItemScorer {
  const { lambda = 300, keep = 400 } = options;
  const n = interactions.columnCount;
  const denseCost = n ** 3;
  const sparseCost = n * 12 * (8 * interactions.columns.length + 12 * n);
  const eachRow = n <= 6_000 && denseCost < sparseCost ? denseRows : sparseRows;
  const diagonal = new Float64Array(n);
  const scale = Float64Array.from(columnCounts(interactions), (count) => lambda + count);
  const rows: number[] = [];
  const columns: number[] = [];
  const values: number[] = [];
  const size = new Float64Array(n);
  eachRow(interactions, lambda, (item, row) => {
    diagonal[item] = row[item]!;
    for (let j = 0; j < n; j++)
      size[j] = row[j] === 0 || j === item ? -Infinity : Math.abs(row[j]!) * scale[j]!;
    for (const j of topK(size, keep)) {
      rows.push(item);
      columns.push(j);
      values.push(row[j]!);
    }
    options.onProgress?.((item + 1) / n);
  });
  for (let i = 0; i < values.length; i++) values[i] = -values[i]! / diagonal[columns[i]!]!;
  const weights = packRows(n, n, rows, columns, values);
  return { name: "ease", addScores: (history, scores) => addRows(weights, history, scores) };
}

type RowVisitor = (item: number, row: Float64Array) => void;

function denseRows(interactions: SparseRows, lambda: number, visit: RowVisitor): void {
  const n = interactions.columnCount;
  const gram = new Float64Array(n * n);
  const { offsets, columns, values } = interactions;
  for (let u = 0; u < interactions.rowCount; u++)
    for (let a = offsets[u]!; a < offsets[u + 1]!; a++)
      for (let b = offsets[u]!; b < offsets[u + 1]!; b++)
        gram[columns[a]! * n + columns[b]!]! += values[a]! * values[b]!;
  for (let i = 0; i < n; i++) gram[i * n + i]! += lambda;
  const inverse = invertPositiveDefinite(gram, n);
  for (let i = 0; i < n; i++) visit(i, inverse.subarray(i * n, (i + 1) * n));
}

const maxIterations = 25;
const tolerance = 1e-4;

/** Columns of the inverse one by one, by conjugate gradients with the diagonal as preconditioner. */
function sparseRows(interactions: SparseRows, lambda: number, visit: RowVisitor): void {
  const n = interactions.columnCount;
  const byItem = transpose(interactions);
  const squares = new Float64Array(n);
  for (let i = 0; i < interactions.columns.length; i++)
    squares[interactions.columns[i]!]! += interactions.values[i]! ** 2;
  const inverseDiagonal = squares.map((square) => 1 / (square + lambda));
  const perUser = new Float64Array(interactions.rowCount);
  const solution = new Float64Array(n);
  const residual = new Float64Array(n);
  const direction = new Float64Array(n);
  const product = new Float64Array(n);
  for (let item = 0; item < n; item++) {
    solution.fill(0);
    residual.fill(0);
    residual[item] = 1;
    for (let i = 0; i < n; i++) direction[i] = residual[i]! * inverseDiagonal[i]!;
    let rho = inverseDiagonal[item]!;
    for (let iteration = 0; iteration < maxIterations; iteration++) {
      multiply(interactions, direction, perUser);
      multiply(byItem, perUser, product);
      let curvature = 0;
      for (let i = 0; i < n; i++) {
        product[i]! += lambda * direction[i]!;
        curvature += direction[i]! * product[i]!;
      }
      const step = rho / curvature;
      let error = 0;
      let nextRho = 0;
      for (let i = 0; i < n; i++) {
        solution[i]! += step * direction[i]!;
        const left = residual[i]! - step * product[i]!;
        residual[i] = left;
        error += left * left;
        nextRho += left * left * inverseDiagonal[i]!;
      }
      if (error < tolerance * tolerance) break;
      const ratio = nextRho / rho;
      rho = nextRho;
      for (let i = 0; i < n; i++) direction[i] = residual[i]! * inverseDiagonal[i]! + ratio * direction[i]!;
    }
    visit(item, solution);
  }
}

function multiply(matrix: SparseRows, vector: Float64Array, out: Float64Array): void {
  const { offsets, columns, values } = matrix;
  for (let r = 0; r < matrix.rowCount; r++) {
    let sum = 0;
    for (let i = offsets[r]!; i < offsets[r + 1]!; i++) sum += values[i]! * vector[columns[i]!]!;
    out[r] = sum;
  }
}
