import { listLiveProducts } from "@almanac/catalog";
import type { Queryable } from "@almanac/db";
import { AppError, isUuid, type ProductId } from "@almanac/kernel";
import type { ShopView } from "../shop.ts";

/**
 * What is not in the shop window may have been listed this very second, in another process: the database has the last word.
 *
 * @throws AppError `product_not_found` for what is not on sale, whether it is unknown, a draft or not listed any more
 */
export async function assertOnSale(
  productId: string,
  { db, shop, now }: { readonly db: Queryable; readonly shop: Pick<ShopView, "find">; readonly now: Date },
): Promise<void> {
  if (shop.find(productId)) return;
  const found = isUuid(productId)
    ? await listLiveProducts(db, { now, productIds: [productId as ProductId] })
    : [];
  if (found.length === 0)
    throw new AppError("product_not_found", "There is no such product.", { details: { field: "productId" } });
}
