import { sql, type SQL } from "drizzle-orm";

/** Why what is said of a farm's product for a market day has no point any more. */
export type Ending = "product" | "stall" | "day";

/**
 * Whether what is said of a farm's product for a market day still has a point: the market takes place, the farm has a stall
 * there, and the product is live or hidden. What is said for no market day asks of the product alone.
 *
 * @param table name in the statement of what has `farm_id`, `product_id`, `market_id` and `market_day`; not told by users
 */
export function isStillOn(table: string): SQL {
  const { isKept, hasStall, isCancelled, isForDay } = partsOf(table);
  return sql`(${isKept} and (not ${isForDay} or (${hasStall} and not ${isCancelled})))`;
}

/** What has ended it: its day is cancelled, else the farm has left the market, else the product is put away; null where nothing has. */
export function endingOf(table: string): SQL<Ending | null> {
  const { isKept, hasStall, isCancelled, isForDay } = partsOf(table);
  return sql<Ending | null>`case when ${isForDay} and ${isCancelled} then 'day'
    when ${isForDay} and not ${hasStall} then 'stall' when not ${isKept} then 'product' end`;
}

function partsOf(table: string): Record<"isKept" | "hasStall" | "isCancelled" | "isForDay", SQL> {
  const of = sql.identifier(table);
  return {
    isKept: sql`exists (select 1 from products kept where kept.id = ${of}.product_id and kept.status in ('live', 'hidden'))`,
    isForDay: sql`${of}.market_id is not null`,
    hasStall: sql`exists (select 1 from market_farms stall where stall.market_id = ${of}.market_id and stall.farm_id = ${of}.farm_id)`,
    isCancelled: sql`exists (
      select 1 from order_windows called_off
      where called_off.market_id = ${of}.market_id and called_off.market_day = ${of}.market_day and called_off.is_cancelled
    )`,
  };
}
