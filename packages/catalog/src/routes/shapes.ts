import {
  AppError,
  type FarmId,
  type MarketId,
  type OrderWindowId,
  type PickupSlotId,
  type ProductId,
  type VariantId,
} from "@almanac/kernel";
import { comparablePriceCents, estimateCents, leadVariant } from "../core/prices.ts";
import type {
  Farm,
  ImageInfo,
  LiveProduct,
  LiveVariant,
  Lot,
  Market,
  NextWindow,
  OrderWindow,
  PickupSlot,
  Product,
  Variant,
} from "../core/things.ts";

/** Moments on the wire are ISO texts in UTC, the same in process and over HTTP. */
export interface WindowView {
  readonly id: OrderWindowId;
  readonly marketDay: string;
  readonly opensAt: string;
  readonly closesAt: string;
  readonly isOpen: boolean;
}

export interface MarketView extends Market {
  readonly nextWindow?: WindowView;
}

export interface SlotView {
  readonly id: PickupSlotId;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly capacityOrders: number;
}

export interface FarmView extends Omit<Farm, "joinedAt"> {
  readonly joinedAt: string;
  readonly isFollowed: boolean;
}

/** What a small card of a product needs; the shop window's own card knows more (stock, season, rating). */
export interface ProductSummary {
  readonly id: ProductId;
  readonly slug: string;
  readonly name: string;
  readonly category: { readonly slug: string; readonly name: string };
  readonly farm: { readonly id: FarmId; readonly slug: string; readonly name: string };
  readonly marketIds: readonly MarketId[];
  readonly picture: string;
  readonly image?: ImageInfo;
  readonly variantId: VariantId;
  readonly variantName: string;
  readonly priceCents: number;
  readonly pricePer: number;
  readonly priceUnit: string;
  readonly previousPriceCents?: number;
  readonly isWeighed: boolean;
  readonly estimateCents: number;
  readonly baseUnit: Product["baseUnit"];
  readonly isOrganic: boolean;
  readonly snapEligible: boolean;
}

export interface VariantView {
  readonly id: VariantId;
  readonly name: string;
  readonly priceUnit: string;
  readonly unitPriceCents: number;
  readonly unitPricePer: number;
  readonly unitQuantityBase: number;
  readonly isWeighed: boolean;
  readonly position: number;
  /** What one unit is expected to cost. */
  readonly estimateCents: number;
  /** Cents for 1000 g, 1000 ml or 1 piece. */
  readonly comparablePriceCents: number;
  readonly previousPriceCents?: number;
}

export function toWindowView({ id, marketDay, opensAt, closesAt, isOpen }: NextWindow): WindowView {
  return { id, marketDay, opensAt: opensAt.toISOString(), closesAt: closesAt.toISOString(), isOpen };
}

export function toMarketView(market: Market, next: NextWindow | undefined): MarketView {
  return next ? { ...market, nextWindow: toWindowView(next) } : market;
}

export function toSlotView({ id, startsAt, endsAt, capacityOrders }: PickupSlot): SlotView {
  return { id, startsAt: startsAt.toISOString(), endsAt: endsAt.toISOString(), capacityOrders };
}

export function toDeskWindow(window: OrderWindow, state: string, slots: readonly PickupSlot[]) {
  return {
    id: window.id,
    marketDay: window.marketDay,
    opensAt: window.opensAt.toISOString(),
    closesAt: window.closesAt.toISOString(),
    isCancelled: window.isCancelled,
    state,
    slots: slots.map(toSlotView),
  };
}

export function toFarmView(farm: Farm, isFollowed: boolean): FarmView {
  return { ...farm, joinedAt: farm.joinedAt.toISOString(), isFollowed };
}

export function toVariantView(variant: LiveVariant | Variant, baseUnit: Product["baseUnit"]): VariantView {
  const previousPriceCents = "priceDrop" in variant ? variant.priceDrop?.previousPriceCents : undefined;
  return {
    id: variant.id,
    name: variant.name,
    priceUnit: variant.priceUnit,
    unitPriceCents: variant.unitPriceCents,
    unitPricePer: variant.unitPricePer,
    unitQuantityBase: variant.unitQuantityBase,
    isWeighed: variant.isWeighed,
    position: variant.position,
    estimateCents: estimateCents(variant),
    comparablePriceCents: comparablePriceCents(variant, baseUnit),
    ...(previousPriceCents !== undefined && { previousPriceCents }),
  };
}

export function toProductSummary(product: LiveProduct): ProductSummary {
  const variant = leadVariant(product.variants);
  if (!variant) throw new AppError("product_not_found", "The product has nothing to order.");
  const { farm } = product;
  return {
    id: product.id,
    slug: product.slug,
    name: product.name,
    category: product.category,
    farm: { id: farm.id, slug: farm.slug, name: farm.name },
    marketIds: farm.marketIds,
    picture: product.picture,
    image: product.image,
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
  };
}

/** A farmer's own product, of any status. */
export function toFarmProduct(product: Product, variants: readonly Variant[]) {
  const { listedAt, lastHarvestAt, updatedAt, ...rest } = product;
  return {
    ...rest,
    listedAt: listedAt?.toISOString(),
    lastHarvestAt: lastHarvestAt?.toISOString(),
    updatedAt: updatedAt.toISOString(),
    variants: variants.map((variant) => ({
      ...toVariantView(variant, product.baseUnit),
      status: variant.status,
    })),
  };
}

export function toLotView(lot: Lot) {
  return { ...lot, createdAt: lot.createdAt.toISOString() };
}
