import { sql } from "drizzle-orm";
import type { Transaction } from "@almanac/db";
import type { World } from "../core/model.ts";
import { latestDayBefore, stallProducts } from "../core/walk-ins.ts";

/** Market days that the rule of thumb looks back on, and on how many of them something has to be sold to sell regularly. */
const daysLookedAt = 12;
const leastSold = 9;

/**
 * What was expected of each of Hollow Oak's products on its latest market day, before it: the least, the middle and the most of
 * the twelve market days before, a rule of thumb (version 0 of the models) that costs nothing where the models would take seconds.
 * Beyond the extremes of twelve lies one day of thirteen each, and what was seen lately is never unusual. Without it a
 * fresh world could not tell of an unusual day until a market day later.
 */
export async function insertPastForecasts(tx: Transaction, world: World): Promise<void> {
  const day = latestDayBefore(world);
  const [first] = stallProducts(world);
  if (!day || !first) return;
  const { id: farmId } = first.farm;
  const { id: marketId } = day.market;
  await tx.execute(sql`
    with before as materialized (
      select id, market_day from order_windows
      where market_id = ${marketId} and market_day < ${day.day}::date
      order by market_day desc limit ${daysLookedAt}
    ),
    own as materialized (
      select id from products
      where farm_id = ${farmId} and listed_at < (select min(market_day) from before)
    ),
    each as (
      select l.product_id, b.market_day, coalesce(l.weighed_base, l.quantity_base) as base
      from before b join orders o on o.order_window_id = b.id and o.status <> 'cancelled'
        join order_lines l on l.order_id = o.id
      union all
      select s.product_id, s.market_day, s.quantity_base
      from stall_sales s join before b on b.market_day = s.market_day
      where s.market_id = ${marketId} and s.farm_id = ${farmId}
    ),
    sold as (
      select p.id as product_id, b.market_day, coalesce(sum(e.base), 0) as base
      from own p cross join before b
        left join each e on e.product_id = p.id and e.market_day = b.market_day
      group by p.id, b.market_day
    )
    insert into demand_forecasts (farm_id, product_id, market_id, market_day, model_version, p10, p50, p90, model, demand_class,
      days_learned, past_error, past_volume, past_days, made_at)
    select ${farmId}, product_id, ${marketId}, ${day.day}::date, '0',
      min(base), percentile_cont(0.5) within group (order by base), max(base), 'rule of thumb', 'regular',
      count(*)::int, 0, 0, 0, ${day.closesAt.toISOString()}::timestamptz
    from sold group by product_id
    having count(*) = ${daysLookedAt} and count(*) filter (where base > 0) >= ${leastSold}`);
}
