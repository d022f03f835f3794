import { sql } from "drizzle-orm";
import { rows, type Queryable } from "@almanac/db";
import type { ProductId } from "@almanac/kernel";
import { goneHours } from "../core/absences.ts";
import { goneSpans, stallMinutes } from "./gone-spans.ts";
import type { MarketDayOver } from "./unusual-days.ts";

/** What explains a market day's sales, of those few products that are looked at. */
type DayKey = Pick<MarketDayOver, "marketId" | "day">;

const among = (productIds: readonly ProductId[]) =>
  sql`(select value::uuid from jsonb_array_elements_text(${JSON.stringify(productIds)}::jsonb))`;

/** Since when each of some products was gone, where it was for long enough for the day to hide demand (see `readSales`). */
export async function readGoneSince(
  db: Queryable,
  { marketId, day }: DayKey,
  productIds: readonly ProductId[],
): Promise<Map<ProductId, Date>> {
  if (productIds.length === 0) return new Map();
  const found = await rows<{ product_id: ProductId; gone_at: string | Date }>(
    db,
    sql`
      with windows as (
        select w.opens_at, w.closes_at,
          (w.market_day + m.opens_at::time) at time zone m.time_zone as day_opens,
          (w.market_day + m.closes_at::time) at time zone m.time_zone as day_closes
        from order_windows w join markets m on m.id = w.market_id
        where w.market_id = ${marketId} and w.market_day = ${day}::date
      ),
      spans as (${goneSpans(among(productIds))})
      select g.product_id, min(g.at) as gone_at from spans g cross join windows w
      where least(g.until, w.closes_at) - greatest(g.at, w.opens_at) > make_interval(hours => ${goneHours})
        or (g.at > w.day_opens and least(g.until, w.day_closes) - g.at > make_interval(mins => ${stallMinutes}))
      group by g.product_id`,
  );
  return new Map(found.map((row) => [row.product_id, new Date(row.gone_at)]));
}

/** Cents that a product was sold at on a day, the way that it is mostly sold: to who ordered, and to walk-ins. */
export interface AskedPrice {
  readonly orderedCents: number;
  readonly walkInCents: number;
}

/** What was asked for some products on a market day: as ordering closed, and at ten at the market. */
export async function readAsked(
  db: Queryable,
  { marketId, day }: DayKey,
  productIds: readonly ProductId[],
): Promise<Map<ProductId, AskedPrice>> {
  if (productIds.length === 0) return new Map();
  const priceAt = (moment: ReturnType<typeof sql>) => sql`coalesce(
    (select c.old_price_cents from price_changes c where c.variant_id = l.id and c.changed_at > ${moment}
      order by c.changed_at, c.seq limit 1), l.unit_price_cents)`;
  const found = await rows<AskedPrice & { productId: ProductId }>(
    db,
    sql`
      with lead as materialized (
        select distinct on (v.product_id) v.product_id, v.id, v.unit_price_cents
        from variants v where v.status = 'live' and v.product_id in ${among(productIds)}
        order by v.product_id, v.position, v.id
      ),
      moments as (
        select w.closes_at, (w.market_day + time '10:00') at time zone m.time_zone as at_ten
        from order_windows w join markets m on m.id = w.market_id
        where w.market_id = ${marketId} and w.market_day = ${day}::date
      )
      select l.product_id as "productId", ${priceAt(sql`m.closes_at`)} as "orderedCents", ${priceAt(sql`m.at_ten`)} as "walkInCents"
      from lead l cross join moments m`,
  );
  return new Map(found.map(({ productId, ...asked }) => [productId, asked]));
}
