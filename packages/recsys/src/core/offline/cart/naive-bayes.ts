import { addRows, relatedItems } from "../item-knn.ts";
import type { ItemScorer } from "../item-scorer.ts";
import { columnCounts } from "../sparse.ts";
import type { SparseRows } from "../sparse.ts";

/** Carts in which each item is taken to have met every other as often as chance says. */
const strength = 5;
const neighbours = 2_000;

/**
 * The log-odds of an item given a cart, as if the items of the cart came independently: ln n_j + sum of ln P(i | j), with
 * P(i | j) = (n_ij + strength n_i / N) / (n_j + strength). As they do not come independently, the evidence of a cart
 * counts for the root of its items only.
 */
export function fitNaiveBayes(carts: SparseRows): ItemScorer {
  const counts = columnCounts(carts);
  const prior = Float64Array.from(counts, (count) => Math.log(count + 0.1));
  /** What an item of the cart says against an item that it never met. */
  const unmet = Float64Array.from(counts, (count) => Math.log(strength / (count + strength)));
  const met = relatedItems(carts, neighbours, (shared, source) =>
    Math.log1p((shared * carts.rowCount) / (strength * source)),
  );
  return {
    name: "naive-bayes",
    addScores({ items }, scores) {
      if (items.length === 0) {
        for (let item = 0; item < scores.length; item++) scores[item]! += prior[item]!;
        return;
      }
      const weight = 1 / Math.sqrt(items.length);
      addRows(met, { items, weights: items.map(() => weight) }, scores);
      for (let item = 0; item < scores.length; item++)
        scores[item]! += prior[item]! + weight * items.length * unmet[item]!;
    },
  };
}
