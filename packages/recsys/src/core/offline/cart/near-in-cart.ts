import { topK } from "../../scores/top-k.ts";
import { addRows } from "../item-knn.ts";
import type { ItemScorer } from "../item-scorer.ts";
import { columnCounts, joinRows, transpose } from "../sparse.ts";
import type { SparseRows } from "../sparse.ts";

const kept = 1_000;
/** Added to the root of both counts. */
const shrinkage = 10;

/**
 * What is put into a cart one after the other, or stands side by side on its receipt, belongs together more than what only
 * shares the cart: a pair counts 1 over the steps between, either way, over the root of both items' carts.
 *
 * @param carts each in the order of its items
 */
export function fitNearInCart(carts: SparseRows): ItemScorer {
  const near = nearItems(carts);
  return { name: "near-in-cart", addScores: (history, scores) => addRows(near, history, scores) };
}

function nearItems(carts: SparseRows): SparseRows {
  const { columnCount, offsets, columns } = carts;
  const byItem = transpose(carts);
  const counts = columnCounts(carts);
  const closeness = new Float64Array(columnCount);
  const rows = Array.from({ length: columnCount }, (_, item) => {
    const touched: number[] = [];
    for (let at = byItem.offsets[item]!; at < byItem.offsets[item + 1]!; at++) {
      const cart = byItem.columns[at]!;
      const own = columns.indexOf(item, offsets[cart]);
      for (let place = offsets[cart]!; place < offsets[cart + 1]!; place++) {
        const other = columns[place]!;
        if (other === item) continue;
        if (closeness[other] === 0) touched.push(other);
        closeness[other]! += 1 / Math.abs(place - own);
      }
    }
    const scores = touched.map(
      (other) => closeness[other]! / (Math.sqrt(counts[item]! * counts[other]!) + shrinkage),
    );
    for (const other of touched) closeness[other] = 0;
    const best = topK(scores, kept);
    return {
      columns: Int32Array.from(best, (at) => touched[at]!),
      values: Float64Array.from(best, (at) => scores[at]!),
    };
  });
  return joinRows(rows, columnCount);
}
