import { and, count, desc, eq, inArray, isNotNull, isNull, lt, ne, or, sql } from "drizzle-orm";
import type { Queryable } from "@almanac/db";
import { orderLines, orders, products, ratings, subOrders } from "@almanac/db/schema";
import { newId, type FarmId, type ProductId, type ShopperId } from "@almanac/kernel";
import { isAnyOf } from "./sql.ts";

export interface RatingView {
  readonly id: string;
  readonly stars: number;
  readonly body: string;
  readonly ratedAt: string;
}

export interface RatingSummary {
  /** Mean number of stars; `null` without ratings. */
  readonly average: number | null;
  readonly count: number;
  /** How many gave 1, 2, 3, 4 and 5 stars. */
  readonly histogram: readonly [number, number, number, number, number];
}

/** What is rated: a product, or a farm as a whole. */
export type RatingTarget = { readonly productId: ProductId } | { readonly farmId: FarmId };

/** Whether a shopper has bought of a product or a farm: an order that was not cancelled. */
export async function hasBought(db: Queryable, shopperId: ShopperId, target: RatingTarget): Promise<boolean> {
  const [row] = await db
    .select({ id: orders.id })
    .from(orders)
    .innerJoin(subOrders, eq(subOrders.orderId, orders.id))
    .innerJoin(orderLines, eq(orderLines.subOrderId, subOrders.id))
    .where(
      and(
        eq(orders.shopperId, shopperId),
        ne(orders.status, "cancelled"),
        "productId" in target
          ? eq(orderLines.productId, target.productId)
          : eq(subOrders.farmId, target.farmId),
      ),
    )
    .limit(1);
  return row !== undefined;
}

export async function findFarmOf(db: Queryable, productId: ProductId): Promise<FarmId | undefined> {
  const [row] = await db.select({ farmId: products.farmId }).from(products).where(eq(products.id, productId));
  return row?.farmId;
}

export interface NewRating {
  readonly shopperId: ShopperId;
  readonly farmId: FarmId;
  readonly productId: ProductId | null;
  readonly stars: number;
  readonly body: string;
  readonly now: Date;
}

/** One rating per shopper and thing: a second one replaces the first. */
export async function saveRating(db: Queryable, { now, ...rating }: NewRating): Promise<void> {
  const { stars, body } = rating;
  const target =
    rating.productId === null
      ? { target: [ratings.shopperId, ratings.farmId], targetWhere: isNull(ratings.productId) }
      : { target: [ratings.shopperId, ratings.productId], targetWhere: isNotNull(ratings.productId) };
  await db
    .insert(ratings)
    .values({ id: newId(now.getTime()), ...rating, ratedAt: now })
    .onConflictDoUpdate({ ...target, set: { stars, body, ratedAt: now } });
}

const targetIs = (target: RatingTarget) =>
  "productId" in target
    ? eq(ratings.productId, target.productId)
    : and(eq(ratings.farmId, target.farmId), isNull(ratings.productId));

export async function readRatingSummary(db: Queryable, target: RatingTarget): Promise<RatingSummary> {
  const rows = await db
    .select({ stars: ratings.stars, count: count() })
    .from(ratings)
    .where(targetIs(target))
    .groupBy(ratings.stars);
  const of = (stars: number) => rows.find((row) => row.stars === stars)?.count ?? 0;
  const histogram = [of(1), of(2), of(3), of(4), of(5)] as const;
  const total = histogram.reduce((sum, n) => sum + n, 0);
  const stars = histogram.reduce((sum, n, i) => sum + n * (i + 1), 0);
  return { average: total === 0 ? null : Math.round((stars / total) * 100) / 100, count: total, histogram };
}

/** Mean and number of ratings of many products in one read; products without ratings are left out. */
export async function readRatingAverages(
  db: Queryable,
  productIds?: Iterable<ProductId>,
): Promise<Map<ProductId, { stars: number; count: number }>> {
  const rows = await db
    .select({
      productId: ratings.productId,
      stars: sql<number>`avg(${ratings.stars})::float8`.mapWith(Number),
      count: count(),
    })
    .from(ratings)
    .where(productIds ? isAnyOf(ratings.productId, productIds) : isNotNull(ratings.productId))
    .groupBy(ratings.productId);
  return new Map(
    rows.flatMap(({ productId, ...row }) => (productId === null ? [] : [[productId, row] as const])),
  );
}

/** Ratings with words first to last, the latest first. */
export async function listRatings(
  db: Queryable,
  target: RatingTarget,
  { after, limit }: { after?: { ratedAt: Date; id: string }; limit: number },
): Promise<RatingView[]> {
  const older = after
    ? or(
        lt(ratings.ratedAt, after.ratedAt),
        and(eq(ratings.ratedAt, after.ratedAt), lt(ratings.id, after.id)),
      )
    : undefined;
  const rows = await db
    .select({ id: ratings.id, stars: ratings.stars, body: ratings.body, ratedAt: ratings.ratedAt })
    .from(ratings)
    .where(and(targetIs(target), older))
    .orderBy(desc(ratings.ratedAt), desc(ratings.id))
    .limit(limit);
  return rows.map((row) => ({ ...row, ratedAt: row.ratedAt.toISOString() }));
}

/** A visitor's ratings become the account's; where both rated the same thing, the account's stays. */
export async function moveRatings(db: Queryable, fromId: ShopperId, intoId: ShopperId): Promise<void> {
  const own = await db
    .select({ id: ratings.id, farmId: ratings.farmId, productId: ratings.productId })
    .from(ratings)
    .where(eq(ratings.shopperId, intoId));
  const theirs = await db
    .select({ id: ratings.id, farmId: ratings.farmId, productId: ratings.productId })
    .from(ratings)
    .where(eq(ratings.shopperId, fromId));
  const keyOf = (row: { farmId: FarmId; productId: ProductId | null }) =>
    row.productId ?? `farm ${row.farmId}`;
  const known = new Set(own.map(keyOf));
  const doubled = theirs.filter((row) => known.has(keyOf(row))).map((row) => row.id);
  if (doubled.length > 0) await db.delete(ratings).where(inArray(ratings.id, doubled));
  if (theirs.length > doubled.length) {
    await db.update(ratings).set({ shopperId: intoId }).where(eq(ratings.shopperId, fromId));
  }
}
