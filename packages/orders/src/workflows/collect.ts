import { and, eq } from "drizzle-orm";
import { retryTransaction } from "@almanac/db";
import { orders, subOrders } from "@almanac/db/schema";
import { publishFact } from "@almanac/events";
import { AppError, type FarmId, type OrderId, type SubOrderId } from "@almanac/kernel";
import { lockOrder, noteOrderEvent } from "../store/orders.ts";
import type { Trade } from "../trade.ts";
import { notEditable, orderNotFound } from "./refusals.ts";
import { settleOrder } from "./settle.ts";

/**
 * Marks a farm's part of an order as handed over. With the last part the order is collected, and paid if it was not yet.
 *
 * @throws AppError `order_not_found` (also for another farm's), `already_collected` with the time of the first scan,
 *   `order_not_editable` for a cancelled order
 */
export async function markCollected(
  trade: Trade,
  { farmId, subOrderId }: { farmId: FarmId; subOrderId: SubOrderId },
): Promise<{ orderId: OrderId; isOrderCollected: boolean }> {
  const [owner] = await trade.handle.db
    .select({ orderId: subOrders.orderId })
    .from(subOrders)
    .where(and(eq(subOrders.id, subOrderId), eq(subOrders.farmId, farmId)));
  if (!owner) throw orderNotFound();
  const { orderId } = owner;
  const isOrderCollected = await retryTransaction(trade.handle, async (tx) => {
    const order = await lockOrder(tx, { id: orderId });
    const part = order?.subOrders.find((candidate) => candidate.id === subOrderId);
    if (!order || !part) throw orderNotFound();
    if (part.status === "cancelled") throw notEditable("cancelled", order.closesAt);
    if (part.status === "collected") {
      throw new AppError("already_collected", "This was handed over already.", {
        details: { number: order.number, collectedAt: part.collectedAt?.toISOString() },
      });
    }
    const now = trade.clock.now();
    await tx
      .update(subOrders)
      .set({ status: "collected", collectedAt: now })
      .where(eq(subOrders.id, subOrderId));
    const isLast = order.subOrders.every(({ id, status }) => id === subOrderId || status === "collected");
    const version = order.version + 1;
    const patch = isLast ? ({ status: "collected", collectedAt: now } as const) : {};
    await tx
      .update(orders)
      .set({ ...patch, version, updatedAt: now })
      .where(eq(orders.id, orderId));
    await noteOrderEvent(tx, orderId, {
      kind: "collected",
      details: { farmId, isOrderCollected: isLast },
      now,
    });
    const payload = { orderId, shopperId: order.shopperId, farmId };
    await publishFact(tx, { topic: "order.collected", payload }, { traceId: trade.traceId, priority: 0 });
    return isLast;
  });
  if (isOrderCollected) await settleOrder(trade, orderId);
  return { orderId, isOrderCollected };
}
