import { and, asc, desc, eq, getTableColumns, gte, lt, sql } from "drizzle-orm";
import { insertMany, rows, type Queryable, type Transaction } from "@almanac/db";
import { demandForecasts, orderWindows } from "@almanac/db/schema";
import type { CalendarDay, FarmId, MarketId, ProductId } from "@almanac/kernel";
import { isStillOn } from "./still-on.ts";

export type StoredForecast = typeof demandForecasts.$inferSelect;

/** Days for which forecasts of days that are over are kept. */
const keptDays = 3 * 365;

/**
 * Puts the forecasts of one farm, or of all, in the place of those of days to come. Those of days that are over stay, and so do
 * those of other model versions, which no longer hold. Whoever does it at the same moment waits.
 */
export async function replaceForecasts(
  tx: Transaction,
  forecasts: readonly StoredForecast[],
  { now, farmId }: { now: Date; farmId?: FarmId },
): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('planning.forecasts'))`);
  const today = sql`${now.toISOString().slice(0, 10)}::date`;
  await tx.execute(sql`
    update demand_forecasts set is_current = false
    where is_current and market_day >= ${today} ${farmId ? sql`and farm_id = ${farmId}` : sql``}`);
  await upsert(tx, forecasts);
  await tx.execute(sql`delete from demand_forecasts where market_day < ${today} - ${keptDays}::int`);
}

/** The same version's forecast of a day is written over: one row a product, market, day and version. */
async function upsert(tx: Transaction, forecasts: readonly StoredForecast[]): Promise<void> {
  if (forecasts.length === 0) return;
  // Those of the same version go before they are written again: many rows at once, without a clause for each column.
  const keys = JSON.stringify(
    forecasts.map(({ productId, marketId, marketDay, modelVersion }) => ({
      p: productId,
      m: marketId,
      d: marketDay,
      v: modelVersion,
    })),
  );
  await tx.execute(sql`
    with named as materialized (
      select p, m, d, v from jsonb_to_recordset(${keys}::jsonb) as one(p uuid, m uuid, d date, v text)
    )
    delete from demand_forecasts f using named
    where f.product_id = named.p and f.market_id = named.m and f.market_day = named.d and f.model_version = named.v`);
  await insertMany(tx, demandForecasts, forecasts);
}

export const seriesKey = (productId: string, marketId: string): string => `${productId} ${marketId}`;

/** The same for some products at markets; the others are left. */
export async function replaceSeries(
  tx: Transaction,
  forecasts: readonly StoredForecast[],
  {
    now,
    series,
  }: { now: Date; series: readonly { readonly productId: ProductId; readonly marketId: MarketId }[] },
): Promise<void> {
  if (series.length === 0) return;
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('planning.forecasts'))`);
  const asJson = JSON.stringify(series.map(({ productId, marketId }) => ({ p: productId, m: marketId })));
  await tx.execute(sql`
    with named as materialized (select p, m from jsonb_to_recordset(${asJson}::jsonb) as one(p uuid, m uuid))
    update demand_forecasts f set is_current = false from named
    where f.is_current and f.product_id = named.p and f.market_id = named.m
      and f.market_day >= ${now.toISOString().slice(0, 10)}::date`);
  await upsert(tx, forecasts);
}

/** What is forecast of days to come for which that has no point any more (see `isStillOn`) no longer holds. */
export async function retireForecasts(tx: Transaction, now: Date): Promise<void> {
  await tx.execute(sql`
    update demand_forecasts set is_current = false
    where is_current and market_day >= ${now.toISOString().slice(0, 10)}::date and not ${isStillOn("demand_forecasts")}`);
}

export interface KnownSeries {
  readonly fingerprint: string;
  readonly pastError: number;
  readonly pastVolume: number;
  readonly pastDays: number;
  readonly pastBias: number;
}

/** What is stored of each product at a market that has a forecast from a day on, by `seriesKey`. */
export async function listKnownSeries(db: Queryable, from: CalendarDay): Promise<Map<string, KnownSeries>> {
  const found = await rows<KnownSeries & { productId: string; marketId: string }>(
    db,
    sql`select distinct on (product_id, market_id) product_id as "productId", market_id as "marketId", fingerprint,
        past_error as "pastError", past_volume as "pastVolume", past_days as "pastDays", past_bias as "pastBias"
      from demand_forecasts where market_day >= ${from}::date and is_current
      order by product_id, market_id, market_day`,
  );
  return new Map(found.map((row) => [seriesKey(row.productId, row.marketId), row]));
}

/** A farm's forecasts of days from `from` on that still have a point (see `isStillOn`), the next first. */
export async function listForecasts(
  db: Queryable,
  farmId: FarmId,
  { from }: { from: CalendarDay },
): Promise<StoredForecast[]> {
  return db
    .select()
    .from(demandForecasts)
    .where(
      and(
        eq(demandForecasts.farmId, farmId),
        gte(demandForecasts.marketDay, from),
        eq(demandForecasts.isCurrent, true),
        isStillOn("demand_forecasts"),
      ),
    )
    .orderBy(asc(demandForecasts.marketDay), asc(demandForecasts.productId));
}

export interface StoredPastForecast extends StoredForecast {
  /** The market did not take place on its day. */
  readonly isCancelled: boolean;
}

export interface HistoryQuestion {
  readonly farmId: FarmId;
  readonly productId: ProductId;
  /** One market's alone. */
  readonly marketId?: MarketId;
  readonly before: CalendarDay;
  readonly limit: number;
}

/** What was forecast of a product by every version, days from the latest back; at most `limit`. */
export async function listForecastHistory(
  db: Queryable,
  { farmId, productId, marketId, before, limit }: HistoryQuestion,
): Promise<StoredPastForecast[]> {
  return db
    .select({
      ...getTableColumns(demandForecasts),
      isCancelled: sql<boolean>`coalesce(${orderWindows.isCancelled}, false)`,
    })
    .from(demandForecasts)
    .leftJoin(
      orderWindows,
      and(
        eq(orderWindows.marketId, demandForecasts.marketId),
        eq(orderWindows.marketDay, demandForecasts.marketDay),
      ),
    )
    .where(
      and(
        eq(demandForecasts.farmId, farmId),
        eq(demandForecasts.productId, productId),
        marketId && eq(demandForecasts.marketId, marketId),
        lt(demandForecasts.marketDay, before),
      ),
    )
    .orderBy(desc(demandForecasts.marketDay), asc(demandForecasts.marketId), desc(demandForecasts.madeAt))
    .limit(limit);
}
