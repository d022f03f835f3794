import type { CatalogIndex } from "../index/catalog-index.ts";
import type { RankingWeights } from "./final-score.ts";
import { findCandidates, rankCandidates } from "../answer/search-catalog.ts";
import type { SearchContext } from "../answer/search-catalog.ts";

/** One query under two weightings, as everybody would see it. */
export interface QueryComparison {
  readonly query: string;
  /** Product ids, best first, at most `depth`. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly isTopChanged: boolean;
}

export interface CompareOptions {
  readonly before: RankingWeights;
  readonly after: RankingWeights;
  readonly context: Omit<SearchContext, "weights" | "limit" | "offset" | "filters" | "sort">;
  /** Places that are watched: 3 unless told. */
  readonly top?: number;
  /** Places that are answered: 5 unless told. */
  readonly depth?: number;
}

/** What a change of the weights does to one query: its first places before and after. Both must have passed `parseRankingWeights`. */
export function compareWeights(
  index: CatalogIndex,
  query: string,
  { before, after, context, top = 3, depth = 5 }: CompareOptions,
): QueryComparison {
  const base = findCandidates(index, query);
  const orderBy = (weights: RankingWeights): string[] =>
    rankCandidates(index, base, { ...context, weights, limit: Math.max(top, depth) }).hits.map(
      (hit) => hit.productId,
    );
  const [first, second] = [orderBy(before), orderBy(after)];
  const isTopChanged = first.slice(0, top).join() !== second.slice(0, top).join();
  return { query, before: first.slice(0, depth), after: second.slice(0, depth), isTopChanged };
}
