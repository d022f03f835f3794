import type { Reranker } from "./arms.ts";
import type { CatalogIndex } from "./core/catalog-index.ts";
import { rankCandidates } from "./core/search-catalog.ts";
import type { BaseResult, CatalogAnswer, CatalogHit, SearchContext } from "./core/search-catalog.ts";

/**
 * Ranks by the five terms, then lets a re-ranker arrange the first places anew. Pages behind them, and other orders than
 * by score, stay as they are, so every product is on exactly one page.
 */
export function rankWith(
  index: CatalogIndex,
  base: BaseResult,
  context: SearchContext,
  reranker: Reranker | undefined,
): CatalogAnswer {
  const offset = Math.max(0, context.offset ?? 0);
  const isByScore = context.sort === undefined || context.sort === "best";
  if (!reranker || !isByScore || offset >= reranker.depth) return rankCandidates(index, base, context);
  const limit = Math.max(0, context.limit ?? 24);
  const wide = rankCandidates(index, base, {
    ...context,
    offset: 0,
    limit: Math.max(reranker.depth, offset + limit),
  });
  const hits = rearranged(wide.hits, reranker).slice(offset, offset + limit);
  return { ...wide, hits };
}

function rearranged(hits: readonly CatalogHit[], reranker: Reranker): CatalogHit[] {
  const first = hits.slice(0, reranker.depth);
  const scores = reranker.score(first);
  const order = [...first.keys()].sort((a, b) => scores[b]! - scores[a]! || a - b);
  const arranged = [...order.map((at) => first[at]!), ...hits.slice(reranker.depth)];
  return arranged.map((hit, place) => ({ ...hit, rank: place + 1 }));
}
