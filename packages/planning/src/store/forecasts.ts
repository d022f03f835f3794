import { and, asc, eq, gte, sql } from "drizzle-orm";
import { insertMany, type Queryable, type Transaction } from "@almanac/db";
import { demandForecasts } from "@almanac/db/schema";
import type { CalendarDay, FarmId, ProductId } from "@almanac/kernel";

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

/** A farm's forecasts of days from `from` on, the next first; of one product where it is named. */
export async function listForecasts(
  db: Queryable,
  farmId: FarmId,
  { from, productId }: { from: CalendarDay; productId?: ProductId },
): Promise<StoredForecast[]> {
  return db
    .select()
    .from(demandForecasts)
    .where(
      and(
        eq(demandForecasts.farmId, farmId),
        gte(demandForecasts.marketDay, from),
        productId ? eq(demandForecasts.productId, productId) : undefined,
      ),
    )
    .orderBy(asc(demandForecasts.marketDay), asc(demandForecasts.productId));
}
