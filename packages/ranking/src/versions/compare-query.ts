import { marketDay } from "@almanac/kernel";
import type { Clock, ProductId } from "@almanac/kernel";
import type { ShopWindow } from "@almanac/signals";
import { parseRankingWeights } from "../core/score/final-score.ts";
import type { RankingWeights, ScoreContribution } from "../core/score/final-score.ts";
import { findCandidates, rankCandidates } from "../core/answer/search-catalog.ts";
import type { ShopIndex } from "../shop-index.ts";

export interface ComparedProduct {
  readonly id: ProductId;
  readonly slug: string;
  readonly name: string;
  readonly farm: string;
  /** 0 to 1; the sum of what the terms give. */
  readonly score: number;
  readonly terms: readonly ScoreContribution[];
  /** Places by which it is higher here than in the other order; absent when it is not among the first there. */
  readonly moved?: number;
}

export interface ComparedQuery {
  readonly query: string;
  readonly total: number;
  readonly before: readonly ComparedProduct[];
  readonly after: readonly ComparedProduct[];
}

const comparedPlaces = 12;

/**
 * The first twelve places of one query under two weightings, each with what the five terms gave to it, as somebody sees them
 * who is not known. Reads memory only.
 *
 * @throws AppError `weights_do_not_sum`
 */
export function compareQuery(
  { shopIndex, shopWindow, clock }: { shopIndex: ShopIndex; shopWindow: ShopWindow; clock: Clock },
  { query, before, after }: { query: string; before: RankingWeights; after: RankingWeights },
): ComparedQuery {
  parseRankingWeights(before);
  parseRankingWeights(after);
  const now = clock.now();
  const market = shopWindow.markets()[0]?.market;
  const today = market ? marketDay(now, market.timeZone) : now.toISOString().slice(0, 10);
  const base = findCandidates(shopIndex.index, query);
  const ranked = (weights: RankingWeights) =>
    rankCandidates(shopIndex.index, base, { now: now.getTime(), today, weights, limit: comparedPlaces });
  const [first, second] = [ranked(before), ranked(after)];
  const rowsOf = (mine: typeof first, other: typeof first): ComparedProduct[] =>
    mine.hits.flatMap(({ productId, rank, score, explain }) => {
      const product = shopWindow.find(productId)?.product;
      if (!product) return [];
      const there = other.hits.find((hit) => hit.productId === productId);
      const { id, slug, name, farm } = product;
      return [
        {
          id,
          slug,
          name,
          farm: farm.name,
          score,
          terms: explain,
          ...(there && { moved: there.rank - rank }),
        },
      ];
    });
  return { query, total: first.total, before: rowsOf(first, second), after: rowsOf(second, first) };
}
