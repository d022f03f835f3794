import { formatCents } from "@almanac/kernel";
import { reasonSentence, type ReasonFacts } from "../core/lists/reasons.ts";
import type { Contribution, Metadata, RecommendationReason, RecommendedProduct } from "../core/types.ts";
import type { ProductCard } from "../shop.ts";
import type { World } from "./world.ts";

/** A recommended product, ready to be shown. */
export interface RecommendationItem {
  readonly card: ProductCard;
  readonly score: number;
  readonly reason: RecommendationReason;
  readonly reasons: RecommendationReason[];
  /** The reason in words, without a full stop: "Goes with your eggs". */
  readonly sentence: string;
  readonly confidence: number;
  readonly explain: Contribution[];
  readonly metadata?: Metadata;
  /** Chance with which it was drawn for its place; absent where nothing was left to chance. */
  readonly propensity?: number;
}

/** Adds card and sentence; what has no card is left out. */
export function presentItems(
  items: readonly RecommendedProduct[],
  world: World,
  cards: { get(productId: string): ProductCard | undefined },
): RecommendationItem[] {
  return items.flatMap(({ productId, score, reason, reasons, confidence, explain, metadata, propensity }) => {
    const card = cards.get(productId);
    if (!card) return [];
    const sentence = reasonSentence(reason, factsOf(metadata, card, world));
    const item = {
      card,
      score,
      reason,
      reasons: [...reasons],
      sentence,
      confidence,
      explain: [...explain],
      ...(propensity !== undefined && { propensity }),
    };
    return [Object.keys(metadata).length === 0 ? item : { ...item, metadata }];
  });
}

function factsOf(metadata: Metadata, card: ProductCard, world: World): ReasonFacts {
  const { seedProductId, previousUnitPriceCents } = metadata;
  const seedName =
    typeof seedProductId === "string" ? world.products.get(seedProductId)?.source.name : undefined;
  const { previousPriceCents } = card;
  const isDrop = previousUnitPriceCents !== undefined;
  return {
    seedName,
    category: card.category.name,
    farmName: card.farm.name,
    seasonLabel: card.season.label,
    isFollowedFarm: metadata["isFollowedFarm"] === true,
    boughtBefore: metadata["boughtBefore"] === true,
    buysCategory: metadata["buysCategory"] === true,
    ...(isDrop && previousPriceCents !== undefined && { wasPrice: formatCents(previousPriceCents) }),
    anotherSizeFell: isDrop && previousPriceCents === undefined,
  };
}
