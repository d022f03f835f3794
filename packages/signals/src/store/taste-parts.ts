import { sql } from "drizzle-orm";
import { rows, type Queryable } from "@almanac/db";
import { days, type MarketId, type ShopperId } from "@almanac/kernel";
import { deedKinds, deedSeparators, type DeedKind, type DeedTexts } from "../core/deed-text.ts";
import { nothingHidden, type HiddenInterests } from "../core/taste.ts";

export const orderMemoryDays = 730;
export const eventMemoryDays = 90;
/** The latest of each; what is older weighs next to nothing. */
const mostRows = 1_500;

export interface TasteSettings {
  readonly mayTrack: boolean;
  readonly personalise: boolean;
  readonly marketId: MarketId | null;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly hidden: HiddenInterests;
}

/**
 * Of each kind another text as soon as something was added or changed; `null` while there is nothing, as of somebody who
 * refused tracking.
 */
export type DeedStamps = Readonly<Record<DeedKind, string | null>>;

export interface TasteStamps {
  readonly settings: TasteSettings;
  readonly stamps: DeedStamps;
}

/** What taste is made of: deeds, and the stamps that hold for them. */
export interface TasteParts extends TasteStamps {
  readonly texts: DeedTexts;
}

type StampsRow = {
  consent: string;
  is_erased: boolean;
  personalise: boolean;
  market_id: MarketId | null;
  latitude: number | null;
  longitude: number | null;
  hidden: HiddenInterests | null;
} & Record<`${DeedKind}_stamp`, string | null>;
type PartsRow = StampsRow & Record<`${DeedKind}_text`, string | null>;

/**
 * Settings and hidden interests of a shopper, and whether anything was added to what they did: by indexes on the shopper, cheap
 * enough for every request. `undefined` for a shopper that does not exist.
 */
export async function readTasteStamps(db: Queryable, shopperId: ShopperId): Promise<TasteStamps | undefined> {
  const [row] = await rows<StampsRow>(db, sql`select ${stampColumns} where s.id = ${shopperId}::uuid`);
  return row && toStamps(row);
}

/**
 * The same with what a shopper did, in one statement: both are of one moment, and a shopper who is new to this process waits
 * once. Of the kinds whose stamp is the `known` one the text is not read but taken from there.
 */
export async function readTasteParts(
  db: Queryable,
  { shopperId, now, known }: { shopperId: ShopperId; now: Date; known: TasteParts | undefined },
): Promise<TasteParts | undefined> {
  const knownStamps = sql.join(
    deedKinds.map((kind) => sql`${known?.stamps[kind] ?? null}::text`),
    sql`, `,
  );
  const [row] = await rows<PartsRow>(
    db,
    sql`
    with given (shopper_id, orders_since, events_since, ${knownColumns}) as (
      values (${shopperId}::uuid, ${daysBefore(now, orderMemoryDays)}::timestamptz,
        ${daysBefore(now, eventMemoryDays)}::timestamptz, ${knownStamps})
    ), asked as materialized (
      select given.*, ${stampColumns} join given on given.shopper_id = s.id
    )
    select a.*, ${textColumns} from asked a`,
  );
  if (!row) return undefined;
  const read = toStamps(row);
  const textOf = (kind: DeedKind): string => {
    const stamp = read.stamps[kind];
    if (stamp === null) return "";
    return known?.stamps[kind] === stamp ? known.texts[kind] : (row[`${kind}_text`] ?? "");
  };
  return { ...read, texts: byKind(textOf) };
}

/** Whether nothing that the shopper set is another than before. */
export function isSameSettings({ settings: a }: TasteStamps, { settings: b }: TasteStamps): boolean {
  return (
    a.mayTrack === b.mayTrack &&
    a.personalise === b.personalise &&
    a.marketId === b.marketId &&
    a.latitude === b.latitude &&
    a.longitude === b.longitude &&
    JSON.stringify(a.hidden) === JSON.stringify(b.hidden)
  );
}

/** Whether nothing that a taste is made of has changed. */
export function isSameTaste(a: TasteStamps, b: TasteStamps): boolean {
  return (
    deedKinds.every((kind) => a.stamps[kind] === b.stamps[kind]) &&
    JSON.stringify(a.settings.hidden) === JSON.stringify(b.settings.hidden)
  );
}

function toStamps(row: StampsRow): TasteStamps {
  const mayTrack = row.consent !== "denied" && !row.is_erased;
  return {
    settings: {
      mayTrack,
      personalise: row.personalise,
      marketId: row.market_id,
      latitude: row.latitude,
      longitude: row.longitude,
      hidden: row.hidden ?? nothingHidden,
    },
    stamps: byKind((kind) => (mayTrack ? row[`${kind}_stamp`] : null)),
  };
}

function byKind<Value>(valueOf: (kind: DeedKind) => Value): Record<DeedKind, Value> {
  return {
    orders: valueOf("orders"),
    events: valueOf("events"),
    clicks: valueOf("clicks"),
    wishes: valueOf("wishes"),
    farms: valueOf("farms"),
  };
}

