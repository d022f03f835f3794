import { sql } from "drizzle-orm";
import { rows, type Queryable } from "@almanac/db";
import type { BaseUnit, CalendarDay, FarmId, MarketId, ProductId } from "@almanac/kernel";
import { goneHours } from "../core/absences.ts";
import type { DaySales } from "../core/demand-history.ts";
import type { MarketWindow, SalesOfDay } from "../core/ledger.ts";
import { goneSpans, stallMinutes } from "./gone-spans.ts";

export interface PlannedProduct {
  readonly farmId: FarmId;
  readonly productId: ProductId;
  readonly name: string;
  readonly picture: string;
  readonly baseUnit: BaseUnit;
  readonly listedOn: CalendarDay;
}

/** Products that a farm may bring: live ones and hidden ones. */
export async function listPlannedProducts(db: Queryable, farmId?: FarmId): Promise<PlannedProduct[]> {
  const found = await rows<{
    farm_id: FarmId;
    id: ProductId;
    name: string;
    picture: string;
    base_unit: BaseUnit;
    listed_on: CalendarDay;
  }>(
    db,
    sql`select farm_id, id, name, picture, base_unit,
        to_char(coalesce(listed_at, created_at) at time zone 'UTC', 'YYYY-MM-DD') as listed_on
      from products where status in ('live', 'hidden') ${farmId ? sql`and farm_id = ${farmId}` : sql``} order by id`,
  );
  return found.map((row) => ({
    farmId: row.farm_id,
    productId: row.id,
    name: row.name,
    picture: row.picture,
    baseUnit: row.base_unit,
    listedOn: row.listed_on,
  }));
}

export interface MarketPlace {
  readonly name: string;
  readonly timeZone: string;
  /** Degrees, negative in the south. */
  readonly latitude: number;
  readonly longitude: number;
}

/** What each market is called, and where it is. */
export async function listMarketPlaces(db: Queryable): Promise<Map<MarketId, MarketPlace>> {
  const found = await rows<MarketPlace & { id: MarketId }>(
    db,
    sql`select id, name, time_zone as "timeZone", latitude, longitude from markets`,
  );
  return new Map(found.map(({ id, ...place }) => [id, place]));
}

/** Market days of all markets whose ordering closes after a moment, also cancelled ones, by day. */
export async function listWindows(db: Queryable, since: Date): Promise<MarketWindow[]> {
  return rows<MarketWindow>(
    db,
    sql`select id, market_id as "marketId", to_char(market_day, 'YYYY-MM-DD') as day,
        ${milliseconds("opens_at")} as "opensAt", ${milliseconds("closes_at")} as "closesAt", is_cancelled as "isCancelled"
      from order_windows where closes_at > ${since.toISOString()}::timestamptz order by market_day, market_id`,
  );
}

const milliseconds = (column: string) => sql.raw(`(extract(epoch from ${column}) * 1000)::float8`);

export interface SalesQuestion {
  readonly since: Date;
  readonly now: Date;
  /** One farm's alone. */
  readonly farmId?: FarmId;
  /** Those whose ids lie between two, both included. */
  readonly products?: { readonly from: ProductId; readonly to: ProductId };
  /** These alone. */
  readonly among?: readonly ProductId[];
}

/** Products whose sales one statement reads: years of more of them take longer than a statement may. */
const productsAtOnce = 1_000;

/**
 * `readSales` for many products, a part of them at a time.
 *
 * @param products in the order of their ids
 */
export async function readSalesOf(
  db: Queryable,
  products: readonly Pick<PlannedProduct, "productId">[],
  question: Omit<SalesQuestion, "products">,
): Promise<DaySales[]> {
  if (products.length > 1 && products.length <= productsAtOnce) return readSales(db, question);
  const found: DaySales[][] = [];
  for (let at = 0; at < products.length; at += productsAtOnce) {
    const part = products.slice(at, at + productsAtOnce);
    const range = { from: part[0]!.productId, to: part.at(-1)!.productId };
    found.push(await readSales(db, { ...question, products: range }));
  }
  return found.flat();
}

