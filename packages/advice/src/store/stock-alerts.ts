import { and, asc, eq, gt, isNull, lte, or, sql } from "drizzle-orm";
import { rows, type Queryable, type Transaction } from "@almanac/db";
import { products, stockAlerts, stockAlertSnoozes, stockLevels } from "@almanac/db/schema";
import { expectedDemand, isStillOn, type ForecastDay } from "@almanac/planning";
import {
  addCalendarDays,
  atMarketTime,
  marketDay,
  newId,
  type BaseUnit,
  type CalendarDay,
  type FarmId,
  type Id,
  type ProductId,
} from "@almanac/kernel";
import type { MarketMorning } from "../core/stock-alert.ts";

export interface MarkedProduct {
  readonly farmId: FarmId;
  readonly name: string;
  readonly baseUnit: BaseUnit;
  readonly lowStockBase: number;
  readonly availableBase: number;
  readonly snoozedUntil: Date | null;
}

/** A product on sale with its mark and what can be sold of it now; `undefined` for what is not on sale. */
export async function findMarkedProduct(
  db: Queryable,
  productId: ProductId,
): Promise<MarkedProduct | undefined> {
  const [row] = await db
    .select({
      farmId: products.farmId,
      name: products.name,
      baseUnit: products.baseUnit,
      lowStockBase: products.lowStockBase,
      availableBase: available,
      snoozedUntil: stockAlertSnoozes.until,
    })
    .from(products)
    .leftJoin(stockLevels, eq(stockLevels.productId, products.id))
    .leftJoin(stockAlertSnoozes, eq(stockAlertSnoozes.productId, products.id))
    .where(and(eq(products.id, productId), eq(products.status, "live")));
  return row;
}

const available = sql<number>`coalesce(${stockLevels.onHandBase} - ${stockLevels.reservedBase}, 0)`.mapWith(
  Number,
);

export interface StillExpected {
  readonly expectedBase: number;
  readonly marketDay: CalendarDay;
}

/**
 * What is still expected to be asked for on the next market day, at all its markets, today's until it closes, by product: what it will come to by
 * what is ordered and how orders came in before, less what is ordered and what was sold at the stall. Absent where nothing is
 * forecast.
 *
 * @param of all products of a farm, or one
 */
export async function readStillExpected(
  db: Queryable,
  { farmId, productId }: { readonly farmId: FarmId; readonly productId?: ProductId },
  now: Date,
): Promise<Map<ProductId, StillExpected>> {
  const forecasts = await rows<ForecastDay & { readonly soldBase: number | string }>(
    db,
    sql`
    with coming as materialized (
      select f.product_id, f.market_id, f.market_day, f.p10, f.p50, f.p90,
        min(f.market_day) over (partition by f.product_id) as next_day
      from demand_forecasts f
        join markets m on m.id = f.market_id
      where f.farm_id = ${farmId} ${productId ? sql`and f.product_id = ${productId}` : sql``}
        and f.is_current and ${isStillOn("f")}
        and (f.market_day + m.closes_at::time) at time zone m.time_zone > ${now.toISOString()}::timestamptz
    )
    select n.product_id as "productId", n.market_id as "marketId", to_char(n.market_day, 'YYYY-MM-DD') as "marketDay",
      n.p10, n.p50, n.p90,
      coalesce((
        select sum(s.quantity_base) from stall_sales s
        where s.farm_id = ${farmId} and s.product_id = n.product_id and s.market_id = n.market_id
          and s.market_day = n.market_day and s.undone_at is null
      ), 0) as "soldBase"
    from coming n where n.market_day = n.next_day`,
  );
  const expected = await expectedDemand(db, farmId, forecasts, now);
  const found = new Map<ProductId, StillExpected>();
  forecasts.forEach(({ productId, marketDay: day, soldBase }, at) => {
    const { p50, orderedBase } = expected[at]!;
    const atOthers = found.get(productId)?.expectedBase ?? 0;
    const expectedBase = atOthers + Math.max(0, p50 - orderedBase - Number(soldBase));
    found.set(productId, { expectedBase, marketDay: day });
  });
  return found;
}

/** When a farmer drives to market: from four in the morning. */
const leavingHour = 4;

/** The market mornings of a farm around now: yesterday's to tomorrow's, as the markets' zones differ. */
export async function listMarketMornings(db: Queryable, farmId: FarmId, now: Date): Promise<MarketMorning[]> {
  const found = await rows<{ time_zone: string; closes_at: string; market_day: CalendarDay }>(
    db,
    sql`
    select m.time_zone, m.closes_at, to_char(w.market_day, 'YYYY-MM-DD') as market_day
    from market_farms s
      join markets m on m.id = s.market_id
      join order_windows w on w.market_id = m.id and not w.is_cancelled
    where s.farm_id = ${farmId}
      and w.market_day between ${addCalendarDays(marketDay(now, "UTC"), -1)}::date
        and ${addCalendarDays(marketDay(now, "UTC"), 1)}::date`,
  );
  return found.map((row) => {
    const [hour = 0, minute = 0] = row.closes_at.split(":").map(Number);
    return {
      from: atMarketTime(row.market_day, leavingHour, 0, row.time_zone),
      until: atMarketTime(row.market_day, hour, minute, row.time_zone),
    };
  });
}

