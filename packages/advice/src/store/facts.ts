import { and, eq, gte, max, sql } from "drizzle-orm";
import { isPicked } from "@almanac/catalog";
import { rows, type Queryable } from "@almanac/db";
import { demandForecasts, products, stockLevels } from "@almanac/db/schema";
import { expectedDemand, isStillOn } from "@almanac/planning";
import {
  atMarketTime,
  days,
  type BaseUnit,
  type CalendarDay,
  type FarmId,
  type MarketId,
  type ProductId,
  type VariantId,
} from "@almanac/kernel";
import type { DayFacts, LotFacts } from "../core/facts.ts";

export interface SoldProduct {
  readonly productId: ProductId;
  readonly name: string;
  readonly baseUnit: BaseUnit;
  readonly isGrown: boolean;
  readonly variantId: VariantId;
  readonly priceCents: number;
  readonly perBase: number;
  /** As far as the farm has said so, for `perBase` base units. */
  readonly costCents: number | null;
  readonly salvageCents: number | null;
  readonly onHandBase: number;
  readonly reservedBase: number;
  readonly elasticity: number | null;
  readonly shelfLifeDays: number | null;
}

/** What a farm has on sale, with the price of the first way each is sold. */
export async function listSoldProducts(db: Queryable, farmId: FarmId): Promise<SoldProduct[]> {
  const found = await rows<{
    id: ProductId;
    name: string;
    base_unit: BaseUnit;
    crop: string;
    category: string;
    variant_id: VariantId;
    unit_price_cents: number;
    unit_price_per: number;
    cost_cents: number | null;
    cost_per: number | null;
    salvage_cents: number | null;
    on_hand: number;
    reserved: number;
    elasticity: number | null;
    shelf_life_days: number | null;
  }>(
    db,
    sql`
    with lead as materialized (
      select distinct on (v.product_id) v.product_id, v.id, v.unit_price_cents, v.unit_price_per
      from variants v join products p on p.id = v.product_id and p.farm_id = ${farmId}
      where v.status = 'live' order by v.product_id, v.position, v.id
    )
    select p.id, p.name, p.base_unit, p.crop, p.category, l.id as variant_id, l.unit_price_cents, l.unit_price_per,
      c.cost_cents, c.per_base as cost_per, c.salvage_cents,
      coalesce(s.on_hand_base, 0) as on_hand, coalesce(s.reserved_base, 0) as reserved, e.elasticity,
      p.shelf_life_days
    from products p
      join lead l on l.product_id = p.id
      left join product_costs c on c.product_id = p.id
      left join stock_levels s on s.product_id = p.id
      left join product_elasticities e on e.product_id = p.id
    where p.farm_id = ${farmId} and p.status = 'live' order by p.id`,
  );
  return found.map((row) => {
    const scaled = (cents: number | null): number | null =>
      cents === null || row.cost_per === null ? null : (cents * row.unit_price_per) / row.cost_per;
    return {
      productId: row.id,
      name: row.name,
      baseUnit: row.base_unit,
      isGrown: isPicked(row),
      variantId: row.variant_id,
      priceCents: row.unit_price_cents,
      perBase: row.unit_price_per,
      costCents: scaled(row.cost_cents),
      salvageCents: scaled(row.salvage_cents),
      onHandBase: row.on_hand,
      reservedBase: row.reserved,
      elasticity: row.elasticity,
      shelfLifeDays: row.shelf_life_days,
    };
  });
}

export interface ComingDay extends DayFacts {
  readonly productId: ProductId;
}

/** When a farm leaves for the market, in whose zone: advice for the day ends here. */
const leavingHour = 6;

/** What is expected, ordered and planned of a farm's products for market days that are to come and take place, the next first. */
export async function listComingDays(
  db: Queryable,
  farmId: FarmId,
  { from, now }: { from: CalendarDay; now: Date },
): Promise<ComingDay[]> {
  const found = await rows<{
    product_id: ProductId;
    market_id: MarketId;
    market_name: string;
    time_zone: string;
    market_day: CalendarDay;
    p10: number;
    p50: number;
    p90: number;
    planned: number | null;
  }>(
    db,
    sql`
    select f.product_id, f.market_id, m.name as market_name, m.time_zone, to_char(f.market_day, 'YYYY-MM-DD') as market_day,
      f.p10, f.p50, f.p90, s.quantity_base as planned
    from demand_forecasts f
      join markets m on m.id = f.market_id
      left join stall_plans s on s.product_id = f.product_id and s.market_id = f.market_id and s.market_day = f.market_day
    where f.farm_id = ${farmId} and f.market_day >= ${from}::date and f.is_current and ${isStillOn("f")}
    order by f.market_day, f.market_id, f.product_id`,
  );
  const forecasts = found.map((row) => ({
    productId: row.product_id,
    marketId: row.market_id,
    marketDay: row.market_day,
    p10: row.p10,
    p50: row.p50,
    p90: row.p90,
  }));
  const expected = await expectedDemand(db, farmId, forecasts, now);
  return found.map((row, at) => {
    const { orderedBase, p10, p50, p90 } = expected[at]!;
    return {
      productId: row.product_id,
      marketId: row.market_id,
      marketName: row.market_name,
      day: row.market_day,
      startsAt: atMarketTime(row.market_day, leavingHour, 0, row.time_zone),
      demand: { p10, p50, p90 },
      orderedBase,
      ...(row.planned !== null && { plannedBase: row.planned }),
    };
  });
}