/**
 * What was asked for by product and market day: what was ordered and what walk-ins bought; waste is not demand. A day is sold
 * out where something was sold and the stock ledger came to nothing for more than twelve hours of its ordering, or at the
 * stall for more than half an hour of the market: what came back sooner, as a wrong count put right, hid next to nothing.
 */
export async function readSales(db: Queryable, question: SalesQuestion): Promise<DaySales[]> {
  return (await readSalesWithClosing(db, question)).map(({ closesAt: _closesAt, ...sales }) => sales);
}

/** The same with when ordering for each day closes. */
export async function readSalesWithClosing(
  db: Queryable,
  { since, now, farmId, products, among }: SalesQuestion,
): Promise<SalesOfDay[]> {
  const within = (column: string) =>
    among
      ? sql`and ${sql.raw(column)} in (${sql.join(
          among.map((id) => sql`${id}`),
          sql`, `,
        )})`
      : products
        ? sql`and ${sql.raw(column)} >= ${products.from} and ${sql.raw(column)} <= ${products.to}`
        : sql``;
  const found = await rows<{
    product_id: ProductId;
    market_id: MarketId;
    market_day: CalendarDay;
    sold_base: number | string;
    walked: number | string;
    closes_at: number;
    sold_out: boolean;
  }>(
    db,
    sql`
      with windows as materialized (
        select w.id, w.market_id, w.market_day, w.opens_at, w.closes_at,
          (w.market_day + m.opens_at::time) at time zone m.time_zone as day_opens,
          (w.market_day + m.closes_at::time) at time zone m.time_zone as day_closes
        from order_windows w join markets m on m.id = w.market_id
        where w.closes_at > ${since.toISOString()}::timestamptz and w.closes_at <= ${now.toISOString()}::timestamptz
      ),
      each as materialized (
        select l.product_id, o.order_window_id as window_id, coalesce(l.weighed_base, l.quantity_base) as base, 0 as walked
        from order_lines l
        join orders o on o.id = l.order_id and o.status <> 'cancelled' ${within("l.product_id")}
        ${farmId ? sql`join products p on p.id = l.product_id and p.farm_id = ${farmId}` : sql``}
        union all
        select s.product_id, w.id, s.quantity_base, s.quantity_base
        from stall_sales s join windows w on w.market_id = s.market_id and w.market_day = s.market_day
        where s.undone_at is null ${farmId ? sql`and s.farm_id = ${farmId}` : sql``} ${within("s.product_id")}
      ),
      sold as materialized (
        select e.product_id, w.market_id, w.market_day, w.opens_at, w.closes_at, w.day_opens, w.day_closes,
          sum(e.base) as sold_base, sum(e.walked) as walked
        from each e join windows w on w.id = e.window_id
        group by e.product_id, w.market_id, w.market_day, w.opens_at, w.closes_at, w.day_opens, w.day_closes
      ),
      spans as materialized (${goneSpans(sql`(select product_id from sold)`)}),
      gone as materialized (
        select distinct s.product_id, s.market_id, s.market_day
        from sold s join spans g on g.product_id = s.product_id
        where (g.at > s.opens_at and least(g.until, s.closes_at) - g.at > make_interval(hours => ${goneHours}))
          or (s.walked > 0 and g.at > s.day_opens
            and least(g.until, s.day_closes) - g.at > make_interval(mins => ${stallMinutes}))
      )
      select s.product_id, s.market_id, to_char(s.market_day, 'YYYY-MM-DD') as market_day, s.sold_base,
        s.walked, ${milliseconds("s.closes_at")} as closes_at, g.product_id is not null as sold_out
      from sold s left join gone g using (product_id, market_id, market_day)`,
  );
  return found.map((row) => ({
    productId: row.product_id,
    marketId: row.market_id,
    day: row.market_day,
    soldBase: Number(row.sold_base),
    walkedBase: Number(row.walked),
    soldOut: row.sold_out,
    closesAt: row.closes_at,
  }));
}
