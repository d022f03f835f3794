import { sql } from "drizzle-orm";
import { rows, type Queryable } from "@almanac/db";
import type { FarmId, ProductId, ShopperId, VariantId } from "@almanac/kernel";

/** Why somebody is told: they wished for it, follow the farm, or looked at it within two weeks. */
export type Interest = "wish" | "farm" | "view";

export interface InterestedShopper {
  readonly shopperId: ShopperId;
  readonly because: Interest;
}

/** Who asked to be told is told; beyond so many, those who were here last. Five thousand rows take one to two seconds, in which others wait who publish. */
const mostAsked = 5_000;
/** Who only looked, or left a cart, is told if they were here lately: nobody needs ten thousand rows for that. */
const mostOthers = 500;

/**
 * Whom a product's price concerns, each once, for the strongest reason, the latest seen first. Wishes and followed farms are
 * the shopper's own asking; views count only of those who let themselves be tracked and profiled.
 */
export async function listInterested(
  db: Queryable,
  { productId, farmId, since }: { productId: ProductId; farmId: FarmId; since: Date },
): Promise<InterestedShopper[]> {
  return rows<InterestedShopper>(
    db,
    sql`
      with interests as (
        select shopper_id, 1 as rank from wishes where product_id = ${productId}
        union all
        select shopper_id, 2 from farm_follows where farm_id = ${farmId}
        union all
        select e.shopper_id, 3 from action_events e join shoppers v on v.id = e.shopper_id
        where e.action = 'VIEW_PRODUCT' and e.recorded_at > ${since}::timestamptz
          and e.entity_id = ${productId}::text and v.tracking_consent <> 'denied' and v.personalise
      ), strongest as (
        select s.id, s.last_seen_at, min(i.rank) as rank
        from interests i join shoppers s on s.id = i.shopper_id and s.erased_at is null
        group by s.id
      ), placed as (
        select *, row_number() over (partition by rank = 3 order by last_seen_at desc, id) as place from strongest
      )
      select id as "shopperId", case rank when 1 then 'wish' when 2 then 'farm' else 'view' end as because
      from placed where place <= case rank when 3 then ${mostOthers}::int else ${mostAsked}::int end
      order by last_seen_at desc, id`,
  );
}

export async function listFarmFollowers(db: Queryable, farmId: FarmId): Promise<ShopperId[]> {
  const found = await rows<{ shopperId: ShopperId }>(
    db,
    sql`
      select s.id as "shopperId" from farm_follows f join shoppers s on s.id = f.shopper_id
      where f.farm_id = ${farmId} and s.erased_at is null
      order by s.last_seen_at desc, s.id limit ${mostAsked}`,
  );
  return found.map(({ shopperId }) => shopperId);
}

/** A line of a cart that holds a product, and what its owner's own checkout keeps of it. */
export interface HoldingCart {
  readonly shopperId: ShopperId;
  readonly variantId: VariantId;
  readonly quantity: number;
  readonly unitBase: number;
  readonly heldBase: number;
}

/** Carts touched after `since` that hold the product. */
export async function listHoldingCarts(
  db: Queryable,
  productId: ProductId,
  { since, now }: { since: Date; now: Date },
): Promise<HoldingCart[]> {
  return rows<HoldingCart>(
    db,
    sql`
      select c.shopper_id as "shopperId", v.id as "variantId", l.quantity, v.unit_quantity_base as "unitBase",
        coalesce((
          select sum(r.quantity_base) from reservations r
          where r.product_id = v.product_id and r.shopper_id = c.shopper_id and r.status = 'active'
            and r.expires_at > ${now}::timestamptz), 0)::int as "heldBase"
      from variants v
      join cart_lines l on l.variant_id = v.id
      join carts c on c.id = l.cart_id
      join shoppers s on s.id = c.shopper_id
      where v.product_id = ${productId} and c.updated_at > ${since}::timestamptz and s.erased_at is null
      order by c.updated_at desc, c.shopper_id, v.id
      limit ${mostOthers}`,
  );
}

/** Somebody who waits for a product. */
export interface Waiter {
  readonly shopperId: ShopperId;
  /** When they asked, in milliseconds since 1970. */
  readonly askedMs: number;
}

/**
 * Takes up to `limit` of those who wait for a product, who joined first, and notes that they were told: in one statement, so
 * that nobody is told twice. Materialised, as a planner that repeats the inner query would repeat its limit.
 */
export async function claimWaiting(
  tx: Queryable,
  {
    productId,
    kind,
    limit,
    now,
  }: { productId: ProductId; kind: "BACK_IN_STOCK" | "BACK_IN_SEASON"; limit: number; now: Date },
): Promise<Waiter[]> {
  const found = await rows<Waiter>(
    tx,
    sql`
      with first as materialized (
        select q.shopper_id from stock_subscriptions q join shoppers s on s.id = q.shopper_id
        where q.product_id = ${productId} and q.kind = ${kind} and q.notified_at is null and s.erased_at is null
        order by q.subscribed_at, q.shopper_id limit ${limit} for update of q skip locked
      )
      update stock_subscriptions w set notified_at = ${now}::timestamptz
      from first
      where w.shopper_id = first.shopper_id and w.product_id = ${productId} and w.kind = ${kind}
      returning w.shopper_id as "shopperId", (extract(epoch from w.subscribed_at) * 1000)::float8 as "askedMs"`,
  );
  return found.toSorted((a, b) => a.askedMs - b.askedMs);
}
