import { comparablePriceCents } from "@almanac/catalog";
import type { BaseUnit, Cents, FarmId, ProductId } from "@almanac/kernel";
import type { TasteSignal } from "./profile.ts";
import { dayNumber, type TasteRecord } from "./taste.ts";

/** Something that a shopper did, before it is known what of. */
export interface TasteDeed {
  readonly signal: TasteSignal;
  readonly productId: ProductId | undefined;
  /** Slug of a category that exists, where the deed names one. */
  readonly category: string | undefined;
  readonly farmId: FarmId | undefined;
  /** What a followed farm sells. */
  readonly farmCategories: readonly string[] | undefined;
  /** What was paid. */
  readonly price: { readonly unitPriceCents: Cents; readonly unitPricePer: number } | undefined;
  readonly at: Date;
  /** 1 for one observation. */
  readonly amount: number;
}

/** What a taste reads of a product, on sale or not. */
export interface TastedProduct {
  /** Slug. */
  readonly category: string;
  readonly farmId: FarmId;
  readonly baseUnit: BaseUnit;
  /** Cents for 1000 g, 1000 ml or 1 piece of its first variant; absent when it has none on sale. */
  readonly comparablePriceCents?: Cents;
}

/** Deeds with what their products are. One of a product that is gone says nothing, unless it names a category or a farm. */
export function recordsOf(
  deeds: readonly TasteDeed[],
  find: (productId: ProductId) => TastedProduct | undefined,
): TasteRecord[] {
  const records: TasteRecord[] = [];
  for (const deed of deeds) {
    const { signal, productId, price, farmCategories, at, amount } = deed;
    const product = productId && find(productId);
    const category = product?.category ?? deed.category;
    const farmId = product?.farmId ?? deed.farmId;
    if (category === undefined && farmId === undefined) continue;
    records.push({
      signal,
      productId,
      category,
      farmId,
      farmCategories,
      comparablePriceCents:
        product && price ? comparablePriceCents(price, product.baseUnit) : product?.comparablePriceCents,
      day: dayNumber(at),
      at,
      amount,
    });
  }
  return records;
}
