import { sql, type SQL } from "drizzle-orm";
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

/** Of some kinds. */
interface SomeParts {
  readonly settings: TasteSettings;
  readonly stamps: Partial<DeedStamps>;
  readonly texts: Partial<DeedTexts>;
}

interface SettingsRow {
  readonly consent: string;
  readonly is_erased: boolean;
  readonly personalise: boolean;
  readonly market_id: MarketId | null;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly hidden: HiddenInterests | null;
}
type StampsRow = SettingsRow & Readonly<Partial<Record<`${DeedKind}_stamp`, string | null>>>;
type PartsRow = StampsRow & Readonly<Partial<Record<`${DeedKind}_text`, string | null>>>;

/**
 * Settings and hidden interests of a shopper, and whether anything was added to what they did: by indexes on the shopper, cheap
 * enough for every request. `undefined` for a shopper that does not exist.
 */
export async function readTasteStamps(db: Queryable, shopperId: ShopperId): Promise<TasteStamps | undefined> {
  const [row] = await rows<StampsRow>(db, sql`select ${allStamps} where s.id = ${shopperId}::uuid`);
  return row && { settings: toSettings(row), stamps: byKind((kind) => row[`${kind}_stamp`] ?? null) };
}

export interface AskedParts {
  readonly shopperId: ShopperId;
  readonly now: Date;
  /** What is remembered, and the stamps that were just read. */
  readonly before?: { readonly known: TasteParts; readonly stamps: TasteStamps } | undefined;
}

/**
 * The same with what a shopper did. There are two statements, sent side by side, so that whoever is new to this process waits
 * for half of it; a stamp and its text are of one statement, hence of one moment. Of kinds whose stamp is the known one the
 * text is taken from there, and a statement that would read nothing else is not sent.
 */
export async function readTasteParts(db: Queryable, asked: AskedParts): Promise<TasteParts | undefined> {
  const { before } = asked;
  const isSame = (kind: DeedKind): boolean =>
    before !== undefined && before.stamps.stamps[kind] === before.known.stamps[kind];
  const sent = readTogether.filter(({ kinds }) => !kinds.every(isSame));
  const read = await Promise.all(sent.map((together) => readSomeParts(db, together, asked)));
  const parts: SomeParts[] = before ? [{ ...before.stamps, texts: before.known.texts }] : [];
  for (const some of read) {
    if (!some) return undefined;
    parts.push(some);
  }
  const settings = parts.at(-1)!.settings;
  // Whoever refuses while this is under way has refused.
  if (!parts.every((some) => some.settings.mayTrack))
    return {
      settings: { ...settings, mayTrack: false },
      stamps: byKind(() => null),
      texts: byKind(() => ""),
    };
  const stamps: Partial<DeedStamps> = Object.assign({}, ...parts.map((some) => some.stamps));
  const texts: Partial<DeedTexts> = Object.assign({}, ...parts.map((some) => some.texts));
  return {
    settings,
    stamps: byKind((kind) => stamps[kind] ?? null),
    texts: byKind((kind) => texts[kind] ?? ""),
  };
}

async function readSomeParts(
  db: Queryable,
  { kinds, given, asked }: ReadTogether,
  { shopperId, now, before }: AskedParts,
): Promise<SomeParts | undefined> {
  const known = before?.known;
  const knownStamps = sql.join(
    kinds.map((kind) => sql`${known?.stamps[kind] ?? null}::text`),
    sql`, `,
  );
  const [row] = await rows<PartsRow>(
    db,
    sql`
    with given (shopper_id, orders_since, events_since, ${given}) as (
      values (${shopperId}::uuid, ${daysBefore(now, orderMemoryDays)}::timestamptz,
        ${daysBefore(now, eventMemoryDays)}::timestamptz, ${knownStamps})
    ), ${asked}`,
  );
  if (!row) return undefined;
  const stamps: Partial<Record<DeedKind, string | null>> = {};
  const texts: Partial<Record<DeedKind, string>> = {};
  for (const kind of kinds) {
    const stamp = row[`${kind}_stamp`] ?? null;
    stamps[kind] = stamp;
    if (stamp === null) texts[kind] = "";
    else texts[kind] = known?.stamps[kind] === stamp ? known.texts[kind] : (row[`${kind}_text`] ?? "");
  }
  return { settings: toSettings(row), stamps, texts };
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

function toSettings(row: SettingsRow): TasteSettings {
  return {
    mayTrack: row.consent !== "denied" && !row.is_erased,
    personalise: row.personalise,
    marketId: row.market_id,
    latitude: row.latitude,
    longitude: row.longitude,
    hidden: row.hidden ?? nothingHidden,
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

const isTracked = "s.tracking_consent <> 'denied' and s.erased_at is null";
const stamps: Record<DeedKind, string> = {
  orders: "select count(*) || '-' || max(o.updated_at) from orders o where o.shopper_id = s.id",
  // What came with a visitor may all be older than the account's latest, and does not move that.
  events: "select max(e.seq) || '-' || s.visitors_merged from action_events e where e.shopper_id = s.id",
  clicks: "select nullif(count(l.clicked_product_id), 0)::text from search_log l where l.shopper_id = s.id",
  wishes: "select count(*) || '-' || max(w.added_at) from wishes w where w.shopper_id = s.id",
  farms: "select count(*) || '-' || max(f.followed_at) from farm_follows f where f.shopper_id = s.id",
};
const stampColumns = (kinds: readonly DeedKind[]): string => `
  s.tracking_consent as consent, s.erased_at is not null as is_erased, s.personalise, s.market_id, s.latitude, s.longitude,
    t.hidden, ${kinds.map((kind) => `case when ${isTracked} then (${stamps[kind]}) end as ${kind}_stamp`).join(", ")}
  from shoppers s left join taste_profiles t on t.shopper_id = s.id`;
const allStamps = sql.raw(stampColumns(deedKinds));

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

/** What one statement reads. */
interface ReadTogether {
  readonly kinds: readonly DeedKind[];
  /** The columns of the stamps that are known. */
  readonly given: SQL;
  /** The rest of the statement. */
  readonly asked: SQL;
}

function together(...kinds: readonly DeedKind[]): ReadTogether {
  const text = (kind: DeedKind): string =>
    `case when a.${kind}_stamp is not null and a.${kind}_stamp is distinct from a.known_${kind}
      then (${texts[kind]}) end as ${kind}_text`;
  return {
    kinds,
    given: sql.raw(kinds.map((kind) => `known_${kind}`).join(", ")),
    asked: sql.raw(`asked as materialized (
      select given.*, ${stampColumns(kinds)} join given on given.shopper_id = s.id
    )
    select a.*, ${kinds.map(text).join(", ")} from asked a`),
  };
}

/** Lines of orders take about as long to read as events do; of the others there are few. */
const readTogether: readonly ReadTogether[] = [
  together("orders", "wishes", "farms"),
  together("events", "clicks"),
];