export type StoredStockAlert = typeof stockAlerts.$inferSelect;

/** The alert of a product and day, with its row locked. */
export async function lockStockAlert(
  tx: Transaction,
  productId: ProductId,
  day: CalendarDay,
): Promise<StoredStockAlert | undefined> {
  const [row] = await tx
    .select()
    .from(stockAlerts)
    .where(and(eq(stockAlerts.productId, productId), eq(stockAlerts.day, day)))
    .for("update");
  return row;
}

export type NewStockAlert = Omit<StoredStockAlert, "id">;

/** Writes an alert, or what became of the one of that day. */
export async function saveStockAlert(tx: Transaction, alert: NewStockAlert): Promise<void> {
  const { priority, availableBase, thresholdBase, expectedBase, toldAt, madeAt } = alert;
  await tx
    .insert(stockAlerts)
    .values({ ...alert, id: newId<Id<"stock-alert">>(madeAt.getTime()) })
    .onConflictDoUpdate({
      target: [stockAlerts.productId, stockAlerts.day],
      set: { priority, availableBase, thresholdBase, expectedBase, toldAt, madeAt },
    });
}

/** What can be sold now of a farm's products that have a mark, without those that are snoozed. */
export async function listMarkedProducts(
  db: Queryable,
  farmId: FarmId,
  now: Date,
): Promise<{ productId: ProductId; lowStockBase: number; availableBase: number }[]> {
  return db
    .select({ productId: products.id, lowStockBase: products.lowStockBase, availableBase: available })
    .from(products)
    .leftJoin(stockLevels, eq(stockLevels.productId, products.id))
    .leftJoin(stockAlertSnoozes, eq(stockAlertSnoozes.productId, products.id))
    .where(
      and(
        eq(products.farmId, farmId),
        eq(products.status, "live"),
        gt(products.lowStockBase, 0),
        or(isNull(stockAlertSnoozes.until), lte(stockAlertSnoozes.until, now)),
      ),
    )
    .limit(5_000);
}

/** Alerts that wait for the end of a market morning, the oldest first, locked against others who tell them. */
export async function takeHeldAlerts(tx: Transaction, limit: number): Promise<StoredStockAlert[]> {
  return tx
    .select()
    .from(stockAlerts)
    .where(isNull(stockAlerts.toldAt))
    .orderBy(asc(stockAlerts.madeAt))
    .limit(limit)
    .for("update", { skipLocked: true });
}

export async function markTold(tx: Transaction, alert: StoredStockAlert, now: Date): Promise<void> {
  await tx.update(stockAlerts).set({ toldAt: now }).where(eq(stockAlerts.id, alert.id));
}

/** Says that nobody wants to hear of a product until then; `undefined` ends it. @returns whether it is the farm's own */
export async function snoozeProduct(
  tx: Transaction,
  { farmId, productId, until }: { farmId: FarmId; productId: ProductId; until: Date | undefined },
): Promise<boolean> {
  const [own] = await tx
    .select({ id: products.id })
    .from(products)
    .where(and(eq(products.id, productId), eq(products.farmId, farmId)));
  if (!own) return false;
  if (!until) await tx.delete(stockAlertSnoozes).where(eq(stockAlertSnoozes.productId, productId));
  else {
    await tx
      .insert(stockAlertSnoozes)
      .values({ productId, farmId, until })
      .onConflictDoUpdate({ target: stockAlertSnoozes.productId, set: { until } });
  }
  return true;
}

/** Products that are snoozed now, by name. */
export async function listSnoozes(
  db: Queryable,
  farmId: FarmId,
  now: Date,
): Promise<{ productId: ProductId; name: string; until: Date }[]> {
  return db
    .select({ productId: stockAlertSnoozes.productId, name: products.name, until: stockAlertSnoozes.until })
    .from(stockAlertSnoozes)
    .innerJoin(products, eq(products.id, stockAlertSnoozes.productId))
    .where(and(eq(stockAlertSnoozes.farmId, farmId), gt(stockAlertSnoozes.until, now)))
    .orderBy(asc(products.name))
    .limit(500);
}

/** Forgets alerts older than this. @returns how many */
export async function removeOldStockAlerts(db: Queryable, before: Date): Promise<number> {
  const gone = await db
    .delete(stockAlerts)
    .where(sql`${stockAlerts.madeAt} < ${before.toISOString()}::timestamptz`)
    .returning({ id: stockAlerts.id });
  return gone.length;
}
