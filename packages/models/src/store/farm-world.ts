import { sql, type SQL } from "drizzle-orm";
import { rows, type Queryable } from "@almanac/db";
import type { FarmId, ShopperId } from "@almanac/kernel";
import type { OrderColumns } from "../training/pack.ts";
import {
  mayBeProfiled,
  readActiveDays,
  readOrderPages,
  readOrders,
  toOrders,
  type OrderRow,
  type ReadWorld,
} from "./world.ts";

/**
 * What a farm's own version reads: of its customers who may be profiled, what each order held of this farm. A market counts as
 * open for the farm while somebody orders from it there, so a farm's own winter is nobody's staying away.
 *
 * Nothing of other farms is in it, and no acts: looks and searches are the market's.
 *
 * "distinct" has the customers found once: a plan by old statistics, which takes a farm that has just been imported for one without
 * orders, otherwise finds them anew for every row.
 */
export async function readFarmWorld(db: Queryable, until: Date, farmId: FarmId): Promise<ReadWorld> {
  const at = sql`${until.toISOString()}::timestamptz`;
  const customers = await rows<{ id: ShopperId }>(
    db,
    sql`select id from shoppers
      where ${mayBeProfiled} and created_at <= ${at} and id in (
        select distinct o.shopper_id from sub_orders s join orders o on o.id = s.order_id
        where s.farm_id = ${farmId} and o.placed_at <= ${at})
      order by id`,
  );
  const shopperIds = customers.map(({ id }) => id);
  const place = new Map(shopperIds.map((id, index) => [id, index]));
  const marketRows = await rows<{ id: string }>(db, sql`select id from markets order by id`);
  const markets = marketRows.map(({ id }) => id);
  const marketPlace = new Map(markets.map((id, index) => [id, index]));
  const orders: OrderColumns[] = [];
  for await (const page of readParts(db, at, farmId)) orders.push(toOrders(page, place, marketPlace));
  const days = await readFarmDays(db, at, farmId);
  return {
    shopperIds,
    packed: {
      until: until.getTime(),
      shoppers: shopperIds.length,
      markets,
      orders,
      acts: [],
      activeDays: markets.map((market) => days.get(market) ?? []),
    },
  };
}

/**
 * The same with all that the customers ordered from whomever: what the general version is asked about, where a farm's own is
 * compared with it.
 */
export async function readFarmWorldWhole(db: Queryable, until: Date, farmId: FarmId): Promise<ReadWorld> {
  const own = await readFarmWorld(db, until, farmId);
  const at = sql`${until.toISOString()}::timestamptz`;
  const { markets } = own.packed;
  const place = new Map(own.shopperIds.map((id, index) => [id, index]));
  const marketPlace = new Map(markets.map((id, index) => [id, index]));
  const whose = sql`and o.shopper_id in (
    select distinct p.shopper_id from sub_orders s join orders p on p.id = s.order_id where s.farm_id = ${farmId})`;
  const orders: OrderColumns[] = [];
  for await (const page of readOrders(db, at, whose)) orders.push(toOrders(page, place, marketPlace));
  const days = await readActiveDays(db, at);
  const activeDays = markets.map((market) => days.get(market) ?? []);
  return { ...own, packed: { ...own.packed, whole: { orders, activeDays } } };
}

/** The farm's part of each order, by the index on the farm. */
const readParts = (db: Queryable, at: SQL, farmId: FarmId): AsyncGenerator<OrderRow[]> =>
  readOrderPages(db, {
    from: sql`sub_orders s join orders o on o.id = s.order_id`,
    where: sql`s.farm_id = ${farmId} and o.placed_at <= ${at}`,
    cents: sql`s.subtotal_cents`,
    lines: sql`l.sub_order_id = s.id`,
  });

/** Days since 1970 on which somebody ordered from the farm, by market; who may not be profiled counts, without a name. */
async function readFarmDays(
  db: Queryable,
  at: ReturnType<typeof sql>,
  farmId: FarmId,
): Promise<Map<string, number[]>> {
  const found = await rows<{ market_id: string; days: (number | string)[] }>(
    db,
    sql`
      select market_id, array_agg(day order by day) as days from (
        select distinct o.market_id, floor(extract(epoch from o.placed_at) / 86400)::int as day
        from sub_orders s join orders o on o.id = s.order_id
        where s.farm_id = ${farmId} and o.placed_at <= ${at}) own
      group by market_id`,
  );
  return new Map(found.map(({ market_id, days }) => [market_id, days.map(Number)]));
}
