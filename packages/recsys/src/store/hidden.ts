import { and, desc, eq, sql } from "drizzle-orm";
import { hiddenRecommendations, products } from "@almanac/db/schema";
import type { Queryable } from "@almanac/db";
import type { ProductId, ShopperId } from "@almanac/kernel";

export interface HiddenProduct {
  readonly productId: ProductId;
  readonly slug: string;
  readonly name: string;
  readonly hiddenAt: Date;
}

/** Hiding twice hides once. */
export async function hideProduct(
  db: Queryable,
  { shopperId, productId, now }: { shopperId: ShopperId; productId: ProductId; now: Date },
): Promise<void> {
  await db
    .insert(hiddenRecommendations)
    .values({ shopperId, productId, hiddenAt: now })
    .onConflictDoNothing();
}

export async function unhideProduct(
  db: Queryable,
  { shopperId, productId }: { shopperId: ShopperId; productId: ProductId },
): Promise<void> {
  await db
    .delete(hiddenRecommendations)
    .where(
      and(eq(hiddenRecommendations.shopperId, shopperId), eq(hiddenRecommendations.productId, productId)),
    );
}

export async function productExists(db: Queryable, productId: ProductId): Promise<boolean> {
  const found = await db
    .select({ id: products.id })
    .from(products)
    .where(eq(products.id, productId))
    .limit(1);
  return found.length > 0;
}

/** The latest first, at most 200. */
export async function listHidden(db: Queryable, shopperId: ShopperId): Promise<HiddenProduct[]> {
  return db
    .select({
      productId: hiddenRecommendations.productId,
      slug: products.slug,
      name: products.name,
      hiddenAt: hiddenRecommendations.hiddenAt,
    })
    .from(hiddenRecommendations)
    .innerJoin(products, eq(products.id, hiddenRecommendations.productId))
    .where(eq(hiddenRecommendations.shopperId, shopperId))
    .orderBy(desc(hiddenRecommendations.hiddenAt), hiddenRecommendations.productId)
    .limit(200);
}

/** What a visitor hid stays hidden for the account that they sign in to. */
export async function moveHidden(db: Queryable, fromId: ShopperId, intoId: ShopperId): Promise<void> {
  await db.execute(sql`
    insert into hidden_recommendations (shopper_id, product_id, hidden_at)
    select ${intoId}, product_id, hidden_at from hidden_recommendations where shopper_id = ${fromId}
    on conflict do nothing`);
  await forgetHidden(db, fromId);
}

export async function forgetHidden(db: Queryable, shopperId: ShopperId): Promise<void> {
  await db.delete(hiddenRecommendations).where(eq(hiddenRecommendations.shopperId, shopperId));
}
