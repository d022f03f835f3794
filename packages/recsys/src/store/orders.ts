import { sql } from "drizzle-orm";
import { rows, type Queryable } from "@almanac/db";
import type { ShopperId } from "@almanac/kernel";
import type { OrderText } from "../building/messages.ts";

/** A part of all orders, as it was read. */
export interface OrderPage {
  readonly orders: readonly OrderText[];
  /** Ids of those placed after `recentAfter`, so that a message about one does not count it twice. */
  readonly recentIds: readonly string[];
  /** How many are receipts of another shop, which split what a household buys in a week. */
  readonly imported: number;
}

export interface OrderSpan {
  readonly since: Date;
  readonly until: Date;
  readonly recentAfter: Date;
}

/** Orders of one page: small enough that reading it holds nothing up for longer than a few milliseconds. */
const pageSize = 5_000;

/**
 * Baskets of all shoppers, oldest first, with the day at the market, in pages. Cancelled orders are left out.
 *
 * One text per order instead of one row per line: a year of a large market is some hundred thousand lines. Each page goes
 * on from the last order of the one before, by the index on `placed_at`.
 */
export async function* readOrders(
  db: Queryable,
  { since, until, recentAfter }: OrderSpan,
): AsyncGenerator<OrderPage> {
  let after: OrderRow | undefined;
  do {
    const later = after
      ? sql`(placed_at, id) > (${after.placedAt}::timestamptz, ${after.id}::uuid)`
      : sql`placed_at > ${since}::timestamptz`;
    const found = await rows<OrderRow>(
      db,
      sql`
        select o.id::text as id, o.shopper_id::text as "shopperId", o.market_id::text as "marketId", o.source,
          o.placed_at::text as "placedAt", o.status = 'cancelled' as "isCancelled",
          (o.placed_at at time zone m.time_zone)::date - date '1970-01-01' as day,
          o.placed_at > ${recentAfter}::timestamptz as "isRecent",
          (select string_agg(l.product_id::text, ',') from order_lines l where l.order_id = o.id) as products
        from (
          select id, shopper_id, market_id, source, placed_at, status from orders
          where ${later} and placed_at <= ${until}::timestamptz
          order by placed_at, id limit ${pageSize}
        ) o
        join markets m on m.id = o.market_id
        order by o.placed_at, o.id`,
    );
    yield pageOf(found);
    after = found.length < pageSize ? undefined : found.at(-1);
  } while (after);
}

/** What a shopper bought with one of their own orders, by its id or number; nothing when it is not theirs. */
export async function productsOfOrder(db: Queryable, shopperId: ShopperId, order: string): Promise<string[]> {
  const found = await rows<{ productId: string }>(
    db,
    sql`
      select distinct l.product_id::text as "productId" from orders o join order_lines l on l.order_id = o.id
      where o.shopper_id = ${shopperId} and (o.id::text = ${order} or o.number = ${order})
      order by 1`,
  );
  return found.map(({ productId }) => productId);
}

function pageOf(found: readonly OrderRow[]): OrderPage {
  const orders: OrderText[] = [];
  const recentIds: string[] = [];
  let imported = 0;
  for (const { id, shopperId, marketId, source, day, isRecent, isCancelled, products } of found) {
    if (isCancelled || products === null) continue;
    orders.push({ shopperId, marketId, day: Number(day), products });
    if (isRecent) recentIds.push(id);
    if (source === "import") imported++;
  }
  return { orders, recentIds, imported };
}

interface OrderRow {
  readonly id: string;
  readonly shopperId: string;
  readonly marketId: string;
  readonly source: string;
  readonly placedAt: string;
  readonly isCancelled: boolean;
  readonly day: number;
  readonly isRecent: boolean;
  readonly products: string | null;
}
