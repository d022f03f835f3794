import { topK } from "../top-k.ts";
import { invertBlocked, squareMatrix } from "./dense/invert-blocked.ts";
import { addRows } from "./item-knn.ts";
import type { ItemScorer } from "./item-scorer.ts";
import { columnCounts, joinRows, transpose } from "./sparse.ts";
import type { SparseRows } from "./sparse.ts";

export interface EaseOptions {
  /** Ridge penalty, about the number of users that make an item well known. */
  readonly lambda?: number;
  /** Weights kept per item, the largest by size. */
  readonly keep?: number;
  /** One inverse, or columns one by one: what is cheaper unless told. */
  readonly solver?: "inverse" | "columns";
  /** Called with the share of the fit that is done, 0..1. */
  readonly onProgress?: (share: number) => void;
}

/**
 * EASE: the linear item-item model with zero diagonal that best rebuilds each user from their other items, in closed
 * form: with P = (X'X + lambda I)^-1, B_ij = -P_ij / P_jj. Steck (2019), "Embarrassingly shallow autoencoders".
 *
 * Small or dense data is inverted by Cholesky, n^3 / 2 products and 8 n^2 bytes; large and sparse data solves each column
 * by conjugate gradients, about 10 products with X. Whichever is cheaper is taken; they agree to three digits.
 */
export function fitEase(interactions: SparseRows, options: EaseOptions = {}): ItemScorer {
  const { lambda = 300, keep = 400 } = options;
  const n = interactions.columnCount;
  // Products of blocks in WebAssembly run about twelve times as fast as the scattered ones of conjugate gradients.
  const denseCost = n ** 3 / 12;
  const sparseCost = n * 12 * (8 * interactions.columns.length + 12 * n);
  const cheaper = n <= 6_000 && denseCost < sparseCost ? "inverse" : "columns";
  const eachRow = (options.solver ?? cheaper) === "inverse" ? denseRows : sparseRows;
  const diagonal = new Float64Array(n);
  const scale = Float64Array.from(columnCounts(interactions), (count) => lambda + count);
  const kept: { readonly columns: Int32Array; readonly values: Float64Array }[] = [];
  const size = new Float64Array(n);
  let done = 0;
  eachRow(interactions, lambda, (item, row) => {
    diagonal[item] = row[item]!;
    for (let j = 0; j < n; j++)
      size[j] = row[j] === 0 || j === item ? -Infinity : Math.abs(row[j]!) * scale[j]!;
    const columns = Int32Array.from(topK(size, keep));
    kept[item] = { columns, values: Float64Array.from(columns, (j) => row[j]!) };
    options.onProgress?.(++done / n);
  });
  const weights = joinRows(kept, n);
  for (let i = 0; i < weights.values.length; i++)
    weights.values[i] = -weights.values[i]! / diagonal[weights.columns[i]!]!;
  return { name: "ease", addScores: (history, scores) => addRows(weights, history, scores) };
}

type RowVisitor = (item: number, row: Float64Array) => void;

function denseRows(interactions: SparseRows, lambda: number, visit: RowVisitor): void {
  const n = interactions.columnCount;
  const gram = squareMatrix(n);
  const { values: sums, stride } = gram;
  const { offsets, columns, values } = interactions;
  const byItem = transpose(interactions);
  // Row by row, so that what is added to stays in the nearest cache.
  for (let i = 0; i < n; i++)
    for (let at = byItem.offsets[i]!; at < byItem.offsets[i + 1]!; at++) {
      const [user, value] = [byItem.columns[at]!, byItem.values[at]!];
      for (let b = offsets[user]!; b < offsets[user + 1]!; b++)
        sums[i * stride + columns[b]!]! += value * values[b]!;
    }
  for (let i = 0; i < n; i++) sums[i * stride + i]! += lambda;
  invertBlocked(gram);
  for (let i = 0; i < n; i++) visit(i, sums.subarray(i * stride, i * stride + n));
}

const maxIterations = 25;
const tolerance = 1e-3;
/** Columns solved side by side: the indexes of X are then read once for all of them. */
const lanes = 8;
/** An item of one user has weights of about 1 / lambda, and there may be very many such items. */
const minUsers = 2;

