import { eq, sql, type SQL } from "drizzle-orm";
import { rows, type Queryable } from "@almanac/db";
import { tasteProfiles } from "@almanac/db/schema";
import { comparablePriceCents } from "@almanac/catalog";
import {
  days,
  type BaseUnit,
  type FarmId,
  type MarketId,
  type ProductId,
  type ShopperId,
} from "@almanac/kernel";
import { nothingHidden, type HiddenInterests } from "../core/taste.ts";
import type { TasteSignal } from "../core/profile.ts";
import type { TasteDeed, TastedProduct } from "../core/taste-records.ts";

export const orderMemoryDays = 730;
export const eventMemoryDays = 90;
/** The latest of each; what is older weighs next to nothing. */
const mostRows = 1_500;

export interface TasteStamp {
  readonly mayTrack: boolean;
  readonly personalise: boolean;
  readonly marketId: MarketId | null;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly hidden: HiddenInterests;
  /** Another text as soon as anything that taste is made of has changed. */
  readonly stamp: string;
}

interface StampRow {
  consent: string;
  is_erased: boolean;
  personalise: boolean;
  market_id: MarketId | null;
  latitude: number | null;
  longitude: number | null;
  hidden: HiddenInterests | null;
  stamp: string;
}

/**
 * Settings and hidden interests of a shopper, and whether anything was added since: one read by indexes on the shopper,
 * cheap enough for every request. `undefined` for a shopper that does not exist.
 */
export async function readTasteStamp(db: Queryable, shopperId: ShopperId): Promise<TasteStamp | undefined> {
  const [row] = await rows<StampRow>(
    db,
    sql`select ${stampColumns} from ${stampTables} where s.id = ${shopperId}::uuid`,
  );
  return row && toStamp(row);
}

const stampColumns = sql`
    s.tracking_consent as consent, s.erased_at is not null as is_erased, s.personalise, s.market_id,
      s.latitude, s.longitude, t.hidden, concat_ws('/',
        s.tracking_consent,
        (select max(e.seq) from action_events e where e.shopper_id = s.id),
        (select count(*) || '-' || max(o.updated_at) from orders o where o.shopper_id = s.id),
        (select count(*) || '-' || max(w.added_at) from wishes w where w.shopper_id = s.id),
        (select count(*) || '-' || max(f.followed_at) from farm_follows f where f.shopper_id = s.id),
        (select count(l.clicked_product_id) from search_log l where l.shopper_id = s.id),
        t.hidden::text
      ) as stamp`;
const stampTables = sql`shoppers s left join taste_profiles t on t.shopper_id = s.id`;

function toStamp(row: StampRow): TasteStamp {
  return {
    mayTrack: row.consent !== "denied" && !row.is_erased,
    personalise: row.personalise,
    marketId: row.market_id,
    latitude: row.latitude,
    longitude: row.longitude,
    hidden: row.hidden ?? nothingHidden,
    stamp: row.stamp,
  };
}

export interface StampedDeeds {
  readonly stamp: TasteStamp;
  /** Empty for somebody who refused tracking. */
  readonly deeds: readonly TasteDeed[];
}

/** Between the fields of a deed, and between deeds: what no name has in it. Text takes half the time that JSON takes. */
const unitSeparator = String.fromCharCode(31);
const recordSeparator = String.fromCharCode(30);
const listSeparator = String.fromCharCode(29);

/**
 * What a shopper did, with the stamp that holds for it, in one statement: both are of one moment, and a shopper who is new
 * to this process waits once. `undefined` for a shopper that does not exist.
 */
export async function readStampedDeeds(
  db: Queryable,
  shopperId: ShopperId,
  now: Date,
): Promise<StampedDeeds | undefined> {
  const [row] = await rows<StampRow & { deeds: string | null }>(
    db,
    sql`
    select ${stampColumns}, case when s.tracking_consent <> 'denied' and s.erased_at is null then
        (${deedsOf(shopperId, now)}) end as deeds
    from ${stampTables} where s.id = ${shopperId}::uuid`,
  );
  return row && { stamp: toStamp(row), deeds: row.deeds?.split(recordSeparator).map(toDeed) ?? [] };
}

/**
 * Orders of 730 days, looks, clicks and searches of 90, wishes and followed farms; the latest 1,500 of each kind, by the
 * indexes on the shopper. Products are not looked up: most are known to the process.
 */
