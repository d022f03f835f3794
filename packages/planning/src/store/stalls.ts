import { sql } from "drizzle-orm";
import { rows, type Queryable } from "@almanac/db";
import type { FarmId, MarketId } from "@almanac/kernel";

export const stallKey = (farmId: FarmId, marketId: MarketId): string => `${farmId} ${marketId}`;

/** Where farms have a stall now, by `stallKey`. */
export async function listStalls(db: Queryable): Promise<Set<string>> {
  const found = await rows<{ farmId: FarmId; marketId: MarketId }>(
    db,
    sql`select farm_id as "farmId", market_id as "marketId" from market_farms`,
  );
  return new Set(found.map(({ farmId, marketId }) => stallKey(farmId, marketId)));
}
