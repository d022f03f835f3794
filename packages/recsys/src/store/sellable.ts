import { sql } from "drizzle-orm";
import { rows, type Queryable } from "@almanac/db";
import { days, type MarketId } from "@almanac/kernel";

/** A market takes orders, or will within so many days; otherwise its products are not recommended. */
export const orderHorizonMs = days(10);

/**
 * Which of some products somebody can really have, by the database at this moment: live, with stock for at least one unit
 * of a live variant, of a farm at the market, which takes orders now or soon.
 *
 * @param marketId any market when absent
 */
export async function listSellable(
  db: Queryable,
  productIds: readonly string[],
  { marketId, now }: { marketId?: MarketId; now: Date },
): Promise<Set<string>> {
  if (productIds.length === 0) return new Set();
  const atMarket = marketId === undefined ? sql`` : sql`and mf.market_id = ${marketId}`;
  const found = await rows<{ id: string }>(
    db,
    sql`
      select p.id::text as id
      from products p join stock_levels s on s.product_id = p.id
      where p.id = any(${sql.param([...productIds])}::uuid[]) and p.status = 'live'
        and exists (
          select 1 from variants v where v.product_id = p.id and v.status = 'live'
            and v.unit_quantity_base <= s.on_hand_base - s.reserved_base)
        and exists (
          select 1 from market_farms mf join order_windows w on w.market_id = mf.market_id
          where mf.farm_id = p.farm_id ${atMarket} and not w.is_cancelled and w.closes_at > ${now}::timestamptz
            and w.opens_at <= ${new Date(now.getTime() + orderHorizonMs)}::timestamptz)`,
  );
  return new Set(found.map(({ id }) => id));
}
