import { sql } from "drizzle-orm";
import { rows, type Queryable } from "@almanac/db";
import type { CalendarDay, FarmId } from "@almanac/kernel";
import type { AdvisedLoad } from "../core/advice-accuracy.ts";

/**
 * What a farm was advised to bring to market days, as it stood at the end: what was answered, and what ran out on the day
 * itself; what was withdrawn before is no advice any more. At most the latest 20,000.
 */
export async function listAdvisedLoads(
  db: Queryable,
  farmId: FarmId,
  { from, before }: { from: CalendarDay; before: CalendarDay },
): Promise<AdvisedLoad[]> {
  return rows<AdvisedLoad>(
    db,
    sql`
    select a.product_id as "productId", a.market_id as "marketId", to_char(a.market_day, 'YYYY-MM-DD') as day,
      coalesce((a.before ->> 'advisedBase')::float8, a.recommended_base) as "advisedBase",
      coalesce((
        select v.unit_price_cents::float8 / v.unit_price_per from variants v where v.product_id = a.product_id
        order by (v.status = 'live') desc, v.position, v.id limit 1
      ), 0) as worth
    from advice a join markets m on m.id = a.market_id
    where a.farm_id = ${farmId} and a.type = 'BRING_TO_MARKET'
      and a.market_day >= ${from}::date and a.market_day < ${before}::date
      and (a.status in ('ACCEPTED', 'REJECTED') or (a.valid_until at time zone m.time_zone)::date = a.market_day)
    order by a.market_day desc, a.id limit 20000`,
  );
}
