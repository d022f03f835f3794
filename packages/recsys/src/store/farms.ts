import { sql } from "drizzle-orm";
import { rows, type Queryable } from "@almanac/db";
import { days } from "@almanac/kernel";
import type { SnapshotFarm } from "../core/snapshot/snapshot.ts";

/** A farm is new for so long after it joined; and small by what it sold in as long. */
const newFarmMs = days(90);
/** A farm that sold less than this share of what the middle farm sold is small. */
const smallShare = 0.25;

/**
 * All farms by id. New and small ones keep a share of the places: who joined in the last 90 days, or sold less than a
 * quarter of what the middle farm sold in them. A farm that sold nothing is small as soon as the middle one sold something.
 */
export async function loadFarms(db: Queryable, now: Date): Promise<SnapshotFarm[]> {
  const since = new Date(now.getTime() - newFarmMs);
  return rows<{ id: string; isNew: boolean }>(
    db,
    sql`
      with sold as (
        select f.id, f.joined_at, count(o.id) as orders
        from farms f
        left join sub_orders s on s.farm_id = f.id
        left join orders o on o.id = s.order_id and o.placed_at > ${since}::timestamptz and o.status <> 'cancelled'
        group by f.id
      )
      select id::text as id, joined_at > ${since}::timestamptz
        or orders < ${smallShare} * (select percentile_cont(0.5) within group (order by orders) from sold) as "isNew"
      from sold order by id`,
  );
}
