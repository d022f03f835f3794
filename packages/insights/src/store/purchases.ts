import { sql } from "drizzle-orm";
import { rows, type Queryable } from "@almanac/db";
import { days } from "@almanac/kernel";
import { periodCount, periodDays, type GroupPurchases } from "../core/group-trends.ts";

/** By what shoppers are grouped: the market of their order, or how they behave as of last night. */
export type Grouping = "market" | "segment";

/**
 * What each group bought of each category in the periods that end at `now`, cancelled orders left out. By behaviour only who
 * may be profiled, since nobody else has a group. Nobody is asked for an age or the like, so there are no other groups.
 */
export async function readGroupPurchases(db: Queryable, by: Grouping, now: Date): Promise<GroupPurchases[]> {
  const start = new Date(now.getTime() - days(periodCount * periodDays));
  const from = sql`${start.toISOString()}::timestamptz`;
  const found = await rows<Record<keyof GroupPurchases, string | number>>(
    db,
    sql`
      select ${by === "market" ? sql`o.market_id::text` : sql`f.segment`} as "group", p.category,
        floor(extract(epoch from o.placed_at - ${from}) / ${86_400 * periodDays}::int)::int as period,
        count(distinct o.shopper_id) as people, sum(l.total_cents) as cents
      from orders o
      ${by === "market" ? sql`` : sql`join shopper_profiles f on f.shopper_id = o.shopper_id`}
      join order_lines l on l.order_id = o.id
      join products p on p.id = l.product_id
      where o.status <> 'cancelled' and o.placed_at >= ${from} and o.placed_at < ${now.toISOString()}::timestamptz
      group by 1, 2, 3`,
  );
  return found.map(({ group, category, period, people, cents }) => ({
    group: String(group),
    category: String(category),
    period: Number(period),
    people: Number(people),
    cents: Number(cents),
  }));
}