/** Stock that came in longer ago than this is not counted as a harvest of its own. */
const lotDays = 60;

/**
 * Lots that can still be there, by product, the first to go first: of each product's lots the latest that hold together
 * what is on hand, as the older ones are sold first. A lot without a date of its own keeps as long as the product does, and so
 * does what came into stock without a lot.
 */
export async function listKeptLots(
  db: Queryable,
  farmId: FarmId,
  { onHand, now }: { onHand: ReadonlyMap<ProductId, number>; now: Date },
): Promise<Map<ProductId, LotFacts[]>> {
  const since = new Date(now.getTime() - days(lotDays)).toISOString();
  const found = await rows<{
    product_id: ProductId;
    best_before: CalendarDay;
    quantity_base: number | string;
  }>(
    db,
    sql`
      with own as materialized (
        select id, shelf_life_days as keeps from products where farm_id = ${farmId}
      ),
      dated as materialized (
        select l.product_id, coalesce(l.best_before, l.harvested_on + o.keeps) as best_before, l.quantity_base, l.id::text as id
        from lots l join own o on o.id = l.product_id
        union all
        select e.product_id, (e.at at time zone 'UTC')::date + o.keeps, e.delta_base, e.seq::text
        from own o join stock_entries e on e.product_id = o.id and e.at > ${since}::timestamptz
        where o.keeps is not null and e.lot_id is null and e.delta_base > 0 and e.reason in ('harvest', 'restock')
      )
      select product_id, to_char(best_before, 'YYYY-MM-DD') as best_before, quantity_base
      from dated where best_before is not null order by best_before desc, id`,
  );
  const kept = new Map<ProductId, LotFacts[]>();
  for (const { product_id: productId, best_before: bestBefore, quantity_base } of found) {
    const quantity = Number(quantity_base);
    const lots = kept.get(productId) ?? [];
    const left = (onHand.get(productId) ?? 0) - lots.reduce((sum, lot) => sum + lot.quantityBase, 0);
    if (left <= 0) continue;
    kept.set(productId, [{ quantityBase: Math.min(left, quantity), bestBefore }, ...lots]);
  }
  return kept;
}

/** When the forecasts of a farm's coming market days were made; `undefined` while there are none. */
export async function latestForecastAt(
  db: Queryable,
  farmId: FarmId,
  from: CalendarDay,
): Promise<Date | undefined> {
  const [row] = await db
    .select({ madeAt: max(demandForecasts.madeAt) })
    .from(demandForecasts)
    .where(
      and(
        eq(demandForecasts.farmId, farmId),
        gte(demandForecasts.marketDay, from),
        eq(demandForecasts.isCurrent, true),
      ),
    );
  return row?.madeAt ?? undefined;
}

/**
 * Farms with a market day to come, and without a forecast or advice for it; those that somebody may look at first.
 *
 * @param from the first day to come
 */
export async function listUnadvisedFarms(db: Queryable, from: CalendarDay): Promise<FarmId[]> {
  const found = await rows<{ id: FarmId }>(
    db,
    sql`
      select f.id from farms f
      where exists (
        select 1 from market_farms s join order_windows w on w.market_id = s.market_id
        where s.farm_id = f.id and w.market_day >= ${from}::date and not w.is_cancelled)
      and not (
        exists (select 1 from advice_settings a where a.farm_id = f.id and a.advised_at is not null)
        and exists (
          select 1 from demand_forecasts d where d.farm_id = f.id and d.market_day >= ${from}::date and d.is_current))
      order by exists (select 1 from farm_members m where m.farm_id = f.id) desc, f.slug`,
  );
  return found.map(({ id }) => id);
}

/** When what there is of a farm's products last changed: something was ordered, sold, taken back or harvested; `undefined` of none. */
export async function latestStockAt(db: Queryable, farmId: FarmId): Promise<Date | undefined> {
  const [row] = await db
    .select({ at: max(stockLevels.updatedAt) })
    .from(stockLevels)
    .innerJoin(products, eq(products.id, stockLevels.productId))
    .where(eq(products.farmId, farmId));
  return row?.at ?? undefined;
}
