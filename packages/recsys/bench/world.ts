import { sql } from "drizzle-orm";
import type { DatabaseHandle } from "@almanac/db";
import type { MarketId, ShopperId } from "@almanac/kernel";
import { rows } from "@almanac/db";
import { recountEvents } from "@almanac/events";

export interface BenchSize {
  readonly products: number;
  readonly shoppers: number;
  readonly orders: number;
  readonly views: number;
}

/** Uniform in [0, 1) from a name: the same world each time, made inside the database. */
const chance = (name: string) =>
  sql.raw(`(('x' || substr(md5(${name}), 1, 8))::bit(32)::bigint / 4294967296.0)`);
const words = {
  kinds: "Heirloom Cherry Baby Wild Red Green Yellow Purple White Golden Sweet Hot Early Late Winter Organic",
  crops:
    "tomato potato carrot zucchini broccoli cabbage kale spinach lettuce radish beetroot onion garlic leek pepper aubergine " +
    "cucumber pumpkin squash corn fennel strawberry apple pear plum cherry basil parsley mint honey cheddar butter bread cider",
  forms: "bunch bag box jar punnet head crate dried smoked pickled fresh juice jam soup salad mix",
} as const;
/** One of the words, by the product's number `p`. */
const word = (kind: keyof typeof words) => {
  const list = words[kind].split(" ");
  const at = `(('x' || substr(md5('${kind}/' || p), 1, 8))::bit(32)::bigint % ${list.length})::int`;
  return sql.raw(`(array[${list.map((text) => `'${text}'`).join(",")}])[1 + ${at}]`);
};
const id = (name: string) => sql.raw(`md5(${name})::uuid`);

/**
 * Writes a generated market: 200 farms, 20 categories, shoppers of 20 tastes, orders of about six lines over two years.
 * Written past all rules, as rows only.
 */
