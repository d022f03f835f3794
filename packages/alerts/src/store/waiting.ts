import { sql } from "drizzle-orm";
import { rows, type Queryable } from "@almanac/db";
import type { FarmId, ProductId } from "@almanac/kernel";
import type { Arrival } from "../core/arrivals.ts";

/** Products whose season somebody waits for. */
export async function listAwaitedInSeason(db: Queryable): Promise<ProductId[]> {
  const found = await rows<{ productId: ProductId }>(
    db,
    sql`
      select distinct product_id as "productId" from stock_subscriptions
      where kind = 'BACK_IN_SEASON' and notified_at is null order by product_id`,
  );
  return found.map(({ productId }) => productId);
}

/** How many were told that a product is back since a moment, and have not been erased. */
export async function countTold(
  db: Queryable,
  { productId, since }: { productId: ProductId; since: Date },
): Promise<number> {
  const [found] = await rows<{ told: number }>(
    db,
    sql`
      select count(*)::int as told from stock_subscriptions q join shoppers s on s.id = q.shopper_id
      where q.product_id = ${productId} and q.kind = 'BACK_IN_STOCK' and q.notified_at > ${since}::timestamptz
        and s.erased_at is null`,
  );
  return found?.told ?? 0;
}

/** Products whose hold ran out, with people who still wait: somebody was told before, and nobody since. */
export async function listLapsedHolds(db: Queryable, since: Date): Promise<ProductId[]> {
  const found = await rows<{ productId: ProductId }>(
    db,
    sql`
      select product_id as "productId" from stock_subscriptions where kind = 'BACK_IN_STOCK'
      group by product_id
      having max(notified_at) <= ${since}::timestamptz and bool_or(notified_at is null)
      order by product_id`,
  );
  return found.map(({ productId }) => productId);
}

export interface FarmArrival extends Arrival {
  readonly productId: ProductId;
  readonly farmId: FarmId;
}

/** Live products that were first listed after a moment, by farm and time. Past their first listing products never return. */
export async function listArrivals(db: Queryable, since: Date): Promise<FarmArrival[]> {
  const found = await rows<{ productId: ProductId; farmId: FarmId; listedAtMs: number }>(
    db,
    sql`
      select id as "productId", farm_id as "farmId", (extract(epoch from listed_at) * 1000)::float8 as "listedAtMs"
      from products where status = 'live' and listed_at > ${since}::timestamptz
      order by farm_id, listed_at, id`,
  );
  return found.map(({ listedAtMs, ...arrival }) => ({
    ...arrival,
    listedAt: new Date(Math.round(listedAtMs)),
  }));
}
