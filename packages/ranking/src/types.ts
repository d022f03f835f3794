import type { FarmId, ProductId } from "@almanac/kernel";
import type { ProductCard } from "@almanac/signals";
import type { Mark } from "./core/answer/mark-matches.ts";
import type { RankingTerm } from "./core/score/final-score.ts";
import type { CatalogSort } from "./core/answer/search-catalog.ts";
import type { GeoPoint, MarketId } from "@almanac/kernel";

/** What somebody searches for. Everything may be absent: then it is the whole shop, the best first. */
export interface SearchRequest {
  readonly q?: string;
  /** Slugs of categories; any of them. */
  readonly categories?: readonly string[];
  /** Slugs or ids of farms; any of them. */
  readonly farms?: readonly string[];
  readonly marketId?: MarketId;
  readonly organic?: boolean;
  readonly inSeason?: boolean;
  readonly snap?: boolean;
  readonly availableOnly?: boolean;
  /** From `near`, else from the shopper's own place, else from the market. */
  readonly maxKm?: number;
  readonly near?: GeoPoint;
  readonly minPriceCents?: number;
  readonly maxPriceCents?: number;
  /** Market days that orders are taken for, "2025-08-16"; any of them. */
  readonly marketDays?: readonly string[];
  /** 1 Monday to 7 Sunday; any of them. */
  readonly weekdays?: readonly number[];
  readonly sort?: CatalogSort;
  readonly limit?: number;
  readonly offset?: number;
  /** False takes the words as they were typed, slips and all. */
  readonly correct?: boolean;
  /** False shows what everybody sees. */
  readonly personalise?: boolean;
  /** The search that the page shows already: asking the same again for it is no new search, and is not logged twice. */
  readonly shownAs?: string;
}

export interface ExplainedTerm {
  /** 0 to 1. */
  readonly value: number;
  readonly weight: number;
  /** value x weight; the five sum to the score. */
  readonly contribution: number;
}

export interface SearchHit {
  readonly card: ProductCard;
  readonly score: number;
  readonly explain: Readonly<Record<RankingTerm, ExplainedTerm>>;
  /** 1 for the best of the whole result. */
  readonly position: number;
}

/** Choices, each with how many results it would leave. */
export interface SearchFacets {
  readonly farms: readonly {
    readonly id: FarmId;
    readonly slug: string;
    readonly name: string;
    readonly count: number;
  }[];
  readonly categories: readonly { readonly slug: string; readonly name: string; readonly count: number }[];
  readonly organic: number;
  readonly inSeason: number;
  readonly snap: number;
  /** Within so many kilometres; empty where the place is not known. */
  readonly distance: readonly { readonly km: number; readonly count: number }[];
  /** Above `fromCents`, up to `toCents` inclusive (absent for the last). */
  readonly price: readonly {
    readonly fromCents: number;
    readonly toCents?: number;
    readonly count: number;
  }[];
  readonly marketDays: readonly { readonly day: string; readonly count: number }[];
  readonly weekdays: readonly { readonly weekday: number; readonly count: number }[];
}

/** What to offer when nothing that was found can be had: "in season again on", "tell me when it is back". */
export interface EmptyHint {
  readonly productId: ProductId;
  readonly slug: string;
  readonly name: string;
  readonly reason: "off_season" | "sold_out";
  /** First day of its next harvest, where one is known. */
  readonly returnsOn?: string;
}

export interface SearchAnswer {
  readonly searchId: string;
  readonly query: string;
  /** What was searched for instead, when the query seemed mistyped. */
  readonly correctedTo?: string;
  /** What may have been meant where nothing answers, although what was typed is a word of its own. */
  readonly didYouMean?: string;
  /** What was asked for that no product says of itself, "gluten free": what is shown need not be it. */
  readonly unmet?: readonly string[];
  readonly total: number;
  readonly hits: readonly SearchHit[];
  readonly facets: SearchFacets;
  readonly emptyHint?: EmptyHint;
  /** Whether the order follows this shopper's taste. */
  readonly personalised: boolean;
  /** Number of the weights that the order follows; 0 for those that the product ships with. */
  readonly rankingVersion: number;
  /** Which side of an experiment this answer is; "control" without one. */
  readonly arm: string;
  readonly tookMs: number;
}

/** Which letters of a name answer to what was typed, from (inclusive) and to (exclusive). */
export interface MarkedName {
  readonly name: string;
  readonly marks: readonly Mark[];
}

export interface SearchSuggestions {
  readonly products: readonly (MarkedName & {
    readonly id: ProductId;
    readonly slug: string;
    readonly picture: string;
    readonly isAvailable: boolean;
    /** First calendar day of the next harvest, for what is out of season. */
    readonly returnsOn?: string;
  })[];
  readonly categories: readonly (MarkedName & { readonly slug: string; readonly count: number })[];
  readonly farms: readonly (MarkedName & {
    readonly id: FarmId;
    readonly slug: string;
    readonly count: number;
  })[];
  /** What at least ten shoppers searched for in the last 30 days and what was typed begins, the most shared first. */
  readonly queries: readonly string[];
  readonly correctedTo?: string;
}
