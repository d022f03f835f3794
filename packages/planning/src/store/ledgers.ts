import { sql } from "drizzle-orm";
import { rows, type Queryable } from "@almanac/db";
import type { FarmId, MarketId, OrderWindowId, ProductId } from "@almanac/kernel";
import type { Absence } from "../core/absences.ts";
import type { Ledger, OrderedLines } from "../core/ledger.ts";
import { readSalesWithClosing } from "./demand.ts";
import { goneSpans } from "./gone-spans.ts";

export interface FarmPlaces {
  /** All that the farm ever sold, in the order of their ids. */
  readonly productIds: readonly ProductId[];
  /** Where it has a stall. */
  readonly marketIds: ReadonlySet<MarketId>;
}

export async function readFarmPlaces(db: Queryable, farmId: FarmId): Promise<FarmPlaces> {
  const found = await rows<{ product_id: ProductId | null; market_id: MarketId | null }>(
    db,
    sql`select id as product_id, null::uuid as market_id from products where farm_id = ${farmId}
      union all select null, market_id from market_farms where farm_id = ${farmId}
      order by product_id`,
  );
  return {
    productIds: found.flatMap(({ product_id: id }) => (id === null ? [] : [id])),
    marketIds: new Set(found.flatMap(({ market_id: id }) => (id === null ? [] : [id]))),
  };
}

export interface LedgerQuestion {
  /** Sales of market days whose ordering closes after it. */
  readonly since: Date;
  /** Sales of those whose ordering closes until then; all without it. */
  readonly until?: Date;
  /** Order lines of market days whose ordering closes then or after it; none without it. */
  readonly linesFrom?: Date;
}

/** Later than any market day. */
const always = new Date("9999-01-01T00:00:00Z");
/** Products that one statement reads. */
const productsAtOnce = 1_000;

/** @returns one a product, also of those of which nothing was sold */
export async function readLedgers(
  db: Queryable,
  productIds: readonly ProductId[],
  question: LedgerQuestion,
): Promise<Map<ProductId, Ledger>> {
  const found = new Map<ProductId, Ledger>();
  for (let at = 0; at < productIds.length; at += productsAtOnce)
    for (const [id, ledger] of await readPart(db, productIds.slice(at, at + productsAtOnce), question))
      found.set(id, ledger);
  return found;
}

async function readPart(
  db: Queryable,
  among: readonly ProductId[],
  { since, until = always, linesFrom }: LedgerQuestion,
): Promise<[ProductId, Ledger][]> {
  const [sales, presence, lines] = await Promise.all([
    readSalesWithClosing(db, { since, now: until, among }),
    readPresence(db, among),
    linesFrom ? readLines(db, among, linesFrom) : new Map<ProductId, OrderedLines[]>(),
  ]);
  const salesOf = Map.groupBy(sales, ({ productId }) => productId);
  return among.map((id) => [
    id,
    {
      sales: (salesOf.get(id) ?? []).toSorted((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0)),
      firstEntryAt: presence.get(id)?.firstEntryAt,
      gone: presence.get(id)?.gone ?? [],
      lines: lines.get(id) ?? [],
    },
  ]);
}

const listed = (ids: readonly string[]) =>
  sql.join(
    ids.map((id) => sql`${id}`),
    sql`, `,
  );

async function readPresence(
  db: Queryable,
  among: readonly ProductId[],
): Promise<Map<ProductId, { firstEntryAt: number; gone: Absence[] }>> {
  const found = await rows<{
    product_id: ProductId;
    first: number;
    from: number | null;
    until: number | null;
  }>(
    db,
    sql`
      with own as materialized (select id from products where id in (${listed(among)})),
      begun as materialized (
        select product_id, min(at) as at from stock_entries where product_id in (select id from own) group by product_id
      ),
      spans as materialized (${goneSpans(sql`(select id from own)`)})
      select b.product_id, (extract(epoch from b.at) * 1000)::float8 as first, (extract(epoch from s.at) * 1000)::float8 as from,
        case when s.until < 'infinity' then (extract(epoch from s.until) * 1000)::float8 end as until
      from begun b left join spans s on s.product_id = b.product_id order by b.product_id, s.at`,
  );
  const presence = new Map<ProductId, { firstEntryAt: number; gone: Absence[] }>();
  for (const { product_id: id, first, from, until } of found) {
    const own = presence.get(id) ?? { firstEntryAt: first, gone: [] };
    presence.set(id, own);
    if (from !== null) own.gone.push({ from, until: until ?? Infinity });
  }
  return presence;
}

async function readLines(
  db: Queryable,
  among: readonly ProductId[],
  from: Date,
): Promise<Map<ProductId, OrderedLines[]>> {
  const found = await rows<{
    product_id: ProductId;
    window_id: OrderWindowId;
    placed: number;
    base: number;
  }>(
    db,
    sql`
      with windows as materialized (
        select id from order_windows where closes_at >= ${from.toISOString()}::timestamptz
      )
      select l.product_id, o.order_window_id as window_id, (extract(epoch from o.placed_at) * 1000)::float8 as placed,
        l.quantity_base as base
      from windows w
      join orders o on o.order_window_id = w.id and o.status <> 'cancelled'
      join order_lines l on l.order_id = o.id
      where l.product_id in (${listed(among)})
      order by l.product_id, o.placed_at`,
  );
  return new Map(
    [...Map.groupBy(found, (row) => row.product_id)].map(([productId, own]) => [
      productId,
      [...Map.groupBy(own, (row) => row.window_id)].map(([windowId, lines]) => ({
        windowId,
        placedAt: Float64Array.from(lines, ({ placed }) => placed),
        base: Float64Array.from(lines, ({ base }) => base),
      })),
    ]),
  );
}
