import { and, asc, desc, eq, gt, isNull, sql } from "drizzle-orm";
import { rows, type Queryable, type Transaction } from "@almanac/db";
import { products, stockAlerts, stockAlertSnoozes, stockLevels } from "@almanac/db/schema";
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

/** What is still expected to be ordered of a product for the next market day that takes orders. */
export async function readStillExpected(
  db: Queryable,
  productId: ProductId,
  now: Date,
): Promise<number | undefined> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const [row] = await rows<{ expected: number | string }>(
    db,
    sql`
    with next as materialized (
      select f.market_id, f.market_day, f.p50, w.id as window_id
      from demand_forecasts f
        join order_windows w on w.market_id = f.market_id and w.market_day = f.market_day
      where f.product_id = ${productId} and not w.is_cancelled and w.closes_at > ${at}
      order by f.market_day limit 1
    )
    select n.p50 - coalesce((
      select sum(l.quantity_base) from orders o join order_lines l on l.order_id = o.id
      where o.order_window_id = n.window_id and o.status <> 'cancelled' and l.product_id = ${productId}), 0) as expected
    from next n`,
  );
  return row && Math.max(0, Number(row.expected));
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

export interface StockAlertRow extends StoredStockAlert {
  readonly name: string;
  readonly baseUnit: BaseUnit;
  /** What can be sold now. */
  readonly leftBase: number;
}

/** A farm's alerts since a moment that still hold and are not snoozed, the most pressing first. */
export async function listStockAlerts(
  db: Queryable,
  farmId: FarmId,
  { since, now }: { since: Date; now: Date },
): Promise<StockAlertRow[]> {
  const found = await db
    .selectDistinctOn([stockAlerts.productId], {
      alert: stockAlerts,
      name: products.name,
      baseUnit: products.baseUnit,
      leftBase: available,
      snoozedUntil: stockAlertSnoozes.until,
    })
    .from(stockAlerts)
    .innerJoin(products, eq(products.id, stockAlerts.productId))
    .leftJoin(stockLevels, eq(stockLevels.productId, stockAlerts.productId))
    .leftJoin(stockAlertSnoozes, eq(stockAlertSnoozes.productId, stockAlerts.productId))
    .where(and(eq(stockAlerts.farmId, farmId), gt(stockAlerts.madeAt, since), eq(products.status, "live")))
    .orderBy(asc(stockAlerts.productId), desc(stockAlerts.madeAt))
    .limit(500);
  const order = ["URGENT", "HIGH", "MEDIUM"];
  return found
    .filter(
      ({ alert, leftBase, snoozedUntil }) =>
        leftBase < alert.thresholdBase && !(snoozedUntil && snoozedUntil > now),
    )
    .map(({ alert, name, baseUnit, leftBase }) => ({ ...alert, name, baseUnit, leftBase }))
    .sort((a, b) => order.indexOf(a.priority) - order.indexOf(b.priority) || (a.name < b.name ? -1 : 1));
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
