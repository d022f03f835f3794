import { topK } from "../scores/top-k.ts";
import { invertBlocked, squareMatrix } from "./dense/invert-blocked.ts";
import { addRows } from "./item-knn.ts";
import type { ItemScorer } from "./item-scorer.ts";
import { addLanes, addScaled, lanes, multiply, squaredSizes, turn } from "./lanes.ts";
import { columnCounts, joinRows, packRows, transpose } from "./sparse.ts";
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
  const scale = Float64Array.from(columnCounts(interactions), (count) => lambda + count);
  // What is not visited is alone: it has weights of about 1 / lambda at most.
  const diagonal = scale.map((size) => 1 / size);
  const alone = { columns: new Int32Array(0), values: new Float64Array(0) };
  const kept = Array.from({ length: n }, () => alone);
  const size = new Float64Array(n);
  let done = 0;
  const known = Math.max(1, scale.filter((size) => size >= lambda + minUsers).length);
  eachRow(interactions, lambda, (item, row) => {
    diagonal[item] = row[item]!;
    for (let j = 0; j < n; j++)
      size[j] = row[j] === 0 || j === item ? -Infinity : Math.abs(row[j]!) * scale[j]!;
    const columns = Int32Array.from(topK(size, keep));
    kept[item] = { columns, values: Float64Array.from(columns, (j) => row[j]!) };
    options.onProgress?.(Math.min(1, ++done / known));
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
/** An item of one user has weights of about 1 / lambda, and there may be very many such items. */
const minUsers = 2;

/**
 * Columns of the inverse by conjugate gradients with the diagonal as preconditioner, eight at a time, each with its own
 * step. Items that fewer than two users have stay out of the system, which makes it half as large where most items are
 * rare: they get what the solution says of their one user, and are alone otherwise.
 */
function sparseRows(interactions: SparseRows, lambda: number, visit: RowVisitor): void {
  const n = interactions.columnCount;
  const counts = columnCounts(interactions);
  const { matrix, known, rare } = splitByUsers(interactions, counts);
  const squares = new Float64Array(known.length);
  for (let i = 0; i < matrix.columns.length; i++) squares[matrix.columns[i]!]! += matrix.values[i]! ** 2;
  const inverseDiagonal = squares.map((square) => 1 / (square + lambda));
  const row = new Float64Array(n);
  const solver = laneSolver(matrix, transpose(matrix), lambda, inverseDiagonal);
  for (let first = 0; first < known.length; first += lanes) {
    const batch = Array.from({ length: Math.min(lanes, known.length - first) }, (_, lane) => first + lane);
    const { solution, perUser } = solver(batch);
    batch.forEach((item, lane) => {
      for (let i = 0; i < known.length; i++) row[known[i]!] = solution[i * lanes + lane]!;
      for (let user = 0; user < rare.rowCount; user++)
        for (let at = rare.offsets[user]!; at < rare.offsets[user + 1]!; at++) {
          const value = rare.values[at]!;
          row[rare.columns[at]!] = (-value * perUser[user * lanes + lane]!) / (lambda + value * value);
        }
      visit(known[item]!, row);
    });
  }
}

/** The items with enough users, numbered anew, and apart from them the others under their own numbers. */
function splitByUsers(
  { rowCount, columnCount, offsets, columns, values }: SparseRows,
  counts: Int32Array,
): { matrix: SparseRows; known: Int32Array; rare: SparseRows } {
  const place = new Int32Array(columnCount).fill(-1);
  const known = Int32Array.from(counts.keys()).filter((item) => counts[item]! >= minUsers);
  known.forEach((item, at) => (place[item] = at));
  const users = new Int32Array(columns.length);
  for (let user = 0; user < rowCount; user++) users.fill(user, offsets[user]!, offsets[user + 1]!);
  const pick = (isWanted: (place: number) => boolean, width: number, numberOf: (item: number) => number) => {
    const at = Int32Array.from(columns.keys()).filter((i) => isWanted(place[columns[i]!]!));
    return packRows(
      rowCount,
      width,
      at.map((i) => users[i]!),
      at.map((i) => numberOf(columns[i]!)),
      Float64Array.from(at, (i) => values[i]!),
    );
  };
  return {
    matrix: pick(
      (to) => to >= 0,
      known.length,
      (item) => place[item]!,
    ),
    known,
    rare: pick(
      (to) => to < 0,
      columnCount,
      (item) => item,
    ),
  };
}

interface LaneSolution {
  /** Entry i of lane l at `i * lanes + l`. */
  readonly solution: Float64Array;
  /** X times the solution, in the same layout. */
  readonly perUser: Float64Array;
}

/** Solves (X'X + lambda I) z = e_item for a batch of items, a lane each. */
function laneSolver(
  byUser: SparseRows,
  byItem: SparseRows,
  lambda: number,
  inverseDiagonal: Float64Array,
): (batch: readonly number[]) => LaneSolution {
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
      const curvature = addScaled(product, direction, lambda);
      // A lane that is done, or unused, has no direction left and stands still.
      const step = rho.map((value, lane) => (curvature[lane]! > 0 ? value / curvature[lane]! : 0));
      addLanes(solution, direction, step);
      addLanes(
        residual,
        product,
        step.map((size) => -size),
      );
      if (squaredSizes(residual).every((value) => value < tolerance * tolerance)) break;
      const nextRho = squaredSizes(residual, inverseDiagonal);
      const ratio = nextRho.map((value, lane) => (rho[lane]! > 0 ? value / rho[lane]! : 0));
      rho.set(nextRho);
      turn(direction, residual, inverseDiagonal, ratio);
    }
    multiply(byUser, solution, perUser);
    return { solution, perUser };
  };
}
