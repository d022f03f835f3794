import type { Rng } from "@almanac/kernel";
import { relatedItems } from "../item-knn.ts";
import type { ItemScorer } from "../item-scorer.ts";
import type { SparseRows } from "../sparse.ts";
import { orthonormaliseColumns } from "./orthonormalise.ts";

export interface KindredItemsOptions {
  readonly rng: Rng;
  /** Directions, at most one an item, or 0 for no opinion: a few tell shelves apart, more of them tell what lies on one. */
  readonly width: number;
}

const rounds = 10;
/** Shared carts at which a pair counts half of what it says. */
const shrinkage = 8;
/** An item of one cart would lie exactly where that cart does. */
const fewestCarts = 2;

/**
 * Items as directions: those that come with the same others point the same way, though they may never have shared a cart.
 * The directions are the leading eigenvectors, all counted alike, of the positive pointwise mutual information of pairs,
 * max(0, ln(n_ij N / (n_i n_j))), shrunk by n_ij / (n_ij + 8); an item's row is brought to length 1. A cart is the sum of its
 * items, and what points its way completes it. It knows nothing of popularity and says little alone; beside models of
 * counts it tells apart the rare items, of which they know next to nothing.
 *
 * Levy & Goldberg (2014), "Neural word embedding as implicit matrix factorization"; the eigenvalues to the power of 0 after
 * Levy, Goldberg & Dagan (2015).
 */
export function fitKindredItems(carts: SparseRows, options: KindredItemsOptions): ItemScorer {
  const width = Math.min(options.width, carts.columnCount);
  const information = relatedItems(carts, carts.columnCount, (shared, source, target) =>
    Math.min(source, target) < fewestCarts
      ? 0
      : (Math.max(0, Math.log((shared * carts.rowCount) / (source * target))) * shared) /
        (shared + shrinkage),
  );
  const directions = leadingVectors(information, width, options.rng);
  const known = scaleRows(directions, width);
  return {
    name: "kindred-items",
    addScores({ items, weights }, scores) {
      const cart = new Float64Array(width);
      items.forEach((item, at) => {
        for (let k = 0; k < width; k++) cart[k]! += weights[at]! * directions[item * width + k]!;
      });
      for (const item of known) {
        let sum = 0;
        for (let k = 0; k < width; k++) sum += cart[k]! * directions[item * width + k]!;
        scores[item]! += sum;
      }
    },
  };
}

/** An orthonormal basis of the eigenvectors with the largest eigenvalues by size, by subspace iteration; a row an item. */
function leadingVectors(symmetric: SparseRows, width: number, rng: Rng): Float64Array {
  let basis = Float64Array.from({ length: symmetric.rowCount * width }, () => rng.normal());
  for (let round = 0; round < rounds; round++) {
    basis = multiply(symmetric, basis, width);
    orthonormaliseColumns(basis, width);
  }
  return basis;
}

function multiply({ rowCount, offsets, columns, values }: SparseRows, matrix: Float64Array, width: number) {
  const product = new Float64Array(rowCount * width);
  for (let row = 0; row < rowCount; row++)
    for (let at = offsets[row]!; at < offsets[row + 1]!; at++) {
      const value = values[at]!;
      if (value === 0) continue;
      const [to, from] = [row * width, columns[at]! * width];
      for (let k = 0; k < width; k++) product[to + k]! += value * matrix[from + k]!;
    }
  return product;
}

/**
 * Brings each row to length 1, and leaves a row of nothing.
 *
 * @returns the rows that have a length
 */
function scaleRows(matrix: Float64Array, width: number): Int32Array {
  const known: number[] = [];
  for (let row = 0, start = 0; start < matrix.length; row++, start += width) {
    let squares = 0;
    for (let k = 0; k < width; k++) squares += matrix[start + k]! ** 2;
    if (squares <= 1e-24) continue;
    known.push(row);
    const scale = 1 / Math.sqrt(squares);
    for (let k = 0; k < width; k++) matrix[start + k]! *= scale;
  }
  return Int32Array.from(known);
}
