import { and, asc, desc, eq, isNull, sql } from "drizzle-orm";
import type { Queryable } from "@almanac/db";
import { farmFollows, stockSubscriptions, wishes } from "@almanac/db/schema";
import type { ProductId, ShopperId } from "@almanac/kernel";
import { groupBy, isAnyOf } from "./sql.ts";

export type StockAlertKind = "BACK_IN_STOCK" | "BACK_IN_SEASON";

export const stockAlertKinds = [
  "BACK_IN_STOCK",
  "BACK_IN_SEASON",
] as const satisfies readonly StockAlertKind[];

/** Nobody can wish for, or wait for, more than this many products. */
export const maxWishes = 500;

export interface Wish {
  readonly productId: ProductId;
  readonly addedAt: Date;
}

/** A shopper's wishes, the latest first. */
export async function listWishes(db: Queryable, shopperId: ShopperId): Promise<Wish[]> {
  return db
    .select({ productId: wishes.productId, addedAt: wishes.addedAt })
    .from(wishes)
    .where(eq(wishes.shopperId, shopperId))
    .orderBy(desc(wishes.addedAt), asc(wishes.productId))
    .limit(maxWishes);
}

/** @returns whether it is new */
export async function insertWish(
  tx: Queryable,
  shopperId: ShopperId,
  productId: ProductId,
  at: Date,
): Promise<boolean> {
  const rows = await tx
    .insert(wishes)
    .values({ shopperId, productId, addedAt: at })
    .onConflictDoNothing()
    .returning({ productId: wishes.productId });
  return rows.length > 0;
}

export async function deleteWish(tx: Queryable, shopperId: ShopperId, productId: ProductId): Promise<void> {
  await tx.delete(wishes).where(and(eq(wishes.shopperId, shopperId), eq(wishes.productId, productId)));
}

/** Who wishes for any of the products, by product. */
export async function listWishers(
  db: Queryable,
  productIds: readonly ProductId[],
): Promise<Map<ProductId, ShopperId[]>> {
  const rows = await db
    .select({ productId: wishes.productId, shopperId: wishes.shopperId })
    .from(wishes)
    .where(isAnyOf(wishes.productId, productIds));
  const byProduct = groupBy(rows, (row) => row.productId);
  return new Map([...byProduct].map(([id, rowsOf]) => [id, rowsOf.map((row) => row.shopperId)]));
}

export interface StockAlert {
  readonly productId: ProductId;
  readonly kind: StockAlertKind;
  readonly subscribedAt: Date;
}

/** What a shopper still waits for, the latest first. */
export async function listStockAlerts(db: Queryable, shopperId: ShopperId): Promise<StockAlert[]> {
  return db
    .select({
      productId: stockSubscriptions.productId,
      kind: stockSubscriptions.kind,
      subscribedAt: stockSubscriptions.subscribedAt,
    })
    .from(stockSubscriptions)
    .where(and(eq(stockSubscriptions.shopperId, shopperId), isNull(stockSubscriptions.notifiedAt)))
    .orderBy(desc(stockSubscriptions.subscribedAt), asc(stockSubscriptions.productId))
    .limit(maxWishes * 2);
}

/** Asks to be told; asking again after having been told starts anew. */
export async function saveStockAlert(
  tx: Queryable,
  shopperId: ShopperId,
  { productId, kind, subscribedAt }: StockAlert,
): Promise<void> {
  await tx
    .insert(stockSubscriptions)
    .values({ shopperId, productId, kind, subscribedAt })
    .onConflictDoUpdate({
      target: [stockSubscriptions.shopperId, stockSubscriptions.productId, stockSubscriptions.kind],
      set: { subscribedAt, notifiedAt: null },
      setWhere: sql`${stockSubscriptions.notifiedAt} is not null`,
    });
}

export async function deleteStockAlert(
  tx: Queryable,
  shopperId: ShopperId,
  productId: ProductId,
  kind: StockAlertKind,
): Promise<void> {
  await tx
    .delete(stockSubscriptions)
    .where(
      and(
        eq(stockSubscriptions.shopperId, shopperId),
        eq(stockSubscriptions.productId, productId),
        eq(stockSubscriptions.kind, kind),
      ),
    );
}

/**
 * Takes everybody who waits for a product and notes that they were told, in one statement, so that two processes never
 * tell the same person.
 */
export async function claimStockAlerts(
  tx: Queryable,
  productId: ProductId,
  kind: StockAlertKind,
  at: Date,
): Promise<ShopperId[]> {
  const rows = await tx
    .update(stockSubscriptions)
    .set({ notifiedAt: at })
    .where(
      and(
        eq(stockSubscriptions.productId, productId),
        eq(stockSubscriptions.kind, kind),
        isNull(stockSubscriptions.notifiedAt),
      ),
    )
    .returning({ shopperId: stockSubscriptions.shopperId });
  return rows.map((row) => row.shopperId);
}

/**
 * Moves wishes, follows and stock alerts of one shopper to another; what both have is kept once. Who was told and asked again as
 * a visitor still waits.
 */
export async function moveShopperThings(tx: Queryable, fromId: ShopperId, intoId: ShopperId): Promise<void> {
  await tx.execute(sql`insert into ${wishes} (shopper_id, product_id, added_at)
    select ${intoId}, product_id, added_at from ${wishes} where shopper_id = ${fromId} on conflict do nothing`);
  await tx.execute(sql`insert into ${farmFollows} (shopper_id, farm_id, followed_at)
    select ${intoId}, farm_id, followed_at from ${farmFollows} where shopper_id = ${fromId} on conflict do nothing`);
  await tx.execute(sql`insert into ${stockSubscriptions} (shopper_id, product_id, kind, subscribed_at, notified_at)
    select ${intoId}, product_id, kind, subscribed_at, notified_at from ${stockSubscriptions}
    where shopper_id = ${fromId}
    on conflict (shopper_id, product_id, kind) do update set subscribed_at = excluded.subscribed_at, notified_at = null
      where ${stockSubscriptions}.notified_at is not null and excluded.notified_at is null`);
  await deleteShopperThings(tx, fromId);
}

export async function deleteShopperThings(tx: Queryable, shopperId: ShopperId): Promise<void> {
  await tx.delete(wishes).where(eq(wishes.shopperId, shopperId));
  await tx.delete(farmFollows).where(eq(farmFollows.shopperId, shopperId));
  await tx.delete(stockSubscriptions).where(eq(stockSubscriptions.shopperId, shopperId));
}
