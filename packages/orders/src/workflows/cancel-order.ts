import { eq } from "drizzle-orm";
import { retryTransaction } from "@almanac/db";
import { orders, subOrders } from "@almanac/db/schema";
import { publishFact } from "@almanac/events";
import type { ShopperId } from "@almanac/kernel";
import { lineQuantityBase } from "../core/pricing.ts";
import { editRefusal } from "../core/windows.ts";
import { findPaymentOfOrder } from "../store/checkouts.ts";
import { lockOrder, noteOrderEvent, postLedger } from "../store/orders.ts";
import { appendStock, lockStock, saveStock } from "../store/stock.ts";
import type { Trade } from "../trade.ts";
import { releaseCharge } from "./charges.ts";
import { notEditable, orderNotFound } from "./refusals.ts";

/**
 * Cancels a placed order until the cut-off: everything goes back to stock, the ledger is reversed, the card is freed.
 * Cancelling it again changes nothing.
 *
 * @throws AppError `order_not_found`, `order_not_editable`
 */
export async function cancelOrder(
  trade: Trade,
  { shopperId, number }: { shopperId: ShopperId; number: string },
): Promise<void> {
  const { traceId } = trade;
  const orderId = await retryTransaction(trade.handle, async (tx) => {
    const order = await lockOrder(tx, { number, shopperId });
    if (!order) throw orderNotFound();
    if (order.status === "cancelled") return order.id;
    const now = trade.clock.now();
    const hasWeighedLine = order.lines.some((line) => line.weighedBase !== null);
    const reason = editRefusal({ status: order.status, closesAt: order.closesAt, hasWeighedLine }, now);
    if (reason) throw notEditable(reason, order.closesAt);
    await tx
      .update(orders)
      .set({ status: "cancelled", cancelledAt: now, updatedAt: now, version: order.version + 1 })
      .where(eq(orders.id, order.id));
    await tx.update(subOrders).set({ status: "cancelled" }).where(eq(subOrders.orderId, order.id));
    const productIds = [...new Set(order.lines.map((line) => line.productId))];
    const stock = await lockStock(tx, productIds);
    const entries = order.lines.map((line) => ({
      productId: line.productId,
      deltaBase: lineQuantityBase(line),
      reason: "return" as const,
      orderLineId: line.id,
    }));
    await appendStock(tx, stock, entries, now);
    await saveStock(tx, stock, { now, traceId });
    await postLedger(tx, order.id, { worth: { farms: [], receivedCents: 0 }, now });
    await noteOrderEvent(tx, order.id, { kind: "cancelled", now });
    const farmIds = order.subOrders.map((part) => part.farmId);
    const payload = { orderId: order.id, shopperId, marketId: order.marketId, productIds, farmIds };
    await publishFact(tx, { topic: "order.cancelled", payload }, { traceId, priority: 0 });
    return order.id;
  });
  const payment = await findPaymentOfOrder(trade.handle.db, orderId);
  if (payment?.status === "authorised") await releaseCharge(trade, payment.id);
}
