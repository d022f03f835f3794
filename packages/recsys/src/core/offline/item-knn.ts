import { topK } from "../scores/top-k.ts";
import type { ItemScorer } from "./item-scorer.ts";
import { columnCounts, packRows, transpose } from "./sparse.ts";
import type { SparseRows } from "./sparse.ts";

export interface ItemKnnOptions {
  /** Neighbours kept per item. */
  readonly neighbours?: number;
  /** Added to the denominator: pairs seen once are not alike. */
  readonly shrinkage?: number;
  /** Share of the exponent that falls on the source item, the rest on the target: .5 is the cosine. */
  readonly sourceExponent?: number;
}

/**
 * Item-item neighbours: similarity co / (n_source^a x n_target^(1 - a) + shrinkage), summed over the history.
 *
 * Aiolli (2013), "Efficient top-N recommendation for very large scale binary rated datasets" (asymmetric cosine).
 */
export function fitItemKnn(interactions: SparseRows, options: ItemKnnOptions = {}): ItemScorer {
  const similar = similarItems(interactions, options);
  return { name: "item-knn", addScores: (history, scores) => addRows(similar, history, scores) };
}

/** Adds weight x row of each history item. */
export function addRows(
  rows: SparseRows,
  history: { readonly items: readonly number[]; readonly weights: readonly number[] },
  scores: Float64Array,
): void {
  const { offsets, columns, values } = rows;
  for (let h = 0; h < history.items.length; h++) {
    const item = history.items[h]!;
    const weight = history.weights[h]!;
    for (let i = offsets[item]!; i < offsets[item + 1]!; i++) scores[columns[i]!]! += weight * values[i]!;
  }
}

/** The similarity rows of `fitItemKnn`, each by falling similarity. */
export function similarItems(interactions: SparseRows, options: ItemKnnOptions = {}): SparseRows {
  const { neighbours = 1_000, shrinkage = 20, sourceExponent = 0.5 } = options;
  return relatedItems(
    interactions,
    neighbours,
    (shared, source, target) =>
      shared / (source ** sourceExponent * target ** (1 - sourceExponent) + shrinkage),
  );
}

/** How alike two items are, from the users that have both, the source and the target. */
export type Likeness = (shared: number, source: number, target: number) => number;

/** For each item those that share a user with it, the `keep` most alike, the most alike first. */
export function relatedItems(interactions: SparseRows, keep: number, likeness: Likeness): SparseRows {
  const itemCount = interactions.columnCount;
  const byItem = transpose(interactions);
  const counts = columnCounts(interactions);
  const shared = new Float64Array(itemCount);
  const rows: number[] = [];
  const columns: number[] = [];
  const values: number[] = [];
  for (let item = 0; item < itemCount; item++) {
    const touched: number[] = [];
    for (let u = byItem.offsets[item]!; u < byItem.offsets[item + 1]!; u++) {
      const user = byItem.columns[u]!;
      const weight = byItem.values[u]!;
      for (let i = interactions.offsets[user]!; i < interactions.offsets[user + 1]!; i++) {
        const other = interactions.columns[i]!;
        if (other === item) continue;
        if (shared[other] === 0) touched.push(other);
        shared[other]! += weight * interactions.values[i]!;
      }
    }
    const alike = touched.map((other) => likeness(shared[other]!, counts[item]!, counts[other]!));
    for (const position of topK(alike, keep)) {
      rows.push(item);
      columns.push(touched[position]!);
      values.push(alike[position]!);
    }
    for (const other of touched) shared[other] = 0;
  }
  return packRows(itemCount, itemCount, rows, columns, values);
}
