import { sql } from "drizzle-orm";
import { rows, type Queryable } from "@almanac/db";
import type { CartId, MarketId, OrderWindowId, ShopperId } from "@almanac/kernel";

export interface ClosingCart {
  readonly cartId: CartId;
  readonly shopperId: ShopperId;
  readonly marketId: MarketId;
  readonly windowId: OrderWindowId;
  readonly updatedAt: Date;
  readonly closesAt: Date;
}

/** Carts with something in them at markets whose orders close between two moments, of whom nobody was erased; by cart. */
export async function listClosingCarts(
  db: Queryable,
  { now, until }: { now: Date; until: Date },
): Promise<ClosingCart[]> {
  const found = await rows<
    Omit<ClosingCart, "updatedAt" | "closesAt"> & { updatedMs: number; closesMs: number }
  >(
    db,
    sql`
      select c.id as "cartId", c.shopper_id as "shopperId", c.market_id as "marketId", w.id as "windowId",
        (extract(epoch from c.updated_at) * 1000)::float8 as "updatedMs",
        (extract(epoch from w.closes_at) * 1000)::float8 as "closesMs"
      from order_windows w
      join carts c on c.market_id = w.market_id
      join shoppers s on s.id = c.shopper_id and s.erased_at is null
      where w.opens_at <= ${now}::timestamptz and w.closes_at > ${now}::timestamptz
        and w.closes_at <= ${until}::timestamptz and not w.is_cancelled
        and exists (select from cart_lines l where l.cart_id = c.id)
      order by c.id`,
  );
  return found.map(({ updatedMs, closesMs, ...cart }) => ({
    ...cart,
    updatedAt: new Date(Math.round(updatedMs)),
    closesAt: new Date(Math.round(closesMs)),
  }));
}
