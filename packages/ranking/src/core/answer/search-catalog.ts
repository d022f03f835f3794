import { hours, type CalendarDay, type GeoPoint } from "@almanac/kernel";
import type { BaseResult } from "./base-result.ts";
import { findFromFarm, findThings } from "./find-things.ts";
import { catalogFlags } from "../index/catalog-index.ts";
import type { CatalogIndex } from "../index/catalog-index.ts";
import { filterAndCount, slotDistanceKm } from "./facets.ts";
import type { CatalogFacets, CatalogFilters } from "./facets.ts";
import { clampUnit, defaultRankingWeights, explainFinalScore, recencyScore } from "../score/final-score.ts";
import type { FinalScore, RankingTerms, RankingWeights } from "../score/final-score.ts";
import type { Correction } from "../query/query-plan.ts";
import { bestFirst } from "../index/best-first.ts";
import type { MatchOptions } from "../index/search-index.ts";

/** "nearest" needs the shopper's place and is "best" without it. */
export type CatalogSort = "best" | "cheapest" | "dearest" | "nearest" | "freshest";

/** What a search depends on beside the query and the catalogue. */
export interface SearchContext {
  /** Epoch milliseconds. */
  readonly now: number;
  /** The day at the market: seasons go by it. */
  readonly today: CalendarDay;
  /** Behaviour score for this shopper of the product in a slot, 0 to 1 (`slotScorer`). Absent: personalization is off and everybody sees one order. */
  readonly personalize?: (slot: number) => number;
  readonly near?: GeoPoint;
  readonly filters?: CatalogFilters;
  /** Weights that passed `parseRankingWeights`; the shipped ones unless told. */
  readonly weights?: RankingWeights;
  readonly priceEdgesCents?: readonly number[];
  /** "best" (by score) unless told; the others fall back on the score between equals. */
  readonly sort?: CatalogSort;
  /** 24 unless told. */
  readonly limit?: number;
  readonly offset?: number;
}

export interface CatalogHit extends FinalScore {
  readonly productId: string;
  /** 1 for the best of the whole result, not of the page. */
  readonly rank: number;
  readonly available: boolean;
  /** Absent without the shopper's place. */
  readonly distanceKm: number | undefined;
}

export interface CatalogAnswer {
  readonly hits: readonly CatalogHit[];
  /** Results that pass the filters, on all pages. */
  readonly total: number;
  /** Results before the filters. */
  readonly unfilteredTotal: number;
  readonly facets: CatalogFacets;
  readonly corrections: readonly Correction[];
  /** For "Showing results for ..."; absent when nothing was corrected. */
  readonly correctedQuery: string | undefined;
  /** For "Did you mean ...?", where nothing answers. */
  readonly offeredQuery?: string | undefined;
  /** What nothing says that it is: "gluten free". */
  readonly unmet?: readonly string[];
  readonly personalized: boolean;
}

/**
 * Candidates and their base relevance, the thing that is asked for before what is made of it, and a farm's that is named. An empty query asks for everything, and nothing is more relevant than the rest:
 * every product has base relevance 0 and the other four terms decide.
 */
export function findCandidates(index: CatalogIndex, query: string, options?: MatchOptions): BaseResult {
  if (query.trim() !== "") return findFromFarm(index, query, options) ?? findThings(index, query, options);
  const slots = index.allSlots();
  return { slots, relevance: new Float64Array(slots.length), corrections: [], correctedQuery: undefined };
}

/**
 * Search: candidates by words, narrowed by filters, counted into facets, ranked by the five-term score, cut into a page.
 * Equal scores are ordered by product id, so the same question always gets the same answer.
 */
export function searchCatalog(index: CatalogIndex, query: string, context: SearchContext): CatalogAnswer {
  return rankCandidates(index, findCandidates(index, query), context);
}

/**
 * The second half of `searchCatalog`, for a base result from a cache. Its slots are those of the index it came from:
 * it must not be used after products were added to or removed from that index.
 */