function deedsOf(shopperId: ShopperId, now: Date): SQL {
  const ordersSince = new Date(now.getTime() - days(orderMemoryDays)).toISOString();
  const eventsSince = new Date(now.getTime() - days(eventMemoryDays)).toISOString();
  return sql`
    with done as (
      (select 'purchase' as signal, l.product_id, null::text as category, null::uuid as farm_id,
        l.unit_price_cents, l.unit_price_per, o.placed_at as at, 1 as amount
      from orders o join order_lines l on l.order_id = o.id
      where o.shopper_id = ${shopperId}::uuid and o.placed_at > ${ordersSince}::timestamptz and o.status <> 'cancelled'
      order by o.placed_at desc limit ${mostRows})
      union all
      (select case when e.action in ('SEARCH', 'FILTER_CATEGORY') then 'search' else 'browse' end,
        case when e.entity_type = 'PRODUCT' then e.entity_id::uuid end,
        case when e.entity_type = 'CATEGORY' then e.entity_id else e.metadata->>'category' end,
        case when e.entity_type = 'FARM' then e.entity_id::uuid end,
        null, null, e.occurred_at, case when e.action = 'ADD_TO_CART' then 3 else 1 end
      from action_events e
      where e.shopper_id = ${shopperId}::uuid and e.recorded_at > ${eventsSince}::timestamptz
        and e.action in ('VIEW_PRODUCT', 'VIEW_FARM', 'ADD_TO_CART', 'SHARE_PRODUCT', 'CLICK_RECOMMENDATION',
          'SEARCH', 'FILTER_CATEGORY')
        and (e.entity_type is null or e.entity_type not in ('PRODUCT', 'FARM')
          or e.entity_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$')
      order by e.seq desc limit ${mostRows})
      union all
      (select 'search', l.clicked_product_id, null, null, null, null, l.searched_at, 1
      from search_log l
      where l.shopper_id = ${shopperId}::uuid and l.searched_at > ${eventsSince}::timestamptz
        and l.clicked_product_id is not null
      order by l.searched_at desc limit ${mostRows})
      union all
      (select 'wishlist', w.product_id, null, null, null, null, w.added_at, 1
      from wishes w where w.shopper_id = ${shopperId}::uuid
      order by w.added_at desc limit ${mostRows})
      union all
      (select 'farm', null, null, f.farm_id, null, null, f.followed_at, 1
      from farm_follows f where f.shopper_id = ${shopperId}::uuid
      order by f.followed_at desc limit ${mostRows})
    )
    select string_agg(concat(d.signal, ${unitSeparator}::text, d.product_id, ${unitSeparator}::text, c.slug,
      ${unitSeparator}::text, d.farm_id, ${unitSeparator}::text, case when d.signal = 'farm' then (
        select string_agg(distinct q.category, ${listSeparator}::text order by q.category) from products q
        where q.farm_id = d.farm_id and q.status = 'live'
      ) end, ${unitSeparator}::text, d.unit_price_cents, ${unitSeparator}::text, d.unit_price_per,
      ${unitSeparator}::text, round(date_part('epoch', d.at) * 1000), ${unitSeparator}::text, d.amount
    ), ${recordSeparator}::text)
    from done d left join categories c on c.slug = d.category
    where d.product_id is not null or c.slug is not null or d.farm_id is not null`;
}

function toDeed(text: string): TasteDeed {
  const [signal, productId, category, farmId, sold, cents, per, atMs, amount] = text.split(unitSeparator);
  return {
    signal: signal as TasteSignal,
    ...(productId && { productId: productId as ProductId }),
    ...(category && { category }),
    ...(farmId && { farmId: farmId as FarmId }),
    ...(sold && { farmCategories: sold.split(listSeparator) }),
    ...(cents && { price: { unitPriceCents: Number(cents), unitPricePer: Number(per) } }),
    at: new Date(Number(atMs)),
    amount: Number(amount),
  };
}

/** Products by id; one that was deleted is absent. */
export async function readTastedProducts(
  db: Queryable,
  productIds: readonly ProductId[],
): Promise<Map<ProductId, TastedProduct>> {
  if (productIds.length === 0) return new Map();
  const found = await rows<ProductRow>(
    db,
    sql`
    select p.id, p.category, p.farm_id, p.base_unit, v.unit_price_cents, v.unit_price_per
    from products p left join lateral (
      select unit_price_cents, unit_price_per from variants
      where product_id = p.id and status = 'live' order by position, id limit 1
    ) v on true
    where p.id = any(${sql.param([...productIds])}::uuid[])`,
  );
  return new Map(found.map((row) => [row.id, toTasted(row)]));
}

