import { sql } from "drizzle-orm";
import { rows, type Queryable } from "@almanac/db";
import { days } from "@almanac/kernel";
import type { SnapshotFarm } from "../core/snapshot.ts";

/** A farm is new, and keeps a share of the places, for so long after it joined. */
const newFarmMs = days(90);

/** All farms by id. */
export async function loadFarms(db: Queryable, now: Date): Promise<SnapshotFarm[]> {
  const newAfter = new Date(now.getTime() - newFarmMs);
  return rows<{ id: string; isNew: boolean }>(
    db,
    sql`select id::text as id, joined_at > ${newAfter}::timestamptz as "isNew" from farms order by id`,
  );
}
