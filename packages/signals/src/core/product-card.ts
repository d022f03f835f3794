import { estimateCents } from "@almanac/catalog";
import type { ImageInfo, LiveVariant } from "@almanac/catalog";
import { distanceKm } from "@almanac/kernel";
import type { BaseUnit, Cents, FarmId, GeoPoint, ProductId, VariantId } from "@almanac/kernel";
import type { SeasonSummary } from "./season-summary.ts";
import type { ShopEntry } from "./shop-entry.ts";

/** A product as every list shows it: shelf, search result, recommendation. */
export interface ProductCard {
  readonly id: ProductId;
  readonly slug: string;
  readonly name: string;
  readonly category: { readonly slug: string; readonly name: string };
  readonly farm: {
    readonly id: FarmId;
    readonly slug: string;
    readonly name: string;
    /** From the shopper's place, to a tenth; absent without one. */
    readonly distanceKm?: number;
  };
  readonly picture: string;
  readonly image?: ImageInfo;
  /** The variant that "Add" puts in the cart: the first offered that can be had, else the first. */
  readonly variantId: VariantId;
  readonly variantName: string;
  readonly priceCents: Cents;
  /** Base units that `priceCents` buys. */
  readonly pricePer: number;
  readonly priceUnit: string;
  readonly previousPriceCents?: Cents;
  readonly isWeighed: boolean;
  /** What one unit of the variant is expected to cost. */
  readonly estimateCents: Cents;
  readonly baseUnit: BaseUnit;
  readonly isOrganic: boolean;
  readonly snapEligible: boolean;
  readonly isAvailable: boolean;
  readonly isLow: boolean;
  /** Units of the variant that can be had now, a whole number. */
  readonly availableQuantity: number;
  readonly season: SeasonSummary;
  readonly rating?: { readonly stars: number; readonly count: number };
}

export interface CardFacts {
  readonly season: SeasonSummary;
  /** False where the product is shown but not sold, as at a market without the farm. */
  readonly isSoldHere: boolean;
}

/** "Only 3 left" from so many units of the variant on; from the farmer's own mark when that comes earlier. */
export const lowQuantity = 3;

/** Whole units of a variant that an amount of stock makes; 0 for none. */
export function unitsOf(availableBase: number, variant: Pick<LiveVariant, "unitQuantityBase">): number {
  return Math.max(0, Math.floor(availableBase / variant.unitQuantityBase));
}

/**
 * The variant that a card offers.
 *
 * @param variants in the order in which they are offered; at least one
 */
export function offeredVariant(variants: readonly LiveVariant[], availableBase: number): LiveVariant {
  return variants.find((variant) => unitsOf(availableBase, variant) > 0) ?? variants[0]!;
}

/** The card of an entry, by the stock as last read. */
export function toProductCard({ product, rating, availableBase }: ShopEntry, facts: CardFacts): ProductCard {
  const { farm } = product;
  const variant = offeredVariant(product.variants, availableBase);
  const quantity = facts.isSoldHere ? unitsOf(availableBase, variant) : 0;
  const isMarkedLow = product.lowStockBase > 0 && availableBase < product.lowStockBase;
  return {
    id: product.id,
    slug: product.slug,
    name: product.name,
    category: product.category,
    farm: {
      id: farm.id,
      slug: farm.slug,
      name: farm.name,
    },
    picture: product.picture,
    ...(product.image && { image: product.image }),
    variantId: variant.id,
    variantName: variant.name,
    priceCents: variant.unitPriceCents,
    pricePer: variant.unitPricePer,
    priceUnit: variant.priceUnit,
    ...(variant.priceDrop && { previousPriceCents: variant.priceDrop.previousPriceCents }),
    isWeighed: variant.isWeighed,
    estimateCents: estimateCents(variant),
    baseUnit: product.baseUnit,
    isOrganic: product.isOrganic,
    snapEligible: product.snapEligible,
    isAvailable: quantity > 0,
    isLow: quantity > 0 && (quantity <= lowQuantity || isMarkedLow),
    availableQuantity: quantity,
    season: facts.season,
    ...(rating && { rating }),
  };
}

/** The same card with how far away its farm is. */
export function atDistance(card: ProductCard, { product }: ShopEntry, from: GeoPoint): ProductCard {
  const kilometres = Math.round(distanceKm(from, product.farm) * 10) / 10;
  return { ...card, farm: { ...card.farm, distanceKm: kilometres } };
}
