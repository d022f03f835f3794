import { rows, type Queryable } from "@almanac/db";
import type { Cents, FarmId, MarketId, OrderWindowId, PickupSlotId } from "@almanac/kernel";
import { sql, type SQL } from "drizzle-orm";

export interface SlotOrders {
  readonly slotId: PickupSlotId;
  readonly orders: number;
}

/** How many orders that were not cancelled each slot of these windows has; slots without any are left out. */
export async function readSlotOrders(
  db: Queryable,
  { marketId, windowIds }: { marketId: MarketId; windowIds: readonly OrderWindowId[] },
): Promise<SlotOrders[]> {
  if (windowIds.length === 0) return [];
  return rows<SlotOrders>(
    db,
    sql`
      select pickup_slot_id as "slotId", count(*)::int as orders from orders
      where market_id = ${marketId} and status <> 'cancelled' and pickup_slot_id is not null
        and order_window_id in ${[...windowIds]}
      group by pickup_slot_id`,
  );
}

export interface SalesSum {
  readonly orders: number;
  readonly salesCents: Cents;
  /** The market's share, of what the farms get. */
  readonly feeCents: Cents;
}

export interface MarketSales {
  readonly total: SalesSum;
  readonly byFarm: readonly (SalesSum & { farmId: FarmId; name: string; slug: string })[];
  /** By market day, the earliest first; days without a sale are left out. */
  readonly byDay: readonly (SalesSum & { marketDay: string })[];
}

/** What a market sold on its market days from `from` to `to` (both included), without cancelled orders. */
export async function readMarketSales(
  db: Queryable,
  { marketId, from, to }: { marketId: MarketId; from: string; to: string },
): Promise<MarketSales> {
  const parts = sql`
    from sub_orders p join orders o on o.id = p.order_id join order_windows w on w.id = o.order_window_id
    join farms f on f.id = p.farm_id
    where o.market_id = ${marketId} and p.status <> 'cancelled' and w.market_day between ${from}::date and ${to}::date`;
  const sums = sql`count(distinct o.id)::int as orders, coalesce(sum(p.subtotal_cents), 0)::float8 as "salesCents",
    coalesce(sum(p.fee_cents), 0)::float8 as "feeCents"`;
  const ask = <Row extends object>(statement: SQL) =>
    rows<Row & Record<keyof SalesSum, number>>(db, statement);
  const [total] = await ask(sql`select ${sums} ${parts}`);
  const byFarm = await ask<{ farmId: FarmId; name: string; slug: string }>(
    sql`select f.id as "farmId", f.name, f.slug, ${sums} ${parts}
      group by f.id, f.name, f.slug order by "salesCents" desc, f.name limit 500`,
  );
  const byDay = await ask<{ marketDay: string }>(
    sql`select w.market_day::text as "marketDay", ${sums} ${parts} group by w.market_day order by w.market_day limit 400`,
  );
  const summed = <Row extends Record<keyof SalesSum, number>>(row: Row) => ({
    ...row,
    orders: Number(row.orders),
    salesCents: Number(row.salesCents) as Cents,
    feeCents: Number(row.feeCents) as Cents,
  });
  return {
    total: summed(total ?? { orders: 0, salesCents: 0, feeCents: 0 }),
    byFarm: byFarm.map(summed),
    byDay: byDay.map(summed),
  };
}