export async function writeWorld(handle: DatabaseHandle, size: BenchSize, now: Date): Promise<void> {
  await handle.transaction(async (tx) => {
    // Foreign keys hold by how the rows are made; checking them takes longer than writing them.
    await tx.execute(sql`set local session_replication_role = replica`);
    await tx.execute(sql`set local statement_timeout = 0`);
    await tx.execute(sql`
      insert into markets (id, slug, name, time_zone, latitude, longitude)
      values (${id("'market'")}, 'bench', 'Bench', 'America/New_York', 41.7, -73.9)`);
    await tx.execute(sql`
      insert into order_windows (id, market_id, market_day, opens_at, closes_at)
      values (${id("'window'")}, ${id("'market'")}, '2025-08-16', ${now}::timestamptz - interval '1 day',
        ${now}::timestamptz + interval '1 day')`);
    await tx.execute(sql`
      insert into categories (slug, name, picture)
      select 'category-' || c, 'Category ' || c, 'basket' from generate_series(0, 19) c`);
    await tx.execute(sql`
      insert into farms (id, slug, name, latitude, longitude, joined_at)
      select ${id("'farm/' || f")}, 'farm-' || f, 'Farm ' || f, 41.8, -73.8,
        ${now}::timestamptz - (30 + f * 5) * interval '1 day'
      from generate_series(0, 199) f`);
    await tx.execute(sql`
      insert into market_farms (market_id, farm_id) select ${id("'market'")}, ${id("'farm/' || f")} from generate_series(0, 199) f`);
    await tx.execute(sql`
      insert into products (id, farm_id, slug, name, category, crop, picture, base_unit, status, listed_at, is_organic)
      select ${id("'product/' || p")}, ${id("'farm/' || (p * 7 % 200)")}, 'product-' || p,
        ${word("kinds")} || ' ' || ${word("crops")} || ' ' || ${word("forms")},
        'category-' || (p % 20), 'crop-' || (p % 300), 'basket', 'g', 'live',
        ${now}::timestamptz - (3 + p % 700) * interval '1 day', p % 3 = 0
      from generate_series(0, ${size.products - 1}) p`);
    await tx.execute(sql`
      insert into variants (id, product_id, name, price_unit, unit_price_cents, unit_price_per, unit_quantity_base)
      select ${id("'variant/' || p")}, ${id("'product/' || p")}, 'each', 'kg',
        (200 + 1800 * ${chance("'price/' || p")})::int, 1000, 500
      from generate_series(0, ${size.products - 1}) p`);
    await tx.execute(sql`
      insert into stock_levels (product_id, on_hand_base)
      select ${id("'product/' || p")}, case when p % 10 = 0 then 0 else 100000 end
      from generate_series(0, ${size.products - 1}) p`);
    await tx.execute(sql`
      insert into harvest_windows (id, crop, first_day, peak_start, peak_end, last_day)
      select ${id("'harvest/' || c")}, 'crop-' || c, lpad((4 + c % 4)::text, 2, '0') || '-01',
        lpad((5 + c % 4)::text, 2, '0') || '-01', lpad((6 + c % 4)::text, 2, '0') || '-15',
        lpad((8 + c % 4)::text, 2, '0') || '-01'
      from generate_series(0, 199) c`);
    await tx.execute(sql`
      insert into shoppers (id, origin, market_id)
      select ${id("'shopper/' || s")}, 'demo', ${id("'market'")} from generate_series(0, ${size.shoppers - 1}) s`);
    await tx.execute(sql`
      insert into orders (id, number, shopper_id, market_id, subtotal_cents, total_cents, hold_cents, idempotency_key,
        request_hash, source, placed_at, updated_at)
      select ${id("'order/' || o")}, 'B-' || o, ${id(`'shopper/' || (o % ${size.shoppers})`)}, ${id("'market'")}, 1, 1, 1,
        o::text, '', 'demo', placed_at, placed_at
      from (select o, ${now}::timestamptz - ${chance("'placed/' || o")} * interval '729 days' as placed_at
        from generate_series(0, ${size.orders - 1}) o) made`);
    // Four lines of the shopper's taste and two of what everybody buys, popular ones far more often.
    await tx.execute(sql`
      insert into order_lines (id, order_id, sub_order_id, product_id, variant_id, product_name, variant_name, quantity,
        quantity_base, unit_price_cents, unit_price_per, total_cents)
      select ${id("'line/' || o || '/' || p")}, ${id("'order/' || o")}, ${id("'sub/' || o")}, ${id("'product/' || p")},
        ${id("'variant/' || p")}, 'Product', 'each', 1, 500, 400, 1000, 200
      from (
        select distinct o, case when l < 4
          then (o % ${size.shoppers} % 20 + 20 * floor(power(${chance("'own/' || o || '/' || l")}, 3) * ${size.products / 20})::int)
          else floor(power(${chance("'any/' || o || '/' || l")}, 3) * ${size.products})::int end as p
        from generate_series(0, ${size.orders - 1}) o, generate_series(0, 5) l
      ) made`);
    await tx.execute(sql`
      insert into action_events (id, action, shopper_id, entity_type, entity_id, trace_id, occurred_at, recorded_at)
      select ${id("'view/' || v")}, 'VIEW_PRODUCT', ${id(`'shopper/' || (v % ${size.shoppers})`)}, 'PRODUCT',
        ${id(`'product/' || (v % ${size.shoppers} % 20 + 20 * floor(power((('x' || substr(md5('seen/' || v), 1, 8))::bit(32)::bigint / 4294967296.0), 2) * ${size.products / 20})::int)`)}::text,
        'bench', at, at
      from (select v, ${now}::timestamptz - ${chance("'at/' || v")} * interval '30 days' as at
        from generate_series(0, ${size.views - 1}) v) made`);
    await recountEvents(tx);
  });
  await handle.db.execute(sql`analyze`);
}

export async function idOf(handle: DatabaseHandle, name: string): Promise<string> {
  const [found] = await rows<{ id: string }>(handle.db, sql`select md5(${name})::uuid::text as id`);
  return found!.id;
}

export const shopperIdsOf = async (handle: DatabaseHandle): Promise<ShopperId[]> =>
  (await rows<{ id: ShopperId }>(handle.db, sql`select id from shoppers order by id`)).map((row) => row.id);

export const marketIdOf = async (handle: DatabaseHandle): Promise<MarketId> =>
  (await idOf(handle, "market")) as MarketId;
