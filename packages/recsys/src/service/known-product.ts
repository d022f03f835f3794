import type { Queryable } from "@almanac/db";
import { products } from "@almanac/db/schema";
import { AppError, isUuid, type ProductId } from "@almanac/kernel";
import { and, eq, isNotNull, ne } from "drizzle-orm";
import type { ShopView } from "../shop.ts";

/**
 * A page stays open while its product is taken off the shelf, and asks on: what was on sale once is known. What is not in the
 * shop window may also have been listed this very second, in another process, so the database has the last word.
 *
 * @throws AppError `product_not_found` for what is unknown or a draft
 */
export async function assertKnown(
  productId: string,
  { db, shop }: { readonly db: Queryable; readonly shop: Pick<ShopView, "find"> },
): Promise<void> {
  if (shop.find(productId)) return;
  const wasListed = and(
    eq(products.id, productId as ProductId),
    isNotNull(products.listedAt),
    ne(products.status, "draft"),
  );
  if (isUuid(productId) && (await db.$count(products, wasListed)) > 0) return;
  throw new AppError("product_not_found", "There is no such product.", { details: { field: "productId" } });
}
