import { and, eq } from "drizzle-orm";
import type { Queryable } from "@almanac/db";
import { farms, marketFarms, products, variants } from "@almanac/db/schema";
import type { BaseUnit, Cents, FarmId, MarketId, ProductId, VariantId } from "@almanac/kernel";
import { isAnyOf } from "./sql.ts";

/** A variant as a basket needs it: what it costs, what it takes from stock, whose it is, whether it can be bought. */
export interface SellableVariant {
  readonly variantId: VariantId;
  readonly productId: ProductId;
  readonly farmId: FarmId;
  readonly farmSlug: string;
  readonly farmName: string;
  readonly slug: string;
  readonly productName: string;
  readonly variantName: string;
  readonly picture: string;
  readonly imageId: string | null;
  readonly baseUnit: BaseUnit;
  readonly unitQuantityBase: number;
  readonly unitPriceCents: Cents;
  readonly unitPricePer: number;
  readonly priceUnit: string;
  readonly isWeighed: boolean;
  /** Live, and its farm sells at the market asked for. */
  readonly isSellable: boolean;
}

/** Variants by id, as they are sold at one market. Unknown ids are left out. */
export async function readVariants(
  db: Queryable,
  marketId: MarketId,
  variantIds: Iterable<VariantId>,
): Promise<Map<VariantId, SellableVariant>> {
  const ids = [...variantIds];
  if (ids.length === 0) return new Map();
  const rows = await db
    .select({
      variantId: variants.id,
      productId: products.id,
      farmId: products.farmId,
      farmSlug: farms.slug,
      farmName: farms.name,
      slug: products.slug,
      productName: products.name,
      variantName: variants.name,
      picture: products.picture,
      imageId: products.imageId,
      baseUnit: products.baseUnit,
      unitQuantityBase: variants.unitQuantityBase,
      unitPriceCents: variants.unitPriceCents,
      unitPricePer: variants.unitPricePer,
      priceUnit: variants.priceUnit,
      isWeighed: variants.isWeighed,
      variantStatus: variants.status,
      productStatus: products.status,
      sellsAt: marketFarms.marketId,
    })
    .from(variants)
    .innerJoin(products, eq(products.id, variants.productId))
    .innerJoin(farms, eq(farms.id, products.farmId))
    .leftJoin(marketFarms, and(eq(marketFarms.farmId, products.farmId), eq(marketFarms.marketId, marketId)))
    .where(isAnyOf(variants.id, ids));
  return new Map(
    rows.map(({ variantStatus, productStatus, sellsAt, ...variant }) => [
      variant.variantId,
      { ...variant, isSellable: variantStatus === "live" && productStatus === "live" && sellsAt !== null },
    ]),
  );
}
