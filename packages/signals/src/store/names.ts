import { sql } from "drizzle-orm";
import type { Queryable } from "@almanac/db";
import { farms } from "@almanac/db/schema";
import type { FarmId } from "@almanac/kernel";

export interface FarmName {
  readonly id: FarmId;
  readonly slug: string;
  readonly name: string;
}

export async function listFarmNames(db: Queryable, ids: readonly FarmId[]): Promise<Map<FarmId, FarmName>> {
  if (ids.length === 0) return new Map();
  const found = await db
    .select({ id: farms.id, slug: farms.slug, name: farms.name })
    .from(farms)
    .where(sql`${farms.id} = any(${sql.param([...new Set(ids)])}::uuid[])`);
  return new Map(found.map((row) => [row.id, row]));
}
