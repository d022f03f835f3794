import type { Queryable } from "@almanac/db";
import { AppError, days } from "@almanac/kernel";
import { listLiveProducts } from "../store/live-products.ts";
import { listPriceChanges } from "../store/prices.ts";
import { findLiveProductId, listLots } from "../store/products.ts";
import type { Cents, VariantId } from "@almanac/kernel";
import type { LiveProduct, Lot } from "../core/things.ts";

export const priceHistoryDays = 90;

export interface PricePoint {
  readonly at: Date;
  readonly unitPriceCents: Cents;
}

export interface LiveProductDetail {
  readonly product: LiveProduct;
  /** The latest three. */
  readonly lots: readonly Lot[];
  /** By variant: the price 90 days ago, then each change, then now. */
  readonly priceHistory: readonly { readonly variantId: VariantId; readonly points: readonly PricePoint[] }[];
}

/**
 * Everything a shopper may know of a product.
 *
 * @throws AppError `product_not_found` when it is not on sale
 */
export async function getLiveProduct(db: Queryable, slug: string, now: Date): Promise<LiveProductDetail> {
  const productId = await findLiveProductId(db, slug);
  const [product] = productId ? await listLiveProducts(db, { now, productIds: [productId] }) : [];
  if (!product) throw new AppError("product_not_found", "There is no such product.");
  const since = new Date(now.getTime() - days(priceHistoryDays));
  const changes = await listPriceChanges(db, { since, variantIds: product.variants.map(({ id }) => id) });
  return {
    product,
    lots: await listLots(db, [product.id], 3),
    priceHistory: product.variants.map(({ id, unitPriceCents }) => {
      const ofVariant = changes.get(id) ?? [];
      const first = { at: since, unitPriceCents: ofVariant[0]?.oldPriceCents ?? unitPriceCents };
      const steps = ofVariant.map((change) => ({
        at: change.changedAt,
        unitPriceCents: change.newPriceCents,
      }));
      return { variantId: id, points: [first, ...steps, { at: now, unitPriceCents }] };
    }),
  };
}