export function rankCandidates(index: CatalogIndex, base: BaseResult, context: SearchContext): CatalogAnswer {
  const seasons = index.seasonOn(context.today);
  const season = seasons.score;
  const { near, priceEdgesCents, weights = defaultRankingWeights } = context;
  const { kept, facets } = filterAndCount(index, base.slots, context.filters ?? {}, {
    season: seasons,
    near,
    priceEdgesCents,
  });
  const offset = Math.max(0, context.offset ?? 0);
  const limit = Math.max(0, context.limit ?? 24);
  const termsAt = (at: number): RankingTerms => rankingTermsOf(index, base, kept[at]!, season, context);
  const scores = scoresOf(index, base, kept, { season, weights, context });
  const idOf = (at: number): string => index.text.idAt(base.slots[kept[at]!]!) ?? "";
  const sortKey = sortKeyOf(index, context);
  const keys = sortKey && Float64Array.from(kept, (position) => sortKey(base.slots[position]!));
  const order = bestFirst(kept.length, offset + limit, (a, b) => {
    return (keys && keys[a]! - keys[b]!) || scores[b]! - scores[a]! || (idOf(a) < idOf(b) ? -1 : 1);
  });
  const hits = order.slice(offset).map((at, place): CatalogHit => {
    const slot = base.slots[kept[at]!]!;
    return {
      productId: idOf(at),
      rank: offset + place + 1,
      available: (index.columns.flags[slot]! & catalogFlags.available) !== 0,
      distanceKm: near === undefined ? undefined : slotDistanceKm(index, slot, near),
      ...explainFinalScore(termsAt(at), weights),
    };
  });
  return {
    hits,
    total: kept.length,
    unfilteredTotal: base.slots.length,
    facets,
    corrections: base.corrections,
    correctedQuery: base.correctedQuery,
    offeredQuery: base.offeredQuery,
    ...(base.unmet && base.unmet.length > 0 && { unmet: base.unmet }),
    personalized: context.personalize !== undefined,
  };
}

/** What a slot is sorted by before its score, the least first. */
function sortKeyOf(
  index: CatalogIndex,
  { sort, near }: SearchContext,
): ((slot: number) => number) | undefined {
  const { priceCents, freshAt } = index.columns;
  if (sort === "cheapest") return (slot) => priceCents[slot]!;
  if (sort === "dearest") return (slot) => -priceCents[slot]!;
  if (sort === "freshest") return (slot) => -freshAt[slot]!;
  if (sort === "nearest" && near !== undefined) return (slot) => slotDistanceKm(index, slot, near);
  return undefined;
}

/** Freshness goes by whole hours, so that a search answers the same again while nothing but the time has changed. */
const beginOfHour = (now: number): number => now - (now % hours(1));

/** `computeFinalScore` of every candidate, without an object for each: wide queries have tens of thousands. */
function scoresOf(
  index: CatalogIndex,
  base: BaseResult,
  kept: Uint32Array,
  { season, weights, context }: { season: Float64Array; weights: RankingWeights; context: SearchContext },
): Float64Array {
  const { freshAt, popularity } = index.columns;
  const { personalize } = context;
  const now = beginOfHour(context.now);
  const scores = new Float64Array(kept.length);
  for (let at = 0; at < kept.length; at++) {
    const position = kept[at]!;
    const slot = base.slots[position]!;
    scores[at] =
      clampUnit(base.relevance[position]!) * weights.base +
      (personalize === undefined ? 0 : clampUnit(personalize(slot)) * weights.personalization) +
      clampUnit(recencyScore(freshAt[slot]!, now)) * weights.recency +
      clampUnit(popularity[slot]!) * weights.popularity +
      clampUnit(season[slot]!) * weights.seasonal;
  }
  return scores;
}

function rankingTermsOf(
  index: CatalogIndex,
  base: BaseResult,
  at: number,
  season: Float64Array,
  context: SearchContext,
): RankingTerms {
  const slot = base.slots[at]!;
  return {
    base: base.relevance[at]!,
    personalization: context.personalize?.(slot) ?? 0,
    recency: recencyScore(index.columns.freshAt[slot]!, beginOfHour(context.now)),
    popularity: index.columns.popularity[slot]!,
    seasonal: season[slot]!,
  };
}
