import { sql } from "drizzle-orm";
import { rows, type Queryable } from "@almanac/db";
import type { BaseUnit, CalendarDay, FarmId, MarketId, ProductId, VariantId } from "@almanac/kernel";

export interface StallMarket {
  readonly id: MarketId;
  readonly name: string;
  readonly timeZone: string;
  readonly feeBasisPoints: number;
  readonly opensAt: string;
  readonly closesAt: string;
}

/** The markets where a farm has a stall, by name. */
export async function listStallMarkets(db: Queryable, farmId: FarmId): Promise<StallMarket[]> {
  return rows<StallMarket>(
    db,
    sql`select m.id, m.name, m.time_zone as "timeZone", m.fee_basis_points as "feeBasisPoints",
        m.opens_at as "opensAt", m.closes_at as "closesAt"
      from market_farms f join markets m on m.id = f.market_id where f.farm_id = ${farmId} order by m.name, m.id`,
  );
}

/** Of some markets' days from today on, the first of each that is not cancelled. */
export async function nextMarketDays(
  db: Queryable,
  from: ReadonlyMap<MarketId, CalendarDay>,
): Promise<Map<MarketId, CalendarDay>> {
  if (from.size === 0) return new Map();
  const todays = [...from].map(([id, day]) => sql`(${id}::uuid, ${day}::date)`);
  const found = await rows<{ market_id: MarketId; day: CalendarDay }>(
    db,
    sql`select t.market_id, to_char(min(w.market_day), 'YYYY-MM-DD') as day
      from (values ${sql.join(todays, sql`, `)}) as t (market_id, today)
      join order_windows w on w.market_id = t.market_id and w.market_day >= t.today and not w.is_cancelled
      group by t.market_id`,
  );
  return new Map(found.map(({ market_id, day }) => [market_id, day]));
}

export interface StallVariant {
  readonly farmId: FarmId;
  readonly productId: ProductId;
  readonly productName: string;
  readonly baseUnit: BaseUnit;
  readonly unitPriceCents: number;
  readonly unitPricePer: number;
}

/** What a sale needs to know of a variant; not those of archived products and drafts. */
export async function findStallVariant(
  db: Queryable,
  variantId: VariantId,
): Promise<StallVariant | undefined> {
  const [row] = await rows<StallVariant>(
    db,
    sql`select p.farm_id as "farmId", p.id as "productId", p.name as "productName", p.base_unit as "baseUnit",
        v.unit_price_cents as "unitPriceCents", v.unit_price_per as "unitPricePer"
      from variants v join products p on p.id = v.product_id
      where v.id = ${variantId} and v.status = 'live' and p.status in ('live', 'hidden')`,
  );
  return row;
}

/** Base units of a product that are ordered for a market day and not handed over yet. */
export async function putAside(
  db: Queryable,
  { productId, marketId, marketDay }: { productId: ProductId; marketId: MarketId; marketDay: CalendarDay },
): Promise<number> {
  const [row] = await rows<{ base: number | string }>(
    db,
    sql`select coalesce(sum(coalesce(l.weighed_base, l.quantity_base)), 0) as base
      from order_windows w
      join orders o on o.order_window_id = w.id and o.status in ('placed', 'ready')
      join order_lines l on l.order_id = o.id and l.product_id = ${productId}
      join sub_orders s on s.id = l.sub_order_id and s.status in ('placed', 'ready')
      where w.market_id = ${marketId} and w.market_day = ${marketDay}::date`,
  );
  return Number(row?.base ?? 0);
}

export interface StallRow {
  readonly productId: ProductId;
  readonly name: string;
  readonly picture: string;
  readonly baseUnit: BaseUnit;
  readonly variantId: VariantId;
  readonly variantName: string;
  readonly priceUnit: string;
  readonly unitPriceCents: number;
  readonly unitPricePer: number;
  readonly unitQuantityBase: number;
  readonly isWeighed: boolean;
  readonly availableBase: number;
  readonly soldBase: number;
}

/**
 * What a farm can sell at its stall: every way of selling a product of which there is some, or of which some was sold today.
 * By name of the product, so that the buttons stay where they are.
 */
export async function listStallRows(
  db: Queryable,
  { farmId, marketId, marketDay }: { farmId: FarmId; marketId: MarketId; marketDay: CalendarDay },
): Promise<StallRow[]> {
  const found = await rows<StallRow>(
    db,
    sql`
      with sold as materialized (
        select product_id, sum(quantity_base) as base from stall_sales
        where farm_id = ${farmId} and market_id = ${marketId} and market_day = ${marketDay}::date and undone_at is null
        group by product_id
      )
      select p.id as "productId", p.name, p.picture, p.base_unit as "baseUnit", v.id as "variantId",
        v.name as "variantName", v.price_unit as "priceUnit", v.unit_price_cents as "unitPriceCents",
        v.unit_price_per as "unitPricePer", v.unit_quantity_base as "unitQuantityBase", v.is_weighed as "isWeighed",
        coalesce(s.on_hand_base - s.reserved_base, 0) as "availableBase", coalesce(sold.base, 0) as "soldBase"
      from products p
      join variants v on v.product_id = p.id and v.status = 'live'
      left join stock_levels s on s.product_id = p.id
      left join sold on sold.product_id = p.id
      where p.farm_id = ${farmId} and p.status in ('live', 'hidden')
        and (s.on_hand_base > s.reserved_base or sold.base > 0)
      order by p.name, p.id, v.position, v.id limit 2000`,
  );
  return found.map((row) => ({
    ...row,
    availableBase: Number(row.availableBase),
    soldBase: Number(row.soldBase),
  }));
}

export interface StallTotals {
  readonly sales: number;
  readonly totalCents: number;
  readonly cashCents: number;
  readonly cardCents: number;
  readonly feeCents: number;
}

export async function stallTotals(
  db: Queryable,
  { farmId, marketId, marketDay }: { farmId: FarmId; marketId: MarketId; marketDay: CalendarDay },
): Promise<StallTotals> {
  const [row] = await rows<StallTotals>(
    db,
    sql`select count(*)::int as sales, coalesce(sum(total_cents), 0)::int as "totalCents",
        coalesce(sum(total_cents) filter (where tender = 'cash'), 0)::int as "cashCents",
        coalesce(sum(total_cents) filter (where tender = 'card'), 0)::int as "cardCents",
        coalesce(sum(fee_cents), 0)::int as "feeCents"
      from stall_sales
      where farm_id = ${farmId} and market_id = ${marketId} and market_day = ${marketDay}::date and undone_at is null`,
  );
  return row ?? { sales: 0, totalCents: 0, cashCents: 0, cardCents: 0, feeCents: 0 };
}