/**
 * Columns of the inverse by conjugate gradients with the diagonal as preconditioner, eight at a time, each with its own
 * step. An item that fewer than two users have gets the first approximation, 1 / (lambda + count) on the diagonal.
 */
function sparseRows(interactions: SparseRows, lambda: number, visit: RowVisitor): void {
  const n = interactions.columnCount;
  const byItem = transpose(interactions);
  const counts = columnCounts(interactions);
  const squares = new Float64Array(n);
  for (let i = 0; i < interactions.columns.length; i++)
    squares[interactions.columns[i]!]! += interactions.values[i]! ** 2;
  const inverseDiagonal = squares.map((square) => 1 / (square + lambda));
  const row = new Float64Array(n);
  const solved: number[] = [];
  for (let item = 0; item < n; item++) {
    if (counts[item]! >= minUsers) solved.push(item);
    else {
      row[item] = inverseDiagonal[item]!;
      visit(item, row);
      row[item] = 0;
    }
  }
  const solver = laneSolver(interactions, byItem, lambda, inverseDiagonal);
  for (let first = 0; first < solved.length; first += lanes) {
    const batch = solved.slice(first, first + lanes);
    const solution = solver(batch);
    batch.forEach((item, lane) => {
      for (let i = 0; i < n; i++) row[i] = solution[i * lanes + lane]!;
      visit(item, row);
    });
  }
}

/** Solves (X'X + lambda I) z = e_item for a batch of items; entry i of lane l is at `i * lanes + l`. */
function laneSolver(
  byUser: SparseRows,
  byItem: SparseRows,
  lambda: number,
  inverseDiagonal: Float64Array,
): (batch: readonly number[]) => Float64Array {
  const n = byUser.columnCount;
  const perUser = new Float64Array(byUser.rowCount * lanes);
  const solution = new Float64Array(n * lanes);
  const residual = new Float64Array(n * lanes);
  const direction = new Float64Array(n * lanes);
  const product = new Float64Array(n * lanes);
  const perLane = (): Float64Array => new Float64Array(lanes);
  return (batch) => {
    solution.fill(0);
    residual.fill(0);
    direction.fill(0);
    const rho = perLane();
    batch.forEach((item, lane) => {
      residual[item * lanes + lane] = 1;
      direction[item * lanes + lane] = inverseDiagonal[item]!;
      rho[lane] = inverseDiagonal[item]!;
    });
    for (let iteration = 0; iteration < maxIterations; iteration++) {
      multiply(byUser, direction, perUser);
      multiply(byItem, perUser, product);
      const curvature = perLane();
      for (let at = 0; at < n * lanes; at++) {
        product[at]! += lambda * direction[at]!;
        curvature[at % lanes]! += direction[at]! * product[at]!;
      }
      // A lane that is done, or unused, has no direction left and stands still.
      const step = rho.map((value, lane) => (curvature[lane]! > 0 ? value / curvature[lane]! : 0));
      const error = perLane();
      const nextRho = perLane();
      for (let i = 0, at = 0; i < n; i++)
        for (let lane = 0; lane < lanes; lane++, at++) {
          solution[at]! += step[lane]! * direction[at]!;
          const left = residual[at]! - step[lane]! * product[at]!;
          residual[at] = left;
          error[lane]! += left * left;
          nextRho[lane]! += left * left * inverseDiagonal[i]!;
        }
      if (error.every((value) => value < tolerance * tolerance)) break;
      const ratio = nextRho.map((value, lane) => (rho[lane]! > 0 ? value / rho[lane]! : 0));
      rho.set(nextRho);
      for (let i = 0, at = 0; i < n; i++)
        for (let lane = 0; lane < lanes; lane++, at++)
          direction[at] = residual[at]! * inverseDiagonal[i]! + ratio[lane]! * direction[at]!;
    }
    return solution;
  };
}

function multiply(matrix: SparseRows, vectors: Float64Array, out: Float64Array): void {
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
    const to = r * lanes;
    out[to] = s0;
    out[to + 1] = s1;
    out[to + 2] = s2;
    out[to + 3] = s3;
    out[to + 4] = s4;
    out[to + 5] = s5;
    out[to + 6] = s6;
    out[to + 7] = s7;
  }
}
