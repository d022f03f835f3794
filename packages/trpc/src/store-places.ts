import type { Queryable } from "@almanac/db";
import { farms, markets } from "@almanac/db/schema";
import type { FarmId, MarketId } from "@almanac/kernel";
import { eq } from "drizzle-orm";

export async function hasFarm(db: Queryable, id: FarmId): Promise<boolean> {
  return (await db.select({ id: farms.id }).from(farms).where(eq(farms.id, id))).length > 0;
}

export async function hasMarket(db: Queryable, id: MarketId): Promise<boolean> {
  return (await db.select({ id: markets.id }).from(markets).where(eq(markets.id, id))).length > 0;
}
