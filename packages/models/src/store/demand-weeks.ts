import { sql } from "drizzle-orm";
import { rows, type Queryable } from "@almanac/db";
import type { FarmId, MarketId, ProductId } from "@almanac/kernel";
import { goneSpans } from "@almanac/planning";
import { mondayOf, weekOf, type AbsentWeeks, type AskedWeeks } from "../core/seasons/demand-weeks.ts";

/** Before a week: in which weeks each product was asked for at each market, by orders that stood. Nobody is told apart in it. */
export async function readAskedWeeks(db: Queryable, endWeek: number): Promise<AskedWeeks[]> {
  const end = sql`${new Date(mondayOf(endWeek)).toISOString()}::timestamptz`;
  const found = await rows<{ product: string; market: string; weeks: string }>(
    db,
    sql`
      with asked as materialized (
        select distinct l.product_id, o.market_id,
          floor((extract(epoch from o.placed_at) / 86400 + 3) / 7)::int as week
        from orders o join order_lines l on l.order_id = o.id
        where o.cancelled_at is null and o.placed_at < ${end})
      select product_id as product, market_id as market, string_agg(week::text, ',' order by week) as weeks
      from asked group by product_id, market_id order by product_id, market_id`,
  );
  return found.map(({ product, market, weeks }) => ({
    product,
    market,
    weeks: weeks.split(",").map(Number),
  }));
}

/**
 * Before a week: the whole weeks in which there was nothing of a product, as planning tells it. Nothing is said of the time before
 * its first entry, as it may have been sold before its stock was kept.
 */
export async function readAbsentWeeks(db: Queryable, endWeek: number): Promise<AbsentWeeks[]> {
  const end = sql`${new Date(mondayOf(endWeek)).toISOString()}::timestamptz`;
  const found = await rows<{ product: string; from: number | string; until: number | string }>(
    db,
    sql`
      with spans as (${goneSpans(sql`(select id from products)`)}),
      ended as (select product_id, at, least(until, ${end}) as until from spans where at < ${end})
      select product_id as product, (extract(epoch from at) * 1000)::float8 as "from",
        (extract(epoch from until) * 1000)::float8 as until
      from ended where until - at >= interval '7 days' order by product_id, at`,
  );
  return found
    .map(({ product, from, until }) => ({
      product,
      from: weekOf(Number(from) - 1) + 1,
      to: weekOf(Number(until)) - 1,
    }))
    .filter(({ from, to }) => from <= to);
}

/** The product if it is the farm's. */
export async function findOwnProduct(
  db: Queryable,
  farmId: FarmId,
  productId: ProductId,
): Promise<{ readonly name: string } | undefined> {
  const [found] = await rows<{ name: string }>(
    db,
    sql`select name from products where id = ${productId} and farm_id = ${farmId}`,
  );
  return found;
}

/** The markets that a farm is at. */
export async function listFarmMarkets(
  db: Queryable,
  farmId: FarmId,
): Promise<{ readonly id: MarketId; readonly name: string }[]> {
  return rows<{ id: MarketId; name: string }>(
    db,
    sql`select m.id, m.name from markets m join market_farms f on f.market_id = m.id
      where f.farm_id = ${farmId} order by m.name, m.id`,
  );
}
