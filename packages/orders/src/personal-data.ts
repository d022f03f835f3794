import { and, eq, sql } from "drizzle-orm";
import type { EraseStep, ExportStep, MergeStep } from "@almanac/identity";
import type { Transaction } from "@almanac/db";
import { carts, checkouts, orders, ratings } from "@almanac/db/schema";
import type { ShopperId } from "@almanac/kernel";
import { mergeCartLines } from "./core/cart-lines.ts";
import { findCart, insertCart, lockCart, saveCart } from "./store/carts.ts";
import { setCheckoutStatus } from "./store/checkouts.ts";
import { listOrders, viewOrder } from "./store/order-views.ts";
import { moveRatings } from "./store/ratings.ts";
import { endReservations, lockStock, reservedProducts, saveStock } from "./store/stock.ts";

/** A visitor's basket joins the account's: no line twice, quantities of the same thing summed. Open checkouts start over. */
export const cartMergeStep: MergeStep = {
  name: "cart",
  async merge(tx, fromId, intoId, { clock }) {
    const now = clock.now();
    const from = await lockCart(tx, fromId);
    if (!from) return;
    if (from.lines.length > 0) await insertCart(tx, intoId, from.marketId, now);
    const into = await lockCart(tx, intoId);
    // Carts before stock, as in a checkout, or the two would wait for each other.
    await giveUpCheckouts(tx, fromId, now);
    if (into && from.lines.length > 0) {
      const marketId = into.lines.length > 0 ? into.marketId : from.marketId;
      await saveCart(tx, into, { lines: mergeCartLines(into.lines, from.lines), marketId, now });
    }
    await tx.delete(carts).where(eq(carts.id, from.id));
  },
};

/** Orders of a visitor become the account's. */
export const ordersMergeStep: MergeStep = {
  name: "orders",
  async merge(tx, fromId, intoId) {
    // Both may have used the same key; the moved one then gives its own up, its order is placed anyway.
    await tx.execute(sql`
      update orders set idempotency_key = idempotency_key || ':' || ${fromId}::text
      where shopper_id = ${fromId}::uuid and idempotency_key in (
        select idempotency_key from orders where shopper_id = ${intoId}::uuid
      )`);
    await tx.update(orders).set({ shopperId: intoId }).where(eq(orders.shopperId, fromId));
  },
};

/** Ratings of a visitor become the account's; of two for one thing the account's stays. */
export const ratingsMergeStep: MergeStep = {
  name: "ratings",
  merge: (tx, fromId, intoId) => moveRatings(tx, fromId, intoId),
};

/** In the order in which they run. */
export const ordersMergeSteps: readonly MergeStep[] = [cartMergeStep, ordersMergeStep, ratingsMergeStep];

const exportLimit = 1_000;

export const ordersExportStep: ExportStep = {
  name: "orders",
  async export(db, { shopperId }) {
    // Only for whether an order could still be changed, which is no part of anybody's data.
    const now = new Date(0);
    const cart = await findCart(db, shopperId);
    const list = await listOrders(db, { shopperId, limit: exportLimit, now });
    const full = [];
    for (const { number } of list) full.push(await viewOrder(db, { number, shopperId, now }));
    const rated = await db
      .select({
        productId: ratings.productId,
        farmId: ratings.farmId,
        stars: ratings.stars,
        body: ratings.body,
        ratedAt: ratings.ratedAt,
      })
      .from(ratings)
      .where(eq(ratings.shopperId, shopperId));
    return { cart, orders: full, ratings: rated };
  },
};

/** Orders stay for the farms' books without a name on them; the basket and the ratings go. */
export const ordersEraseStep: EraseStep = {
  name: "orders",
  async erase(tx, { shopperId }, { clock }) {
    await lockCart(tx, shopperId);
    await giveUpCheckouts(tx, shopperId, clock.now());
    await tx.delete(carts).where(eq(carts.shopperId, shopperId));
    await tx.delete(ratings).where(eq(ratings.shopperId, shopperId));
    await tx.update(orders).set({ contactName: "" }).where(eq(orders.shopperId, shopperId));
  },
};

async function giveUpCheckouts(tx: Transaction, shopperId: ShopperId, now: Date): Promise<void> {
  const open = await tx
    .select({ id: checkouts.id })
    .from(checkouts)
    .where(and(eq(checkouts.shopperId, shopperId), eq(checkouts.status, "open")))
    .for("update");
  const ids = open.map((row) => row.id);
  const stock = await lockStock(tx, await reservedProducts(tx, ids));
  await endReservations(tx, stock, ids, "released");
  await setCheckoutStatus(tx, ids, "abandoned");
  await saveStock(tx, stock, { now });
}
