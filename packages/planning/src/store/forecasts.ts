import { and, asc, eq, gte, sql } from "drizzle-orm";
import { insertMany, rows, type Queryable, type Transaction } from "@almanac/db";
import { demandForecasts } from "@almanac/db/schema";
import type { CalendarDay, FarmId, MarketId, ProductId } from "@almanac/kernel";

export type StoredForecast = typeof demandForecasts.$inferSelect;

/** Replaces the forecasts of one farm, or of all. Whoever does it at the same moment waits. */
export async function replaceForecasts(
  tx: Transaction,
  forecasts: readonly StoredForecast[],
  farmId?: FarmId,
): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('planning.forecasts'))`);
  await tx.delete(demandForecasts).where(farmId ? eq(demandForecasts.farmId, farmId) : undefined);
  await insertMany(tx, demandForecasts, forecasts);
}

export const seriesKey = (productId: string, marketId: string): string => `${productId} ${marketId}`;

/** Replaces the forecasts of some products at markets, and leaves the others. Whoever does it at the same moment waits. */
export async function replaceSeries(
  tx: Transaction,
  forecasts: readonly StoredForecast[],
  series: readonly { readonly productId: ProductId; readonly marketId: MarketId }[],
): Promise<void> {
  if (series.length === 0) return;
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('planning.forecasts'))`);
  const asJson = JSON.stringify(series.map(({ productId, marketId }) => ({ p: productId, m: marketId })));
  await tx.execute(sql`
    with named as materialized (select p, m from jsonb_to_recordset(${asJson}::jsonb) as one(p uuid, m uuid))
    delete from demand_forecasts f using named where f.product_id = named.p and f.market_id = named.m`);
  await insertMany(tx, demandForecasts, forecasts);
}

export interface KnownSeries {
  readonly fingerprint: string;
  readonly pastError: number;
  readonly pastVolume: number;
  readonly pastDays: number;
}

/** What is stored of each product at a market that has a forecast from a day on, by `seriesKey`. */
export async function listKnownSeries(db: Queryable, from: CalendarDay): Promise<Map<string, KnownSeries>> {
  const found = await rows<KnownSeries & { productId: string; marketId: string }>(
    db,
    sql`select distinct on (product_id, market_id) product_id as "productId", market_id as "marketId", fingerprint,
        past_error as "pastError", past_volume as "pastVolume", past_days as "pastDays"
      from demand_forecasts where market_day >= ${from}::date
      order by product_id, market_id, market_day`,
  );
  return new Map(found.map((row) => [seriesKey(row.productId, row.marketId), row]));
}

/** A farm's forecasts of days from `from` on, the next first. */
export async function listForecasts(
  db: Queryable,
  farmId: FarmId,
  { from }: { from: CalendarDay },
): Promise<StoredForecast[]> {
  return db
    .select()
    .from(demandForecasts)
    .where(and(eq(demandForecasts.farmId, farmId), gte(demandForecasts.marketDay, from)))
    .orderBy(asc(demandForecasts.marketDay), asc(demandForecasts.productId));
}
