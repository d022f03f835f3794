import { sql, type SQL } from "drizzle-orm";
import { rows, type Queryable } from "@almanac/db";
import { days, type ShopperId } from "@almanac/kernel";
import type { ActColumns, OrderColumns, PackedWorld } from "../training/pack.ts";

/** What was read, and who is who in it: positions of `packed` are those of `shopperIds`. */
export interface ReadWorld {
  readonly packed: PackedWorld;
  readonly shopperIds: readonly ShopperId[];
}

/** Rows of one page: few enough that reading them holds nothing up for longer than a few milliseconds. */
const pageSize = 4_000;
/** Of whom models may learn and tell: a condition on `shoppers`. */
export const mayBeProfiled = sql`erased_at is null and merged_into_id is null and tracking_consent <> 'denied'
  and personalise`;
/** How far back actions on the site matter: cut-offs of two years, each with its ninety days. */
const actsBackDays = 820;

/**
 * All that models of shoppers read: of those who may be profiled, what was there by `until` and nothing later. Page by
 * page, so that the process goes on answering.
 *
 * Cancellations and actions carry the moment at which they were known; the core looks at nothing that was not known yet.
 */
export async function readWorld(db: Queryable, until: Date, only?: ShopperId): Promise<ReadWorld> {
  const at = sql`${until.toISOString()}::timestamptz`;
  const found = await rows<{ id: ShopperId }>(
    db,
    sql`select id from shoppers
      where ${mayBeProfiled} and created_at <= ${at} ${only ? sql`and id = ${only}` : sql``} order by id`,
  );
  const shopperIds = found.map(({ id }) => id);
  const place = new Map(shopperIds.map((id, index) => [id, index]));
  const marketRows = await rows<{ id: string }>(db, sql`select id from markets order by id`);
  const markets = marketRows.map(({ id }) => id);
  const marketPlace = new Map(markets.map((id, index) => [id, index]));
  const orders: OrderColumns[] = [];
  const whose = only ? sql`and o.shopper_id = ${only}` : sql``;
  for await (const page of readOrders(db, at, whose)) orders.push(toOrders(page, place, marketPlace));
  const acts: ActColumns[] = [];
  const since = new Date(until.getTime() - days(actsBackDays));
  for await (const page of readActs(db, at, since, only)) acts.push(toActs(page, place));
  const active = await readActiveDays(db, at);
  return {
    shopperIds,
    packed: {
      until: until.getTime(),
      shoppers: shopperIds.length,
      markets,
      orders,
      acts,
      activeDays: markets.map((market) => active.get(market) ?? []),
    },
  };
}

export interface OrderRow {
  id: string;
  shopper_id: ShopperId;
  market_id: string;
  placed_text: string;
  placed: number;
  cancelled: number | null;
  cents: number;
  lines: number | string;
}

/** Where pages of orders come from: parts of one statement about `orders o`. */
export interface OrderSource {
  readonly from: SQL;
  readonly where: SQL;
  readonly cents: SQL;
  readonly lines: SQL;
}

/** Orders in the order of their time, a page at a time. */
export async function* readOrderPages(
  db: Queryable,
  { from, where, cents, lines }: OrderSource,
): AsyncGenerator<OrderRow[]> {
  let after: OrderRow | undefined;
  do {
    const later = after
      ? sql`and (o.placed_at, o.id) > (${after.placed_text}::timestamptz, ${after.id}::uuid)`
      : sql``;
    const found: OrderRow[] = await rows<OrderRow>(
      db,
      sql`
        select o.id, o.shopper_id, o.market_id, o.placed_at::text as placed_text,
          (extract(epoch from o.placed_at) * 1000)::float8 as placed,
          (extract(epoch from o.cancelled_at) * 1000)::float8 as cancelled, ${cents} as cents,
          (select count(*) from order_lines l where ${lines}) as lines
        from ${from}
        where ${where} ${later}
        order by o.placed_at, o.id limit ${pageSize}`,
    );
    yield found;
    after = found.length < pageSize ? undefined : found.at(-1);
  } while (after);
}

