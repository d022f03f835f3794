import { relatedItems } from "../item-knn.ts";
import type { ItemScorer } from "../item-scorer.ts";
import type { SparseRows } from "../sparse.ts";

/** Carts added to the denominator: a pair seen once is no rule. */
const shrinkage = 10;
const kept = 1_000;

/** Rules of one item each: the surest that leads from the cart, P(j | i) shrunk, and not the sum of many. */
export function fitBestRule(carts: SparseRows): ItemScorer {
  const { offsets, columns, values } = relatedItems(
    carts,
    kept,
    (shared, source) => shared / (source + shrinkage),
  );
  return {
    name: "best-rule",
    addScores({ items }, scores) {
      const best = new Map<number, number>();
      for (const item of items)
        for (let at = offsets[item]!; at < offsets[item + 1]!; at++)
          if (values[at]! > (best.get(columns[at]!) ?? 0)) best.set(columns[at]!, values[at]!);
      for (const [item, confidence] of best) scores[item]! += confidence;
    },
  };
}
