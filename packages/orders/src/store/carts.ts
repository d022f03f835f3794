import { and, asc, eq, notInArray } from "drizzle-orm";
import type { Queryable, Transaction } from "@almanac/db";
import { cartLines, carts, marketFarms, markets, products, shoppers, variants } from "@almanac/db/schema";
import { publishFact } from "@almanac/events";
import {
  invariant,
  newId,
  type CartId,
  type MarketId,
  type ShopperId,
  type VariantId,
} from "@almanac/kernel";
import type { CartQuantity } from "../core/cart-lines.ts";

export interface StoredCart {
  readonly id: CartId;
  readonly shopperId: ShopperId;
  readonly marketId: MarketId;
  readonly version: number;
  /** In the order in which they were added. */
  readonly lines: readonly CartQuantity[];
}

const cartColumns = {
  id: carts.id,
  shopperId: carts.shopperId,
  marketId: carts.marketId,
  version: carts.version,
};

export async function findCart(db: Queryable, shopperId: ShopperId): Promise<StoredCart | undefined> {
  const [cart] = await db.select(cartColumns).from(carts).where(eq(carts.shopperId, shopperId));
  return cart && { ...cart, lines: await readLines(db, cart.id) };
}

/** The shopper's cart, locked until the transaction ends: everything a shopper does to a cart or with it goes in turns. */
export async function lockCart(tx: Transaction, shopperId: ShopperId): Promise<StoredCart | undefined> {
  const [cart] = await tx.select(cartColumns).from(carts).where(eq(carts.shopperId, shopperId)).for("update");
  return cart && { ...cart, lines: await readLines(tx, cart.id) };
}

async function readLines(db: Queryable, cartId: CartId): Promise<CartQuantity[]> {
  return db
    .select({ variantId: cartLines.variantId, quantity: cartLines.quantity })
    .from(cartLines)
    .where(eq(cartLines.cartId, cartId))
    .orderBy(asc(cartLines.addedAt), asc(cartLines.variantId));
}

/** Makes the shopper's cart if there is none; two requests at once make one. */
export async function insertCart(
  tx: Transaction,
  shopperId: ShopperId,
  marketId: MarketId,
  now: Date,
): Promise<void> {
  await tx
    .insert(carts)
    .values({ id: newId<CartId>(now.getTime()), shopperId, marketId, updatedAt: now })
    .onConflictDoNothing({ target: carts.shopperId });
}

/** Replaces the lines of a locked cart (and its market), counts its version up and publishes "cart.changed". */
export async function saveCart(
  tx: Transaction,
  cart: StoredCart,
  {
    lines,
    marketId = cart.marketId,
    now,
    traceId,
  }: { lines: readonly CartQuantity[]; marketId?: MarketId; now: Date; traceId?: string },
): Promise<void> {
  const before = new Map(cart.lines.map((line) => [line.variantId, line.quantity]));
  const kept = lines.map((line) => line.variantId);
  const gone = kept.length > 0 ? notInArray(cartLines.variantId, kept) : undefined;
  if (cart.lines.some((line) => !kept.includes(line.variantId))) {
    await tx.delete(cartLines).where(and(eq(cartLines.cartId, cart.id), gone));
  }
  for (const [place, { variantId, quantity }] of lines.entries()) {
    if (before.get(variantId) === quantity) continue;
    // A millisecond apart, so that lines added at once keep their order.
    const addedAt = new Date(now.getTime() + place);
    await tx
      .insert(cartLines)
      .values({ cartId: cart.id, variantId, quantity, addedAt })
      .onConflictDoUpdate({ target: [cartLines.cartId, cartLines.variantId], set: { quantity } });
  }
  const version = cart.version + 1;
  await tx.update(carts).set({ version, marketId, updatedAt: now }).where(eq(carts.id, cart.id));
  await publishFact(
    tx,
    { topic: "cart.changed", payload: { shopperId: cart.shopperId, version } },
    { traceId, priority: 0 },
  );
}

/** Markets where a variant's farm sells, the first joined first; empty for an unknown variant. */
export async function marketsOfVariant(db: Queryable, variantId: VariantId): Promise<MarketId[]> {
  const rows = await db
    .select({ marketId: marketFarms.marketId })
    .from(variants)
    .innerJoin(products, eq(products.id, variants.productId))
    .innerJoin(marketFarms, eq(marketFarms.farmId, products.farmId))
    .where(eq(variants.id, variantId))
    .orderBy(asc(marketFarms.joinedAt), asc(marketFarms.marketId));
  return rows.map((row) => row.marketId);
}

export async function preferredMarket(db: Queryable, shopperId: ShopperId): Promise<MarketId | undefined> {
  const [row] = await db
    .select({ marketId: shoppers.marketId })
    .from(shoppers)
    .where(eq(shoppers.id, shopperId));
  return row?.marketId ?? undefined;
}

export interface CartMarket {
  readonly id: MarketId;
  readonly name: string;
  readonly timeZone: string;
  readonly feeBasisPoints: number;
}

export async function readMarket(db: Queryable, marketId: MarketId): Promise<CartMarket> {
  const [row] = await db
    .select({
      id: markets.id,
      name: markets.name,
      timeZone: markets.timeZone,
      feeBasisPoints: markets.feeBasisPoints,
    })
    .from(markets)
    .where(eq(markets.id, marketId));
  invariant(row, "a cart's market exists");
  return row;
}
