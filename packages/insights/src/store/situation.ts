import { sql } from "drizzle-orm";
import { rows, type Queryable } from "@almanac/db";
import { nextOpenWindow } from "@almanac/catalog";
import type { MarketId, ShopperId } from "@almanac/kernel";
import type { Situation } from "../core/next-best-action.ts";

interface SituationRow extends Record<string, unknown> {
  market_id: MarketId | null;
  cart_cents: number | string;
  due_products: number | string;
  unrated_orders: number | string;
  days_since_order: number | string | null;
  usual_basket_cents: number | string | null;
  may_contact: boolean;
}

/**
 * What the choice of the next action rests on, but for the segment. A product is due when it was bought on at least three
 * days of a year and more than .8 and less than 2 of its mean gaps have passed. No campaign is sent yet, so nobody has had
 * a message of one.
 */
export async function readSituation(
  db: Queryable,
  shopperId: ShopperId,
  now: Date,
): Promise<Omit<Situation, "segment"> | undefined> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const [row] = await rows<SituationRow>(
    db,
    sql`
      with own as (
        select id, placed_at, collected_at, total_cents from orders
        where shopper_id = ${shopperId} and status <> 'cancelled'
          and placed_at > ${at} - interval '365 days' and placed_at <= ${at}
      ),
      bought as (
        select l.product_id, min(o.placed_at) as first_at, max(o.placed_at) as last_at,
          count(distinct o.placed_at::date) as times
        from own o join order_lines l on l.order_id = o.id group by l.product_id
      )
      select coalesce(c.market_id, s.market_id) as market_id, s.marketing_consent as may_contact,
        (select coalesce(sum(l.quantity::bigint * v.unit_price_cents), 0) from cart_lines l
          join variants v on v.id = l.variant_id where l.cart_id = c.id) as cart_cents,
        (select count(*) from bought where times >= 3
          and extract(epoch from ${at} - last_at) * (times - 1)
            between 0.8 * extract(epoch from last_at - first_at) and 2 * extract(epoch from last_at - first_at)
        ) as due_products,
        (select count(*) from own o where o.collected_at > ${at} - interval '30 days' and not exists (
          select 1 from ratings r join order_lines l on l.product_id = r.product_id
          where l.order_id = o.id and r.shopper_id = ${shopperId})) as unrated_orders,
        (select extract(epoch from ${at} - max(placed_at)) / 86400 from own) as days_since_order,
        coalesce(
          (select percentile_cont(0.5) within group (order by total_cents) from own),
          (select percentile_cont(0.5) within group (order by total_cents) from
            (select total_cents from orders where status <> 'cancelled' order by placed_at desc limit 1000) recent)
        ) as usual_basket_cents
      from shoppers s left join carts c on c.shopper_id = s.id
      where s.id = ${shopperId}`,
  );
  if (!row) return undefined;
  const window = row.market_id ? await nextOpenWindow(db, row.market_id, now) : undefined;
  const isOpen = window !== undefined && window.opensAt <= now;
  return {
    cartCents: Number(row.cart_cents),
    ...(isOpen && { hoursToClose: (window.closesAt.getTime() - now.getTime()) / 3_600_000 }),
    dueProducts: Number(row.due_products),
    unratedOrders: Number(row.unrated_orders),
    ...(row.days_since_order !== null && { daysSinceOrder: Number(row.days_since_order) }),
    usualBasketCents: Math.round(Number(row.usual_basket_cents ?? 0)),
    messages7: 0,
    cap: messagesAWeek,
    mayContact: row.may_contact,
  };
}

/** Messages of campaigns that one gets in seven days at most. */
const messagesAWeek = 3;
