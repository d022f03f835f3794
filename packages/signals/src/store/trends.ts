import { sql } from "drizzle-orm";
import { rows, type Queryable } from "@almanac/db";
import { days, type MarketId, type ProductId } from "@almanac/kernel";
import { trendDays, type Trend } from "../core/trend.ts";

interface TrendRow {
  product_id: ProductId;
  market_id: MarketId | null;
  orders: number;
  buyers: number;
  views: number;
  last_order_ms: number | null;
}

/**
 * Orders, distinct buyers and views of the last seven days by product: a row per market and one for all of them
 * together. Products without any are absent. A view counts at the market that its shopper shops at.
 *
 * Reads by the indexes on `orders.placed_at` and `action_events_views`.
 */
export async function readTrends(db: Queryable, now: Date): Promise<Trend[]> {
  const since = new Date(now.getTime() - days(trendDays)).toISOString();
  const found = await rows<TrendRow>(
    db,
    sql`
    with bought as (
      select l.product_id, o.market_id, grouping(o.market_id) as is_all,
        count(distinct o.id)::int as orders,
        count(distinct o.shopper_id)::int as buyers,
        extract(epoch from max(o.placed_at)) * 1000 as last_order_ms
      from orders o join order_lines l on l.order_id = o.id
      where o.placed_at > ${since}::timestamptz and o.placed_at <= ${now.toISOString()}::timestamptz
        and o.status <> 'cancelled'
      group by grouping sets ((l.product_id, o.market_id), (l.product_id))
    ), seen as (
      -- Whether it is an id is asked of each product, not of each event, which would take longer than all the rest.
      select entity_id::uuid as product_id, market_id, is_all, views from (
        select e.entity_id, s.market_id, grouping(s.market_id) as is_all, count(*)::int as views
        from action_events e left join shoppers s on s.id = e.shopper_id
        where e.action = 'VIEW_PRODUCT' and e.entity_type = 'PRODUCT'
          and e.recorded_at > ${since}::timestamptz and e.recorded_at <= ${now.toISOString()}::timestamptz
        group by grouping sets ((e.entity_id, s.market_id), (e.entity_id))
      ) as counted where entity_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
    )
    select coalesce(b.product_id, v.product_id) as product_id, coalesce(b.market_id, v.market_id) as market_id,
      coalesce(b.orders, 0) as orders, coalesce(b.buyers, 0) as buyers, coalesce(v.views, 0) as views,
      b.last_order_ms::float8 as last_order_ms
    from bought b full join seen v
      on v.product_id = b.product_id and v.is_all = b.is_all and (b.is_all = 1 or v.market_id = b.market_id)
    -- A visitor without a market has looked at no market in particular: those views are in the row of all only.
    where coalesce(b.is_all, v.is_all) = 1 or coalesce(b.market_id, v.market_id) is not null`,
  );
  return found.map((row) => ({
    productId: row.product_id,
    ...(row.market_id && { marketId: row.market_id }),
    orders: row.orders,
    buyers: row.buyers,
    views: row.views,
    ...(row.last_order_ms !== null && { lastOrderAt: new Date(Math.round(row.last_order_ms)) }),
  }));
}
