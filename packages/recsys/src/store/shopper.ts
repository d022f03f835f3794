import { sql } from "drizzle-orm";
import { rows, type Queryable } from "@almanac/db";
import type { MarketId, ShopperId } from "@almanac/kernel";

/** Something in the event log that tells of a taste. */
export interface TasteRow {
  readonly action: string;
  readonly entityId: string | null;
  /** Of a search. */
  readonly query: string | null;
  /** Of a search or a filter. */
  readonly category: string | null;
  readonly day: number;
}

/** An order that the snapshot may not know. */
export interface RecentOrderRow {
  readonly id: string;
  readonly marketId: string;
  readonly day: number;
  readonly productIds: readonly string[];
}

/** A shopper as the database knows them at this moment. */
export interface ShopperState {
  readonly consent: "unset" | "granted" | "denied";
  readonly personalise: boolean;
  /** The cart's market, else the one they chose. */
  readonly marketId: MarketId | null;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly hidden: { readonly categories?: readonly string[]; readonly farms?: readonly string[] } | null;
  readonly cart: readonly string[];
  /** Products that they are not interested in. */
  readonly notInterested: readonly string[];
  /** Latest first. */
  readonly tastes: readonly TasteRow[];
  readonly wishes: readonly { readonly productId: string; readonly day: number }[];
  readonly follows: readonly { readonly farmId: string; readonly day: number }[];
  readonly recentOrders: readonly RecentOrderRow[];
}

/** Actions of the event log that say something about a taste; wishes and followed farms have tables of their own. */
const tasteActions = [
  "VIEW_PRODUCT",
  "VIEW_FARM",
  "ADD_TO_CART",
  "SHARE_PRODUCT",
  "SEARCH",
  "FILTER_CATEGORY",
];

/** A look counts half after two weeks; older ones than these change nothing that one could see. */
const maxTastes = 150;
const maxThings = 200;

export interface AskedShopper {
  readonly shopperId: ShopperId;
  /** Orders placed later are listed as recent. */
  readonly ordersAfter: Date;
}

/**
 * All that requests need to know of their shoppers, in one round trip. Whoever remembers it has to forget it when a row of a
 * table that is read here changes: each of them is in `0002_noted_changes.sql` of the database.
 *
 * @param asked may name a shopper twice
 * @returns one for each, in order; `undefined` where there is no such shopper, or they were erased
 */
export async function readShoppers(
  db: Queryable,
  asked: readonly AskedShopper[],
): Promise<(ShopperState | undefined)[]> {
  const ids = asked.map(({ shopperId }) => shopperId);
  const moments = asked.map(({ ordersAfter }) => ordersAfter.toISOString());
  const found = await rows<{ n: number; state: ReadState }>(
    db,
    sql`
      select asked.n::int as n, json_build_object(
        'consent', s.tracking_consent,
        'personalise', s.personalise,
        'marketId', coalesce(c.market_id, s.market_id),
        'latitude', s.latitude,
        'longitude', s.longitude,
        'hidden', t.hidden,
        'cart', coalesce((
          select json_agg(distinct v.product_id) from cart_lines l join variants v on v.id = l.variant_id
          where l.cart_id = c.id), '[]'::json),
        'notInterested', coalesce((
          select json_agg(n.product_id)
          from (select product_id from hidden_recommendations where shopper_id = s.id
            order by hidden_at desc limit ${maxThings}) n), '[]'::json),
        'tastes', case when s.tracking_consent <> 'denied' and s.personalise then (
          select json_build_object('action', array_agg(e.action), 'entityId', array_agg(e.entity_id),
            'query', array_agg(case e.action when 'SEARCH' then coalesce(e.metadata ->> 'query', e.metadata ->> 'q') end),
            'category', array_agg(case when e.action in ('SEARCH', 'FILTER_CATEGORY') then e.metadata ->> 'category' end),
            'day', array_agg(${epochDay(sql`e.occurred_at`)}))
          from (
            select * from action_events where shopper_id = s.id
              and action = any(${sql.param(tasteActions)}::text[])
            order by seq desc limit ${maxTastes}
          ) e having count(*) > 0) end,
        'wishes', coalesce((
          select json_agg(json_build_object('productId', w.product_id, 'day', ${epochDay(sql`w.added_at`)})
            order by w.added_at desc, w.product_id)
          from (select * from wishes where shopper_id = s.id order by added_at desc limit ${maxThings}) w), '[]'::json),
        'follows', coalesce((
          select json_agg(json_build_object('farmId', f.farm_id, 'day', ${epochDay(sql`f.followed_at`)})
            order by f.followed_at desc, f.farm_id)
          from (select * from farm_follows where shopper_id = s.id order by followed_at desc limit ${maxThings}) f),
          '[]'::json),
        'recentOrders', coalesce((
          select json_agg(json_build_object('id', o.id, 'marketId', o.market_id,
            'day', ${epochDay(sql`o.placed_at at time zone m.time_zone`)},
            'productIds', (select json_agg(distinct l.product_id) from order_lines l where l.order_id = o.id))
            order by o.placed_at)
          from orders o join markets m on m.id = o.market_id
          where o.shopper_id = s.id and o.status <> 'cancelled' and o.placed_at > asked.orders_after),
          '[]'::json)
      ) as state
      from unnest(${sql.param(ids)}::uuid[], ${sql.param(moments)}::timestamptz[]) with ordinality
        as asked(id, orders_after, n)
      join shoppers s on s.id = asked.id and s.erased_at is null
      left join carts c on c.shopper_id = s.id
      left join taste_profiles t on t.shopper_id = s.id`,
  );
  const states = asked.map((): ShopperState | undefined => undefined);
  for (const { n, state } of found) states[n - 1] = { ...state, tastes: rowsOf(state.tastes) };
  return states;
}

/** As the statement answers it: an object of JSON for each of up to 150 events takes the database longer than to find them. */
type ReadState = Omit<ShopperState, "tastes"> & { readonly tastes: TasteColumns | null };

/** By place, in the order in which the rows came. */
type TasteColumns = { readonly [Name in keyof TasteRow]: readonly TasteRow[Name][] };

function rowsOf(columns: TasteColumns | null): TasteRow[] {
  if (!columns) return [];
  const { action, entityId, query, category, day } = columns;
  return action.map((name, at) => ({
    action: name,
    entityId: entityId[at]!,
    query: query[at]!,
    category: category[at]!,
    day: day[at]!,
  }));
}

/** Days since 1970-01-01. */
function epochDay(moment: ReturnType<typeof sql>) {
  return sql`(${moment})::date - date '1970-01-01'`;
}

/** Whose taste an id leads to: a shopper's own, that of the account a visitor was merged into, or an account's by its user id. */
export async function findShopper(db: Queryable, id: string): Promise<ShopperId | undefined> {
  const [found] = await rows<{ id: ShopperId }>(
    db,
    sql`
      select coalesce(merged_into_id, id) as id from shoppers
      where (id = ${id} or user_id = ${id}) and erased_at is null limit 1`,
  );
  return found?.id;
}
