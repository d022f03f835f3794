import { and, asc, eq, gt, inArray, sql } from "drizzle-orm";
import { rows, type Queryable } from "@almanac/db";
import { outbox, products } from "@almanac/db/schema";
import type { FarmId, MarketId, ProductId } from "@almanac/kernel";
import type { FactTopic } from "@almanac/events";

/** All products of a farm, of any status. */
export async function listProductIdsOfFarm(db: Queryable, farmId: FarmId): Promise<ProductId[]> {
  const found = await db.select({ id: products.id }).from(products).where(eq(products.farmId, farmId));
  return found.map((row) => row.id);
}

/** A fact as the outbox keeps it, as far as the shop window reads it. */
export interface ShopFact {
  readonly seq: number;
  readonly topic: string;
  readonly payload: {
    readonly productId?: ProductId;
    readonly farmId?: FarmId;
    readonly marketId?: MarketId;
  };
}

/** The newest fact's number; 0 when there is none. An index look-up. */
export async function readFactVersion(db: Queryable): Promise<number> {
  const [row] = await db
    .select({ seq: sql<number>`coalesce(max(${outbox.seq}), 0)`.mapWith(Number) })
    .from(outbox);
  return row?.seq ?? 0;
}

/** Facts of these topics after a number, oldest first, whether they were acted on or not. */
export async function listFactsAfter(
  db: Queryable,
  { after, topics, limit }: { after: number; topics: readonly FactTopic[]; limit: number },
): Promise<ShopFact[]> {
  return db
    .select({
      seq: outbox.seq,
      topic: outbox.topic,
      payload: sql<ShopFact["payload"]>`${outbox.payload}`,
    })
    .from(outbox)
    .where(and(gt(outbox.seq, after), inArray(outbox.topic, [...topics])))
    .orderBy(asc(outbox.seq))
    .limit(limit);
}

/** What is true of a product this very moment. */
export interface LiveCheck {
  readonly isLive: boolean;
  readonly availableBase: number;
  /** Ids and prices of the variants on sale, as `pricesKey` writes them. */
  readonly prices: string;
}

/** Status, stock and prices of a page of products, in one read by primary key. Products that do not exist are absent. */
export async function readLiveChecks(
  db: Queryable,
  productIds: readonly ProductId[],
): Promise<Map<ProductId, LiveCheck>> {
  if (productIds.length === 0) return new Map();
  const found = await rows<{ id: ProductId; status: string; available_base: number; prices: string | null }>(
    db,
    sql`
    select p.id, p.status, coalesce(s.on_hand_base - s.reserved_base, 0) as available_base, (
      select string_agg(v.id::text || ':' || v.unit_price_cents || '/' || v.unit_price_per, ',' order by v.position, v.id)
      from variants v where v.product_id = p.id and v.status = 'live'
    ) as prices
    from products p left join stock_levels s on s.product_id = p.id
    where p.id = any(${sql.param([...productIds])}::uuid[])`,
  );
  return new Map(
    found.map(({ id, status, available_base: availableBase, prices }) => [
      id,
      { isLive: status === "live", availableBase, prices: prices ?? "" },
    ]),
  );
}

/** The same text for the variants that the shop window holds. */
export function pricesKey(
  variants: readonly { id: string; unitPriceCents: number; unitPricePer: number }[],
): string {
  return variants.map((v) => `${v.id}:${v.unitPriceCents}/${v.unitPricePer}`).join(",");
}
