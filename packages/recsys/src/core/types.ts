import type { Season } from "@almanac/kernel";
import type { TasteSignal } from "@almanac/signals/core";
import type { KindScores } from "./scores/candidate-scores.ts";

/** Why a product is shown. The largest weighted contribution decides; every reason has a sentence in `reasons.ts`. */
export const recommendationReasons = [
  "USER_BEHAVIOR",
  "SIMILAR_PRODUCTS",
  "TRENDING_LOCAL",
  "NEW_ARRIVAL",
  "FREQUENTLY_BOUGHT_TOGETHER",
  "COLLABORATIVE",
  "SEASONAL",
  "CART_COMPLEMENT",
] as const;
export type RecommendationReason = (typeof recommendationReasons)[number];

export const algorithmNames = [
  "collaborative_filtering",
  "content_based",
  "trending",
  "seasonal",
  "user_behavior",
  "co_occurrence",
] as const;
export type AlgorithmName = (typeof algorithmNames)[number];

export interface RecommendationContext {
  readonly pageType?: string;
  readonly searchQuery?: string;
}

/** What a client may ask for. The shopper is who is signed in, checked at the edge; never trusted from here. */
export interface RecommendationRequest {
  readonly userId: string;
  readonly productId?: string;
  readonly category?: string;
  /** 1 to 50. */
  readonly limit?: number;
  readonly excludeProductIds?: readonly string[];
  readonly location?: { readonly latitude: number; readonly longitude: number };
  readonly context?: RecommendationContext;
}

/** What every transport answers; `product` is filled in by the service, as the core knows only indexes. */
export interface RecommendationResult<Product> {
  readonly recommendations: readonly {
    readonly product: Product;
    readonly score: number;
    readonly reason: RecommendationReason;
    readonly reasons: readonly RecommendationReason[];
    readonly confidence: number;
    readonly explain: readonly Contribution[];
    readonly metadata?: Metadata;
  }[];
  readonly algorithms: readonly AlgorithmName[];
  /** ISO time. */
  readonly timestamp: string;
  readonly userId: string;
}

export type Metadata = Readonly<Record<string, number | string | boolean>>;

/** One term of a score. `contribution = weight * score`, and the contributions of an item sum to its score. */
export interface Contribution {
  readonly algorithm: AlgorithmName;
  readonly reason: RecommendationReason;
  /** Share of this algorithm after renormalising over those that ran, 0..1. */
  readonly weight: number;
  readonly score: number;
  readonly confidence: number;
  readonly contribution: number;
}

/** A product on a slate, by its index in the snapshot. */
export interface RecommendedProduct {
  readonly productIndex: number;
  readonly productId: string;
  readonly score: number;
  /** 0..1, the mean over the algorithms that scored this product. */
  readonly confidence: number;
  readonly reason: RecommendationReason;
  readonly reasons: readonly RecommendationReason[];
  readonly explain: readonly Contribution[];
  /** Facts of the primary reason, such as `coOccurrences` or `seedProductId`. */
  readonly metadata: Metadata;
  /** Chance with which it was drawn for its place; absent where nothing was left to chance. */
  readonly propensity?: number;
}

export interface Slate {
  readonly items: readonly RecommendedProduct[];
  /** Algorithms that could run for this request; their shares sum to one. */
  readonly algorithms: readonly AlgorithmName[];
}

/** What one algorithm says: parallel arrays, each product at most once, scores and confidences in 0..1. */
export interface ScoredCandidates {
  readonly algorithm: AlgorithmName;
  readonly reason: RecommendationReason;
  readonly products: ArrayLike<number>;
  readonly scores: ArrayLike<number>;
  readonly confidences: ArrayLike<number>;
  /** The same scores by kind, where thousands of products have a few scores; a fusion reads these instead. */
  readonly kinds?: KindScores;
  /** Where the list names a product, -1 where it does not; a list without it is looked through. */
  readonly positionOf?: (product: number) => number;
  /** Facts behind the entry at `position`, for the sentence and for operators. */
  readonly facts?: (position: number) => Metadata;
}

export type { TasteSignal };

/** Something the shopper did since, or that the snapshot has not seen yet. Counts in the very next request. */
export interface RecentSignal {
  readonly signal: TasteSignal;
  readonly productId?: string;
  readonly category?: string;
  readonly farmId?: string;
  /** Market day as a count of days since 1970-01-01. */
  readonly day: number;
}

/** A request to the core. Ids that the snapshot does not know are ignored: a product may be younger than it. */
export interface ShopperRequest {
  /** Absent for a visitor without history. */
  readonly shopperId?: string;
  /** Today at the market, as a count of days since 1970-01-01. */
  readonly day: number;
  /** Season at the market today, by its latitude; used for products without a harvest window. */
  readonly season: Season;
  /** Keeps the trend local to one market; all markets when absent. */
  readonly marketId?: string;
  /** The product on the page, if any. */
  readonly productId?: string;
  readonly category?: string;
  readonly limit?: number;
  readonly excludeProductIds?: readonly string[];
  /** What is in the cart: never recommended. */
  readonly cart?: readonly string[];
  readonly recent?: readonly RecentSignal[];
  /** Interests the shopper has deleted in "my data". */
  readonly deletedCategories?: readonly string[];
  readonly deletedFarmIds?: readonly string[];
  /** False for someone who asked not to be profiled: history is not read, only what is on the page. */
  readonly personalised?: boolean;
}
