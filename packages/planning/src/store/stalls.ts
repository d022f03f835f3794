import { sql } from "drizzle-orm";
import { rows, type Queryable } from "@almanac/db";
import type { CalendarDay, FarmId, MarketId } from "@almanac/kernel";

export const stallKey = (farmId: FarmId, marketId: MarketId): string => `${farmId} ${marketId}`;

/** Where farms have a stall now, by `stallKey`. */
export async function listStalls(db: Queryable): Promise<Set<string>> {
  const found = await rows<{ farmId: FarmId; marketId: MarketId }>(
    db,
    sql`select farm_id as "farmId", market_id as "marketId" from market_farms`,
  );
  return new Set(found.map(({ farmId, marketId }) => stallKey(farmId, marketId)));
}

/** Whether a market day takes place, from a day on, at which the farm has a stall. */
export async function hasComingDay(db: Queryable, farmId: FarmId, from: CalendarDay): Promise<boolean> {
  const found = await rows<{ id: string }>(
    db,
    sql`select w.id from market_farms f join order_windows w on w.market_id = f.market_id
      where f.farm_id = ${farmId} and w.market_day >= ${from}::date and not w.is_cancelled limit 1`,
  );
  return found.length > 0;
}
