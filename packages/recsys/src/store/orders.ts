import { sql } from "drizzle-orm";
import { rows, type Queryable } from "@almanac/db";
import type { SnapshotOrder } from "../core/snapshot.ts";

export interface LoadedOrders {
  readonly orders: SnapshotOrder[];
  /** Ids of those placed after `recentAfter`, so that a message about one does not count it twice. */
  readonly recentIds: Set<string>;
  /** Most of them are receipts of another shop, which split what a household buys in a week. */
  readonly isImport: boolean;
}

/**
 * Baskets of all shoppers, oldest first, with the day at the market. Cancelled orders are left out.
 *
 * One text per order instead of one row per line: a year of a large market is some hundred thousand lines.
 */
export async function loadOrders(
  db: Queryable,
  { since, until, recentAfter }: { since: Date; until: Date; recentAfter: Date },
): Promise<LoadedOrders> {
  const found = await rows<OrderRow>(
    db,
    sql`
      select o.id::text as id, o.shopper_id::text as "shopperId", o.market_id::text as "marketId", o.source,
        (o.placed_at at time zone m.time_zone)::date - date '1970-01-01' as day,
        o.placed_at > ${recentAfter}::timestamptz as "isRecent", l.products
      from orders o
      join markets m on m.id = o.market_id
      join (
        select order_id, string_agg(product_id::text, ',') as products from order_lines group by order_id
      ) l on l.order_id = o.id
      where o.status <> 'cancelled' and o.placed_at > ${since}::timestamptz and o.placed_at <= ${until}::timestamptz
      order by o.placed_at, o.id`,
  );
  const recentIds = new Set<string>();
  let imported = 0;
  const orders = found.map(({ id, shopperId, marketId, source, day, isRecent, products }) => {
    if (isRecent) recentIds.add(id);
    if (source === "import") imported++;
    return { shopperId, marketId, day: Number(day), productIds: products.split(",") };
  });
  return { orders, recentIds, isImport: imported * 2 > orders.length };
}

interface OrderRow {
  readonly id: string;
  readonly shopperId: string;
  readonly marketId: string;
  readonly source: string;
  readonly day: number;
  readonly isRecent: boolean;
  readonly products: string;
}
