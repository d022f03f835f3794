import { sql } from "drizzle-orm";
import { rows, type Queryable } from "@almanac/db";
import type { FarmId } from "@almanac/kernel";

export interface FarmRow {
  readonly id: FarmId;
  readonly slug: string;
  readonly name: string;
}

/** Farms from which somebody ordered since a moment, by name. */
export async function listSellingFarms(db: Queryable, since: Date): Promise<FarmRow[]> {
  return rows<FarmRow & Record<string, unknown>>(
    db,
    sql`select f.id, f.slug, f.name from farms f
      where exists (select 1 from sub_orders s join orders o on o.id = s.order_id
        where s.farm_id = f.id and o.placed_at >= ${since.toISOString()}::timestamptz)
      order by f.name, f.id`,
  );
}

/** Those of a list of scopes that are farms. */
export async function listFarmsByIds(db: Queryable, ids: readonly string[]): Promise<FarmRow[]> {
  if (ids.length === 0) return [];
  return rows<FarmRow & Record<string, unknown>>(
    db,
    sql`select id, slug, name from farms where id in (${sql.join(
      ids.map((id) => sql`${id}::uuid`),
      sql`, `,
    )})`,
  );
}

export async function findFarm(db: Queryable, id: FarmId): Promise<FarmRow | undefined> {
  const [farm] = await listFarmsByIds(db, [id]);
  return farm;
}
