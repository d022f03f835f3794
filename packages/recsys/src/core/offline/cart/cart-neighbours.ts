import { topK } from "../../scores/top-k.ts";
import type { ItemScorer } from "../item-scorer.ts";
import { columnCounts, transpose } from "../sparse.ts";
import type { SparseRows } from "../sparse.ts";

const neighbours = 300;
/** Added to the product of lengths: two short carts with one item in common are not alike. */
const shrinkage = 10;

/**
 * Carts like this one vote for their items: likeness is the cosine over items weighed by ln(N / n), shrunk, and a vote
 * counts its square, so that the nearest few speak loudest.
 */
export function fitCartNeighbours(carts: SparseRows): ItemScorer {
  const byItem = transpose(carts);
  const rarity = Float64Array.from(
    columnCounts(carts),
    (count) => Math.log((1 + carts.rowCount) / (1 + count)) ** 2,
  );
  const { offsets, columns } = carts;
  const lengths = new Float64Array(carts.rowCount);
  for (let cart = 0; cart < carts.rowCount; cart++) {
    for (let at = offsets[cart]!; at < offsets[cart + 1]!; at++) lengths[cart]! += rarity[columns[at]!]!;
    lengths[cart] = Math.sqrt(lengths[cart]!);
  }
  const overlap = new Float64Array(carts.rowCount);
  return {
    name: "cart-neighbours",
    addScores({ items }, scores) {
      const touched: number[] = [];
      let length = 0;
      for (const item of items) {
        length += rarity[item]!;
        for (let at = byItem.offsets[item]!; at < byItem.offsets[item + 1]!; at++) {
          const cart = byItem.columns[at]!;
          if (overlap[cart] === 0) touched.push(cart);
          overlap[cart]! += rarity[item]!;
        }
      }
      const likeness = touched.map(
        (cart) => overlap[cart]! / (Math.sqrt(length) * lengths[cart]! + shrinkage),
      );
      for (const cart of touched) overlap[cart] = 0;
      for (const near of topK(likeness, neighbours)) {
        const cart = touched[near]!;
        for (let at = offsets[cart]!; at < offsets[cart + 1]!; at++)
          scores[columns[at]!]! += likeness[near]! ** 2;
      }
    },
  };
}
