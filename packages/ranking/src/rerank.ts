import type { Reranker, RerankQuestion } from "./arms.ts";
import type { CatalogIndex } from "./core/index/catalog-index.ts";
import { rankCandidates } from "./core/answer/search-catalog.ts";
import type { BaseResult } from "./core/answer/base-result.ts";
import type { CatalogAnswer, CatalogHit, SearchContext } from "./core/answer/search-catalog.ts";

/**
 * Ranks by the five terms, then lets a re-ranker arrange the first places anew. Pages behind them, and other orders than
 * by score, stay as they are, so every product is on exactly one page.
 *
 * @param query as it was typed
 */
export function rankWith(
  index: CatalogIndex,
  base: BaseResult,
  context: SearchContext,
  { query, reranker }: { query: string; reranker: Reranker | undefined },
): CatalogAnswer {
  const offset = Math.max(0, context.offset ?? 0);
  if (!reranker || !isByScore(context) || offset >= reranker.depth)
    return rankCandidates(index, base, context);
  const limit = Math.max(0, context.limit ?? 24);
  const wide = rankCandidates(index, base, {
    ...context,
    offset: 0,
    limit: Math.max(reranker.depth, offset + limit),
  });
  const question = questionOf(index, base.correctedQuery ?? query);
  const hits = rearranged(wide.hits, reranker, question).slice(offset, offset + limit);
  return { ...wide, hits };
}

/** Whether the order is the product's own to choose. */
export function isByScore({ sort }: Pick<SearchContext, "sort">): boolean {
  return sort === undefined || sort === "best";
}

export function questionOf(index: CatalogIndex, query: string): RerankQuestion {
  return {
    query,
    idfs: query.trim() === "" ? [] : index.text.plan(query).words.map(({ idf }) => idf),
    titleOf: (id) => index.find(id)?.name ?? "",
    priceOf: (id) => comparablePrice(index, id),
  };
}

/** Cents for one of the comparable measure of a product; 0 for one that is not in the index. */
export function comparablePrice(index: CatalogIndex, productId: string): number {
  const slot = index.text.slotOf(productId);
  return slot === undefined ? 0 : index.columns.comparablePriceCents[slot]!;
}

function rearranged(hits: readonly CatalogHit[], reranker: Reranker, question: RerankQuestion): CatalogHit[] {
  const first = hits.slice(0, reranker.depth);
  const scores = reranker.score(first, question);
  const order = [...first.keys()].sort((a, b) => scores[b]! - scores[a]! || a - b);
  const arranged = [...order.map((at) => first[at]!), ...hits.slice(reranker.depth)];
  return arranged.map((hit, place) => ({ ...hit, rank: place + 1 }));
}
