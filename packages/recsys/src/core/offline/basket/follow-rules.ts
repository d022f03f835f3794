import { topK } from "../../scores/top-k.ts";
import type { Basket, BasketLog } from "../baskets.ts";
import { packRows } from "../sparse.ts";
import type { SparseRows } from "../sparse.ts";
import { ScoreSums } from "./score-sums.ts";

const followersKept = 100;
/** Baskets added to the denominator: a pair seen once is no rule. */
const shrinkage = 10;

/**
 * Which items a user's next basket has after a basket with an item: row i has P(j next | i now), shrunk, without j = i,
 * the likeliest first.
 */
export function followRules(log: BasketLog): SparseRows {
  const { itemCount, byUser } = log;
  const nextOf: (readonly number[])[][] = Array.from({ length: itemCount }, () => []);
  for (const baskets of byUser)
    for (let at = 0; at + 1 < baskets.length; at++)
      for (const item of baskets[at]!.items) nextOf[item]!.push(baskets[at + 1]!.items);
  const rows: number[] = [];
  const columns: number[] = [];
  const values: number[] = [];
  const seen = new Float64Array(itemCount);
  for (let item = 0; item < itemCount; item++) {
    const touched: number[] = [];
    for (const next of nextOf[item]!)
      for (const other of next) {
        if (other === item) continue;
        if (seen[other] === 0) touched.push(other);
        seen[other]!++;
      }
    const shares = touched.map((other) => seen[other]! / (nextOf[item]!.length + shrinkage));
    for (const at of topK(shares, followersKept)) {
      rows.push(item);
      columns.push(touched[at]!);
      values.push(shares[at]!);
    }
    for (const other of touched) seen[other] = 0;
  }
  return packRows(itemCount, itemCount, rows, columns, values);
}

export interface SpreadOptions {
  /** Baskets looked back on. */
  readonly depth: number;
  /** Each older basket counts this times the one after it. */
  readonly decay: number;
  /** Entries of a row that are followed. */
  readonly limit: number;
}

/**
 * Sums the rows of the items of the latest baskets; a basket's items share its weight by the root of their number.
 *
 * @param sums working memory, empty before and after
 */
export function spreadOver(
  rows: SparseRows,
  past: readonly Basket[],
  { depth, decay, limit }: SpreadOptions,
  sums = new ScoreSums(rows.columnCount),
): Map<number, number> {
  for (let back = 1; back <= Math.min(depth, past.length); back++) {
    const { items } = past[past.length - back]!;
    const weight = decay ** (back - 1) / Math.sqrt(items.length);
    for (const item of items) {
      const end = Math.min(rows.offsets[item + 1]!, rows.offsets[item]! + limit);
      for (let at = rows.offsets[item]!; at < end; at++)
        sums.add(rows.columns[at]!, weight * rows.values[at]!);
    }
  }
  return sums.take();
}