function daysBefore(now: Date, count: number): string {
  return new Date(now.getTime() - days(count)).toISOString();
}

// What is below has no parameters, so that it is put together once: a request only fills in who asks.

const stampColumns = sql.raw(`
  s.tracking_consent as consent, s.erased_at is not null as is_erased, s.personalise, s.market_id, s.latitude, s.longitude,
    t.hidden,
    (select count(*) || '-' || max(o.updated_at) from orders o where o.shopper_id = s.id) as orders_stamp,
    (select max(e.seq)::text from action_events e where e.shopper_id = s.id) as events_stamp,
    (select nullif(count(l.clicked_product_id), 0)::text from search_log l where l.shopper_id = s.id) as clicks_stamp,
    (select count(*) || '-' || max(w.added_at) from wishes w where w.shopper_id = s.id) as wishes_stamp,
    (select count(*) || '-' || max(f.followed_at) from farm_follows f where f.shopper_id = s.id) as farms_stamp
  from shoppers s left join taste_profiles t on t.shopper_id = s.id`);

const field = `chr(${deedSeparators.field})`;
const between = `chr(${deedSeparators.deed})`;
const millisecondsOf = (moment: string): string => `(date_part('epoch', ${moment}) * 1000)::bigint`;
/** What a browser sent, without what separates; whether it is an id is seen when it is read. */
const unread = (column: string): string => `replace(replace(${column}, ${field}, ''), ${between}, '')`;

/**
 * Orders of 730 days, looks, clicks and searches of 90, wishes and followed farms: the latest 1,500 of each, as `deedsOf` reads
 * them. Products are not looked up: most are known to the process. Lines of orders come from an index alone. The aggregates
 * read from sorted rows and join nothing, so that deeds come newest first: sums of them are the same to the last bit.
 */
const texts: Record<DeedKind, string> = {
  orders: `
    select string_agg(concat(d.product_id, ${field}, d.unit_price_cents, ${field}, d.unit_price_per, ${field},
      ${millisecondsOf("d.placed_at")}), ${between})
    from (
      select l.product_id, l.unit_price_cents, l.unit_price_per, o.placed_at
      from orders o join order_lines l on l.order_id = o.id
      where o.shopper_id = a.shopper_id and o.placed_at > a.orders_since and o.status <> 'cancelled'
      order by o.placed_at desc limit ${mostRows}
    ) d`,
  events: `
    select string_agg(concat(d.action, ${field}, d.product_id, ${field}, d.farm_id, ${field}, d.category, ${field},
      ${millisecondsOf("d.occurred_at")}), ${between})
    from (
      select e.action, e.occurred_at,
        case when e.entity_type = 'PRODUCT' then ${unread("e.entity_id")} end as product_id,
        case when e.entity_type = 'FARM' then ${unread("e.entity_id")} end as farm_id,
        (select c.slug from categories c
          where c.slug = case when e.entity_type = 'CATEGORY' then e.entity_id else e.metadata->>'category' end) as category
      from action_events e
      where e.shopper_id = a.shopper_id and e.recorded_at > a.events_since
        and e.action in ('VIEW_PRODUCT', 'VIEW_FARM', 'ADD_TO_CART', 'SHARE_PRODUCT', 'CLICK_RECOMMENDATION',
          'SEARCH', 'FILTER_CATEGORY')
        and (e.entity_type is null or e.entity_type not in ('PRODUCT', 'FARM') or length(e.entity_id) = 36)
      order by e.seq desc limit ${mostRows}
    ) d
    where d.product_id is not null or d.category is not null or d.farm_id is not null`,
  clicks: `
    select string_agg(concat(d.clicked_product_id, ${field}, ${millisecondsOf("d.searched_at")}), ${between})
    from (
      select l.clicked_product_id, l.searched_at from search_log l
      where l.shopper_id = a.shopper_id and l.searched_at > a.events_since and l.clicked_product_id is not null
      order by l.searched_at desc limit ${mostRows}
    ) d`,
  wishes: `
    select string_agg(concat(d.product_id, ${field}, ${millisecondsOf("d.added_at")}), ${between})
    from (
      select w.product_id, w.added_at from wishes w where w.shopper_id = a.shopper_id
      order by w.added_at desc limit ${mostRows}
    ) d`,
  farms: `
    select string_agg(concat(d.farm_id, ${field}, ${millisecondsOf("d.followed_at")}, ${field}, (
      select string_agg(distinct q.category, chr(${deedSeparators.item}) order by q.category) from products q
      where q.farm_id = d.farm_id and q.status = 'live'
    )), ${between})
    from (
      select f.farm_id, f.followed_at from farm_follows f where f.shopper_id = a.shopper_id
      order by f.followed_at desc limit ${mostRows}
    ) d`,
};

const knownColumns = sql.raw(deedKinds.map((kind) => `known_${kind}`).join(", "));
const textColumns = sql.raw(
  deedKinds
    .map(
      (kind) => `
    case when a.consent <> 'denied' and not a.is_erased and a.${kind}_stamp is distinct from a.known_${kind}
      then (${texts[kind]}) end as ${kind}_text`,
    )
    .join(","),
);