/** By the index on `placed_at`. @param whose a condition on `o.shopper_id` that follows others, or nothing for everybody */
export const readOrders = (db: Queryable, at: SQL, whose: SQL): AsyncGenerator<OrderRow[]> =>
  readOrderPages(db, {
    from: sql`orders o`,
    where: sql`o.placed_at <= ${at} ${whose}`,
    cents: sql`o.total_cents`,
    lines: sql`l.order_id = o.id`,
  });

export function toOrders(
  page: readonly OrderRow[],
  place: ReadonlyMap<string, number>,
  markets: ReadonlyMap<string, number>,
): OrderColumns {
  const known = page.filter((row) => place.has(row.shopper_id) && markets.has(row.market_id));
  return {
    shopper: Int32Array.from(known, (row) => place.get(row.shopper_id)!),
    market: Int32Array.from(known, (row) => markets.get(row.market_id)!),
    at: Float64Array.from(known, ({ placed }) => Number(placed)),
    cancelledAt: Float64Array.from(known, ({ cancelled }) =>
      cancelled === null ? Number.NaN : Number(cancelled),
    ),
    cents: Float64Array.from(known, ({ cents }) => cents),
    lines: Float64Array.from(known, ({ lines }) => Number(lines)),
  };
}

interface ActRow {
  seq: number | string;
  shopper_id: ShopperId;
  action: string;
  occurred: number;
  recorded: number;
}

/** By the sequence; actions arrive about in the order of time, and are sorted by it afterwards. */
async function* readActs(
  db: Queryable,
  at: ReturnType<typeof sql>,
  since: Date,
  only?: ShopperId,
): AsyncGenerator<ActRow[]> {
  let after = 0;
  for (;;) {
    const found: ActRow[] = await rows<ActRow>(
      db,
      sql`
        select seq, shopper_id, action, (extract(epoch from occurred_at) * 1000)::float8 as occurred,
          (extract(epoch from greatest(recorded_at, occurred_at)) * 1000)::float8 as recorded
        from action_events
        where seq > ${after} and shopper_id is not null and recorded_at <= ${at} and action <> 'COMPLETE_PURCHASE'
          and occurred_at <= ${at} and occurred_at > ${since.toISOString()}::timestamptz
          ${only ? sql`and shopper_id = ${only}` : sql``}
        order by seq limit ${pageSize}`,
    );
    yield found;
    const last = found.at(-1);
    if (!last || found.length < pageSize) return;
    after = Number(last.seq);
  }
}

const searches: ReadonlySet<string> = new Set(["SEARCH", "FILTER_CATEGORY"]);
const kindOf = (action: string): number => (searches.has(action) ? 1 : action.endsWith("_CART") ? 2 : 0);

function toActs(page: readonly ActRow[], place: ReadonlyMap<string, number>): ActColumns {
  const known = page.filter((row) => place.has(row.shopper_id));
  return {
    shopper: Int32Array.from(known, (row) => place.get(row.shopper_id)!),
    at: Float64Array.from(known, ({ occurred }) => Number(occurred)),
    knownAt: Float64Array.from(known, ({ recorded }) => Number(recorded)),
    kind: Uint8Array.from(known, ({ action }) => kindOf(action)),
  };
}

/** Days since 1970 on which ordering for a market began, it was held, or somebody ordered there, ascending. */
export async function readActiveDays(
  db: Queryable,
  at: ReturnType<typeof sql>,
): Promise<Map<string, number[]>> {
  const found = await rows<{ market_id: string; day: number | string }>(
    db,
    sql`
      select market_id, floor(extract(epoch from opens_at) / 86400)::int as day
      from order_windows where not is_cancelled and opens_at <= ${at}
      union
      select market_id, (market_day - date '1970-01-01')::int
      from order_windows where not is_cancelled and opens_at <= ${at}
      union
      select market_id, floor(extract(epoch from placed_at) / 86400)::int from orders where placed_at <= ${at}
      order by market_id, day`,
  );
  const active = new Map<string, number[]>();
  for (const { market_id, day } of found) {
    const own = active.get(market_id) ?? [];
    own.push(Number(day));
    active.set(market_id, own);
  }
  return active;
}
