import { sql } from "drizzle-orm";
import { rows, type Queryable } from "@almanac/db";
import type { CalendarDay, FarmId, MarketId, ProductId, VariantId } from "@almanac/kernel";

/** The way that a product is mostly sold: its price stands for the product's. */
export interface LeadPrice {
  readonly productId: ProductId;
  readonly farmId: FarmId;
  readonly category: string;
  readonly variantId: VariantId;
  readonly unitPriceCents: number;
  /** Days since 1970 on which it was first on sale. */
  readonly listedOn: CalendarDay;
}

export async function listLeadPrices(db: Queryable): Promise<LeadPrice[]> {
  return rows<LeadPrice>(
    db,
    sql`select distinct on (p.id) p.id as "productId", p.farm_id as "farmId", p.category, v.id as "variantId",
        v.unit_price_cents as "unitPriceCents",
        to_char(coalesce(p.listed_at, p.created_at) at time zone 'UTC', 'YYYY-MM-DD') as "listedOn"
      from products p join variants v on v.product_id = p.id and v.status = 'live'
      where p.status in ('live', 'hidden')
      order by p.id, v.position, v.id`,
  );
}

/** Orders by market and day, of days whose ordering has closed: how many people could have bought. By `turnoutKey`. */
export async function readTurnout(
  db: Queryable,
  { since, now }: { since: Date; now: Date },
): Promise<Map<string, number>> {
  const found = await rows<{ market_id: MarketId; market_day: CalendarDay; orders: number | string }>(
    db,
    sql`select w.market_id, to_char(w.market_day, 'YYYY-MM-DD') as market_day, count(*) as orders
      from order_windows w join orders o on o.order_window_id = w.id and o.status <> 'cancelled'
      where w.closes_at > ${since.toISOString()}::timestamptz and w.closes_at <= ${now.toISOString()}::timestamptz
      group by 1, 2`,
  );
  return new Map(found.map((row) => [turnoutKey(row.market_id, row.market_day), Number(row.orders)]));
}

export const turnoutKey = (marketId: string, day: string): string => `${marketId} ${day}`;
