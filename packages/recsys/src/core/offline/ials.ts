import type { Rng } from "@almanac/kernel";
import { choleskyInPlace, solveFactored } from "./cholesky.ts";
import type { ItemScorer } from "./item-scorer.ts";
import { transpose } from "./sparse.ts";
import type { SparseRows } from "./sparse.ts";

export interface IalsOptions {
  readonly rng: Rng;
  readonly dimensions?: number;
  readonly iterations?: number;
  /** Weight of every pair that was not seen, against 1 for one that was. */
  readonly unobservedWeight?: number;
  /** Penalty per observation and per unobserved pair of a row. */
  readonly regularisation?: number;
  readonly onProgress?: (share: number) => void;
}

/**
 * Implicit alternating least squares: factors that give 1 to what was seen and 0, weakly, to everything else. A history
 * is folded in by one solve, so that it need not have been trained on.
 *
 * Hu, Koren & Volinsky (2008); penalties by frequency as in Rendle et al. (2022), "Revisiting the performance of iALS".
 * Rows are improved by three warm-started conjugate gradient steps (Takács et al. 2011).
 */
export function fitIals(interactions: SparseRows, options: IalsOptions): ItemScorer {
  const { dimensions: d = 64, iterations = 12, unobservedWeight = 0.03, regularisation = 0.01 } = options;
  const byItem = transpose(interactions);
  const start = (rows: number): Float64Array =>
    Float64Array.from({ length: rows * d }, () => (0.1 * options.rng.normal()) / Math.sqrt(d));
  const users = start(interactions.rowCount);
  const items = start(interactions.columnCount);
  const penalty = (seen: number, others: number): number =>
    regularisation * (seen + unobservedWeight * others);
  for (let iteration = 0; iteration < iterations; iteration++) {
    improve(interactions, users, items, d, unobservedWeight, penalty);
    improve(byItem, items, users, d, unobservedWeight, penalty);
    options.onProgress?.((iteration + 1) / iterations);
  }
  const gram = gramOf(items, d, unobservedWeight);
  return {
    name: "ials",
    addScores(history, scores) {
      const user = foldIn(
        history.items,
        history.weights,
        items,
        gram,
        d,
        penalty(history.items.length, scores.length),
      );
      for (let item = 0; item < scores.length; item++) {
        let sum = 0;
        for (let k = 0; k < d; k++) sum += user[k]! * items[item * d + k]!;
        scores[item]! += sum;
      }
    },
  };
}

function gramOf(factors: Float64Array, d: number, weight: number): Float64Array {
  const gram = new Float64Array(d * d);
  for (let row = 0; row < factors.length; row += d)
    for (let a = 0; a < d; a++) {
      const scaled = weight * factors[row + a]!;
      for (let b = 0; b <= a; b++) gram[a * d + b]! += scaled * factors[row + b]!;
    }
  for (let a = 0; a < d; a++) for (let b = 0; b < a; b++) gram[b * d + a] = gram[a * d + b]!;
  return gram;
}

function foldIn(
  items: readonly number[],
  weights: readonly number[],
  factors: Float64Array,
  gram: Float64Array,
  d: number,
  penalty: number,
): Float64Array {
  const system = gram.slice();
  const right = new Float64Array(d);
  items.forEach((item, h) => {
    const row = item * d;
    for (let a = 0; a < d; a++) {
      const scaled = weights[h]! * factors[row + a]!;
      right[a]! += scaled;
      for (let b = 0; b < d; b++) system[a * d + b]! += scaled * factors[row + b]!;
    }
  });
  for (let a = 0; a < d; a++) system[a * d + a]! += penalty;
  choleskyInPlace(system, d);
  solveFactored(system, d, right);
  return right;
}

const stepsPerRow = 3;

function improve(
  rows: SparseRows,
  own: Float64Array,
  others: Float64Array,
  d: number,
  unobservedWeight: number,
  penalty: (seen: number, others: number) => number,
): void {
  const gram = gramOf(others, d, unobservedWeight);
  const residual = new Float64Array(d);
  const direction = new Float64Array(d);
  const product = new Float64Array(d);
  for (let r = 0; r < rows.rowCount; r++) {
    const from = rows.offsets[r]!;
    const to = rows.offsets[r + 1]!;
    const solution = own.subarray(r * d, (r + 1) * d);
    if (from === to) {
      solution.fill(0);
      continue;
    }
    const lambda = penalty(to - from, rows.columnCount);
    const apply = (vector: Float64Array, out: Float64Array): void => {
      for (let a = 0; a < d; a++) {
        let sum = lambda * vector[a]!;
        const at = a * d;
        for (let b = 0; b < d; b++) sum += gram[at + b]! * vector[b]!;
        out[a] = sum;
      }
      for (let i = from; i < to; i++) {
        const at = rows.columns[i]! * d;
        let sum = 0;
        for (let b = 0; b < d; b++) sum += others[at + b]! * vector[b]!;
        for (let b = 0; b < d; b++) out[b]! += sum * others[at + b]!;
      }
    };
    apply(solution, product);
    residual.fill(0);
    for (let i = from; i < to; i++) {
      const at = rows.columns[i]! * d;
      for (let b = 0; b < d; b++) residual[b]! += others[at + b]!;
    }
    let rho = 0;
    for (let b = 0; b < d; b++) {
      residual[b]! -= product[b]!;
      direction[b] = residual[b]!;
      rho += residual[b]! ** 2;
    }
    for (let step = 0; step < stepsPerRow && rho > 1e-20; step++) {
      apply(direction, product);
      let curvature = 0;
      for (let b = 0; b < d; b++) curvature += direction[b]! * product[b]!;
      const length = rho / curvature;
      let nextRho = 0;
      for (let b = 0; b < d; b++) {
        solution[b]! += length * direction[b]!;
        residual[b]! -= length * product[b]!;
        nextRho += residual[b]! ** 2;
      }
      for (let b = 0; b < d; b++) direction[b] = residual[b]! + (nextRho / rho) * direction[b]!;
      rho = nextRho;
    }
  }
}
