import { sql } from "drizzle-orm";
import { rows, type Queryable } from "@almanac/db";
import type { CalendarDay, FarmId, MarketId, ProductId } from "@almanac/kernel";

/** Market days of each market that tell how orders come in. */
export const bookedDays = 26;

export interface BookedBy {
  readonly productId: ProductId;
  readonly marketId: MarketId;
  /** The market day that is to come. */
  readonly comingDay: CalendarDay;
  readonly pastDay: CalendarDay;
  /** Ordered for the past day until as long before its closing as it is now before the coming day's; base units. */
  readonly byThenBase: number;
  /** Base units of one order line on average, over all of the past day's. */
  readonly lineBase: number;
}

/**
 * How much of a farm's products had been ordered for each of the latest market days by the same time before ordering closed
 * as it is now, for coming market days that can be ordered for already.
 */
export async function readBookedBy(
  db: Queryable,
  farmId: FarmId,
  { days, now }: { days: readonly CalendarDay[]; now: Date },
): Promise<BookedBy[]> {
  if (days.length === 0) return [];
  const at = sql`${now.toISOString()}::timestamptz`;
  const wanted = sql.join(
    [...new Set(days)].map((day) => sql`${day}::date`),
    sql`, `,
  );
  const found = await rows<{
    product_id: ProductId;
    market_id: MarketId;
    coming_day: CalendarDay;
    past_day: CalendarDay;
    by_then: number | string;
    line: number | string;
  }>(
    db,
    sql`
      with coming as materialized (
        select w.market_id, w.market_day, greatest(interval '0', w.closes_at - ${at}) as lead
        from order_windows w join market_farms f on f.market_id = w.market_id and f.farm_id = ${farmId}
        where not w.is_cancelled and w.market_day in (${wanted}) and w.opens_at <= ${at}
      ),
      past as materialized (
        select * from (
          select w.id, w.market_id, w.market_day, w.closes_at,
            row_number() over (partition by w.market_id order by w.market_day desc) as place
          from order_windows w
          where not w.is_cancelled and w.closes_at <= ${at}
            and w.market_id in (select market_id from coming)
            and w.market_day < (select min(market_day) from coming)
        ) latest where place <= ${bookedDays}
      ),
      lines as materialized (
        select o.order_window_id, o.placed_at, l.product_id, l.quantity_base as base
        from past p
        join orders o on o.order_window_id = p.id and o.status <> 'cancelled'
        join order_lines l on l.order_id = o.id
        join products q on q.id = l.product_id and q.farm_id = ${farmId}
      )
      select l.product_id, c.market_id, to_char(c.market_day, 'YYYY-MM-DD') as coming_day,
        to_char(p.market_day, 'YYYY-MM-DD') as past_day, avg(l.base) as line,
        coalesce(sum(l.base) filter (where l.placed_at <= p.closes_at - c.lead), 0) as by_then
      from lines l
      join past p on p.id = l.order_window_id
      join coming c on c.market_id = p.market_id
      group by 1, 2, 3, 4`,
  );
  return found.map((row) => ({
    productId: row.product_id,
    marketId: row.market_id,
    comingDay: row.coming_day,
    pastDay: row.past_day,
    byThenBase: Number(row.by_then),
    lineBase: Number(row.line),
  }));
}