interface ProductRow {
  id: ProductId;
  category: string;
  farm_id: FarmId;
  base_unit: BaseUnit;
  unit_price_cents: number | null;
  unit_price_per: number | null;
}

function toTasted(row: ProductRow): TastedProduct {
  const { unit_price_cents: unitPriceCents, unit_price_per: unitPricePer, base_unit: baseUnit } = row;
  return {
    category: row.category,
    farmId: row.farm_id,
    baseUnit,
    ...(unitPriceCents !== null &&
      unitPricePer !== null && {
        comparablePriceCents: comparablePriceCents({ unitPriceCents, unitPricePer }, baseUnit),
      }),
  };
}

/** Hidden interests, with the row locked until the transaction ends; the row is made when there is none. */
export async function lockHidden(tx: Queryable, shopperId: ShopperId, now: Date): Promise<HiddenInterests> {
  await tx
    .insert(tasteProfiles)
    .values({ shopperId, state: {}, updatedAt: now })
    .onConflictDoNothing({ target: tasteProfiles.shopperId });
  const [row] = await tx
    .select({ hidden: tasteProfiles.hidden })
    .from(tasteProfiles)
    .where(eq(tasteProfiles.shopperId, shopperId))
    .for("update");
  return (row?.hidden as HiddenInterests | undefined) ?? nothingHidden;
}

export async function saveHidden(
  tx: Queryable,
  shopperId: ShopperId,
  { hidden, now }: { hidden: HiddenInterests; now: Date },
): Promise<void> {
  await tx
    .update(tasteProfiles)
    .set({ hidden: { categories: [...hidden.categories], farms: [...hidden.farms] }, updatedAt: now })
    .where(eq(tasteProfiles.shopperId, shopperId));
}

/** How often a shopper did what, and when last: kept beside the hidden interests for "my data". */
export interface TasteState {
  readonly actions: Readonly<Record<string, number>>;
  readonly lastActiveAt?: string;
}

export async function readTasteState(db: Queryable, shopperId: ShopperId): Promise<TasteState> {
  const [row] = await db
    .select({ state: tasteProfiles.state })
    .from(tasteProfiles)
    .where(eq(tasteProfiles.shopperId, shopperId));
  return { actions: {}, ...row?.state };
}

export interface CountedAction {
  readonly shopperId: ShopperId;
  readonly action: string;
  readonly seq: number;
  readonly at: string;
}

/** Counts actions, in one statement for all shoppers, except of those who refused tracking or have gone meanwhile. */
export async function countActions(tx: Queryable, actions: readonly CountedAction[]): Promise<void> {
  if (actions.length === 0) return;
  const given = JSON.stringify([...Map.groupBy(actions, ({ shopperId }) => shopperId).values()].map(sumOf));
  // In the order of ids, so that two relays lock the rows alike.
  await tx.execute(sql`
    insert into taste_profiles as t (shopper_id, state, last_event_seq, updated_at)
    select s.id, jsonb_build_object('actions', g.actions, 'lastActiveAt', g.at), g.seq, g.at::timestamptz
    from jsonb_to_recordset(${given}::jsonb) as g(shopper_id uuid, actions jsonb, seq bigint, at text)
    join shoppers s on s.id = g.shopper_id
    where s.erased_at is null and s.tracking_consent <> 'denied'
    order by s.id
    on conflict (shopper_id) do update set
      state = jsonb_build_object(
        'actions', (
          select jsonb_object_agg(key, n) from (
            select key, sum(value::int)::int as n from (
              select * from jsonb_each_text(coalesce(t.state->'actions', '{}'::jsonb))
              union all select * from jsonb_each_text(excluded.state->'actions')) as both_sides
            group by key) as summed),
        'lastActiveAt', greatest(t.state->>'lastActiveAt', excluded.state->>'lastActiveAt')),
      last_event_seq = greatest(t.last_event_seq, excluded.last_event_seq),
      updated_at = greatest(t.updated_at, excluded.updated_at)`);
}

function sumOf(mine: readonly CountedAction[]) {
  const actions: Record<string, number> = {};
  let seq = 0;
  let at = "";
  for (const one of mine) {
    actions[one.action] = (actions[one.action] ?? 0) + 1;
    seq = Math.max(seq, one.seq);
    if (one.at > at) at = one.at;
  }
  return { shopper_id: mine[0]?.shopperId, actions, seq, at };
}

export async function deleteTaste(tx: Queryable, shopperId: ShopperId): Promise<void> {
  await tx.delete(tasteProfiles).where(eq(tasteProfiles.shopperId, shopperId));
}
