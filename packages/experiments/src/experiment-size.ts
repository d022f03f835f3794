import { sql } from "drizzle-orm";
import { rows, type Queryable } from "@almanac/db";
import { days, type Clock } from "@almanac/kernel";
import { unitsNeeded } from "./core/sizing.ts";

/** Shoppers needed in both arms of an even split, or `null` where nothing was measured in the last four weeks. */
export async function sizeOf(
  db: Queryable,
  clock: Clock,
  { metric, lift }: { metric: "search_ctr" | "conversion"; lift: number },
): Promise<{ mean: number | null; units: number | null }> {
  const since = new Date(clock.now().getTime() - days(28)).toISOString();
  const perShopper =
    metric === "search_ctr"
      ? sql`select shopper_id, count(*)::float8 as x, count(clicked_product_id)::float8 as y from search_log
          where searched_at > ${since}::timestamptz and shopper_id is not null and algorithm <> 'simulated'
          group by shopper_id`
      : sql`select s.id, 1::float8 as x,
            (exists (select 1 from orders o where o.shopper_id = s.id and o.placed_at > ${since}::timestamptz))::int::float8 as y
          from shoppers s where s.last_seen_at > ${since}::timestamptz and s.origin <> 'simulated'`;
  // The spread of y - r x over the mean of x is that of a ratio for one shopper; with x = 1 it is that of a share.
  const [found] = await rows<{ mean: number | null; deviation: number | null }>(
    db,
    sql`
      with shopper as (${perShopper}),
      total as (select sum(y) / nullif(sum(x), 0) as mean, avg(x) as x from shopper)
      select max(t.mean) as mean, max(stddev_samp) as deviation from total t, lateral (
        select stddev_samp((s.y - t.mean * s.x) / nullif(t.x, 0)) from shopper s) d`,
  );
  const mean = found?.mean ?? null;
  const deviation = found?.deviation ?? null;
  const isKnown = mean !== null && mean > 0 && deviation !== null && deviation > 0;
  return { mean, units: isKnown ? unitsNeeded({ mean, deviation, lift }) : null };
}
