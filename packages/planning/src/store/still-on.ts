import { sql, type SQL } from "drizzle-orm";

/**
 * Whether what is said of a farm's product for a market day still has a point: the market takes place, the farm has a stall
 * there, and the product is live or hidden. What is said for no market day asks of the product alone.
 *
 * @param table name in the statement of what has `farm_id`, `product_id`, `market_id` and `market_day`; not told by users
 */
export function isStillOn(table: string): SQL {
  const of = sql.identifier(table);
  return sql`(
    exists (select 1 from products kept where kept.id = ${of}.product_id and kept.status in ('live', 'hidden'))
    and (${of}.market_id is null or (
      exists (select 1 from market_farms stall where stall.market_id = ${of}.market_id and stall.farm_id = ${of}.farm_id)
      and not exists (
        select 1 from order_windows called_off
        where called_off.market_id = ${of}.market_id and called_off.market_day = ${of}.market_day and called_off.is_cancelled
      )
    )))`;
}
