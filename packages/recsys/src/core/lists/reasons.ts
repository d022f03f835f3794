import type { RecommendationReason } from "../types.ts";

/** Names and figures that a sentence may need; every one is optional, and a sentence without them still holds. */
export interface ReasonFacts {
  /** The product that led here: looked at, bought, or in the cart. */
  readonly seedName?: string;
  readonly category?: string;
  readonly farmName?: string;
  /** Where the product is in its season today, in the words of its card: "Peak now". */
  readonly seasonLabel?: string;
  readonly isNew?: boolean;
  readonly isFollowedFarm?: boolean;
  readonly boughtBefore?: boolean;
  /** The taste for the category rests on purchases, not on looks alone. */
  readonly buysCategory?: boolean;
  /** Set on a price drop, as text in the market's currency. */
  readonly wasPrice?: string;
  /** A price drop of another size than the one the card shows. */
  readonly anotherSizeFell?: boolean;
}

/** Why this product, in the words of a card: short, no full stop, true for the facts given. */
export function reasonSentence(reason: RecommendationReason, facts: ReasonFacts = {}): string {
  if (facts.wasPrice !== undefined) return `Was ${facts.wasPrice}`;
  if (facts.anotherSizeFell) return "One of its sizes costs less now";
  switch (reason) {
    case "USER_BEHAVIOR":
      if (facts.boughtBefore) return "Time to buy it again";
      if (facts.category === undefined) return "Fits your taste";
      return facts.buysCategory
        ? `You often buy ${lowerFirst(facts.category)}`
        : `You were looking at ${lowerFirst(facts.category)}`;
    case "SIMILAR_PRODUCTS":
      return facts.seedName === undefined
        ? "Like what you looked at"
        : `Like the ${lowerFirst(facts.seedName)}`;
    case "TRENDING_LOCAL":
      return "Trending near you";
    case "NEW_ARRIVAL":
      return newArrivalSentence(facts);
    case "FREQUENTLY_BOUGHT_TOGETHER":
      return facts.seedName === undefined
        ? "Often bought together"
        : `Often bought with ${lowerFirst(facts.seedName)}`;
    case "COLLABORATIVE":
      return facts.seedName === undefined
        ? "Shoppers with a taste like yours buy it"
        : `Bought by those who buy ${lowerFirst(facts.seedName)}`;
    case "SEASONAL":
      return facts.seasonLabel ?? "In season now";
    case "CART_COMPLEMENT":
      return facts.seedName === undefined
        ? "Goes with your cart"
        : `Goes with your ${lowerFirst(facts.seedName)}`;
  }
}

function newArrivalSentence(facts: ReasonFacts): string {
  if (facts.isFollowedFarm) return "New from a farm you follow";
  return facts.farmName === undefined ? "New this week" : `New from ${facts.farmName}`;
}

/** "Free-range eggs" inside a sentence; a name in capitals ("BBQ sauce") stays as it is. */
function lowerFirst(name: string): string {
  return /^\p{Lu}\p{Lu}/u.test(name) ? name : name.charAt(0).toLowerCase() + name.slice(1);
}
