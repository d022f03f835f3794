import { and, eq, sql } from "drizzle-orm";
import { rows, type Queryable, type Transaction } from "@almanac/db";
import { nowcastAlerts } from "@almanac/db/schema";
import type { BaseUnit, CalendarDay, FarmId, MarketId, ProductId } from "@almanac/kernel";

export interface OpenMarket {
  readonly id: MarketId;
  readonly name: string;
  readonly timeZone: string;
  /** Wall-clock times, "08:00". */
  readonly opensAt: string;
  readonly closesAt: string;
}

export async function listFarmMarkets(db: Queryable, farmId: FarmId): Promise<OpenMarket[]> {
  return rows<OpenMarket>(
    db,
    sql`select m.id, m.name, m.time_zone as "timeZone", m.opens_at as "opensAt", m.closes_at as "closesAt"
      from market_farms f join markets m on m.id = f.market_id where f.farm_id = ${farmId} order by m.name, m.id`,
  );
}

export async function isPlannedDay(db: Queryable, marketId: MarketId, day: CalendarDay): Promise<boolean> {
  const found = await rows<{ id: string }>(
    db,
    sql`select id from order_windows where market_id = ${marketId} and market_day = ${day}::date and not is_cancelled`,
  );
  return found.length > 0;
}

export interface StallProduct {
  readonly productId: ProductId;
  readonly name: string;
  readonly category: string;
  readonly picture: string;
  readonly baseUnit: BaseUnit;
  readonly leftBase: number;
  readonly soldBase: number;
  /** Base units of an ordinary sale: of past sales, else what one is sold as. */
  readonly saleBase: number;
  readonly lastSaleAt: Date | null;
  readonly p10: number | null;
  readonly p50: number | null;
  readonly p90: number | null;
}

interface DayOf {
  readonly farmId: FarmId;
  readonly marketId: MarketId;
  readonly day: CalendarDay;
  readonly productId?: ProductId;
}

/** A farm's products with something to sell, sold or expected on a market day; one where it is named. */
export async function listStallProducts(
  db: Queryable,
  { farmId, marketId, day, productId }: DayOf,
): Promise<StallProduct[]> {
  const found = await rows<Record<keyof StallProduct, unknown>>(
    db,
    sql`
      with sold as materialized (
        select product_id, sum(quantity_base) as base, max(sold_at) as last_at from stall_sales
        where farm_id = ${farmId} and market_id = ${marketId} and market_day = ${day}::date and undone_at is null
        group by product_id
      ),
      usual as materialized (
        select product_id, avg(quantity_base) as base from stall_sales
        where farm_id = ${farmId} and undone_at is null group by product_id
      )
      select p.id as "productId", p.name, p.category, p.picture, p.base_unit as "baseUnit",
        coalesce(l.on_hand_base - l.reserved_base, 0) as "leftBase", coalesce(sold.base, 0) as "soldBase",
        coalesce(usual.base,
          (select min(v.unit_quantity_base) from variants v where v.product_id = p.id and v.status = 'live'), 1
        ) as "saleBase",
        sold.last_at as "lastSaleAt", f.p10, f.p50, f.p90
      from products p
      left join stock_levels l on l.product_id = p.id
      left join sold on sold.product_id = p.id
      left join usual on usual.product_id = p.id
      left join demand_forecasts f
        on f.product_id = p.id and f.market_id = ${marketId} and f.market_day = ${day}::date and f.is_current
      where p.farm_id = ${farmId} and p.status in ('live', 'hidden')
        ${productId ? sql`and p.id = ${productId}` : sql``}
        and (l.on_hand_base > l.reserved_base or sold.base > 0 or f.p90 >= 0.5)
      order by p.name, p.id limit 2000`,
  );
  const numberOf = (value: unknown): number | null => (value === null ? null : Number(value));
  return found.map((row) => ({
    productId: row.productId as ProductId,
    name: row.name as string,
    category: row.category as string,
    picture: row.picture as string,
    baseUnit: row.baseUnit as BaseUnit,
    leftBase: Number(row.leftBase),
    soldBase: Number(row.soldBase),
    saleBase: Number(row.saleBase),
    lastSaleAt: row.lastSaleAt === null ? null : new Date(row.lastSaleAt as string),
    p10: numberOf(row.p10),
    p50: numberOf(row.p50),
    p90: numberOf(row.p90),
  }));
}

export interface PastSale {
  readonly productId: ProductId;
  readonly category: string;
  readonly base: number;
  /** Minutes of the market's wall clock since midnight. */
  readonly minute: number;
}

/** What was sold at a market's stalls of a farm before a day: at most the latest 20,000 sales. */
export async function listPastSales(
  db: Queryable,
  { farmId, marketId, day }: DayOf,
  timeZone: string,
): Promise<PastSale[]> {
  const found = await rows<Record<keyof PastSale, unknown>>(
    db,
    sql`select s.product_id as "productId", p.category, s.quantity_base as base,
        extract(hour from s.sold_at at time zone ${timeZone}) * 60
          + extract(minute from s.sold_at at time zone ${timeZone}) as minute
      from stall_sales s join products p on p.id = s.product_id
      where s.farm_id = ${farmId} and s.market_id = ${marketId} and s.market_day < ${day}::date and s.undone_at is null
      order by s.sold_at desc limit 20000`,
  );
  return found.map((row) => ({
    productId: row.productId as ProductId,
    category: row.category as string,
    base: Number(row.base),
    minute: Number(row.minute),
  }));
}

/** What was told of a product that day, if it was. The row is locked until the transaction ends. */
export async function readToldSellOut(
  tx: Transaction,
  { productId, marketId, day }: { productId: ProductId; marketId: MarketId; day: CalendarDay },
): Promise<{ sellsOutAt: number } | undefined> {
  const [row] = await tx
    .select({ sellsOutAt: nowcastAlerts.sellsOutAt })
    .from(nowcastAlerts)
    .where(
      and(
        eq(nowcastAlerts.productId, productId),
        eq(nowcastAlerts.marketId, marketId),
        eq(nowcastAlerts.marketDay, day),
      ),
    )
    .for("update");
  return row && { sellsOutAt: row.sellsOutAt.getTime() };
}

export async function saveToldSellOut(
  tx: Transaction,
  alert: typeof nowcastAlerts.$inferInsert,
): Promise<void> {
  const { sellsOutAt, chance, toldAt } = alert;
  await tx
    .insert(nowcastAlerts)
    .values(alert)
    .onConflictDoUpdate({
      target: [nowcastAlerts.productId, nowcastAlerts.marketId, nowcastAlerts.marketDay],
      set: { sellsOutAt, chance, toldAt },
    });
}
