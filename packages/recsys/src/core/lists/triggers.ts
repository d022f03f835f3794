import type { RecommendationReason } from "../types.ts";

/** The queries that an action of the shopper sets off; names are those of the functions in `sections.ts`. */
export type TriggeredSection =
  "similarProducts" | "boughtTogether" | "cartComplements" | "forShopper" | "trendingNow" | "newArrivals";

export interface Trigger {
  readonly sections: readonly TriggeredSection[];
  /** Reasons that an answer to this action may carry. */
  readonly reasons: readonly RecommendationReason[];
  /** Items pushed. */
  readonly limit: number;
}

const anyReason = [
  "USER_BEHAVIOR",
  "SIMILAR_PRODUCTS",
  "TRENDING_LOCAL",
  "COLLABORATIVE",
  "SEASONAL",
] as const satisfies readonly RecommendationReason[];

/** Which action pushes which recommendations. One table, shown to operators. */
export const triggers = {
  VIEW_PRODUCT: {
    sections: ["similarProducts", "boughtTogether"],
    reasons: ["SIMILAR_PRODUCTS", "FREQUENTLY_BOUGHT_TOGETHER"],
    limit: 8,
  },
  ADD_TO_CART: {
    sections: ["cartComplements", "boughtTogether"],
    reasons: ["CART_COMPLEMENT", "FREQUENTLY_BOUGHT_TOGETHER"],
    limit: 6,
  },
  SEARCH: { sections: ["forShopper", "trendingNow"], reasons: anyReason, limit: 10 },
  ADD_TO_WISHLIST: { sections: ["newArrivals"], reasons: ["NEW_ARRIVAL"], limit: 10 },
  COMPLETE_PURCHASE: {
    sections: ["boughtTogether", "cartComplements"],
    reasons: ["FREQUENTLY_BOUGHT_TOGETHER", "CART_COMPLEMENT"],
    limit: 10,
  },
} as const satisfies Record<string, Trigger>;

export type TriggerAction = keyof typeof triggers;
