import { and, eq } from "drizzle-orm";
import { retryTransaction } from "@almanac/db";
import { orders, subOrders } from "@almanac/db/schema";
import { publishFact } from "@almanac/events";
import { AppError, type FarmId, type OrderId, type SubOrderId } from "@almanac/kernel";
import { afterUndo, canUndoCollection } from "../core/collection.ts";
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
  const orderId = await orderOfPart(trade, { farmId, subOrderId });
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

/**
 * Takes back that a farm's part was handed over. Money that the hand-over took stays taken: see `afterUndo`.
 *
 * @throws AppError `order_not_found` (also for another farm's), `not_collected`, `collection_final` after a day
 */
export async function undoCollected(
  trade: Trade,
  { farmId, subOrderId }: { farmId: FarmId; subOrderId: SubOrderId },
): Promise<{ orderId: OrderId; isPaid: boolean }> {
  const orderId = await orderOfPart(trade, { farmId, subOrderId });
  return retryTransaction(trade.handle, async (tx) => {
    const order = await lockOrder(tx, { id: orderId });
    const part = order?.subOrders.find((candidate) => candidate.id === subOrderId);
    if (!order || !part) throw orderNotFound();
    if (part.status !== "collected" || !part.collectedAt) {
      throw new AppError("not_collected", "This was not handed over.", { details: { number: order.number } });
    }
    const now = trade.clock.now();
    if (!canUndoCollection(part.collectedAt, now)) {
      throw new AppError("collection_final", "This was handed over more than a day ago.", {
        details: { number: order.number, collectedAt: part.collectedAt.toISOString() },
      });
    }
    const weighable = order.lines.filter((line) => line.farmId === farmId && line.isWeighed);
    const weighed = weighable.filter((line) => line.weighedBase !== null).length;
    const next = afterUndo(order.status, { weighedLines: weighable.length, weighed });
    await tx
      .update(subOrders)
      .set({ status: next.part, collectedAt: null })
      .where(eq(subOrders.id, subOrderId));
    const patch = { status: next.order, collectedAt: null, version: order.version + 1, updatedAt: now };
    await tx.update(orders).set(patch).where(eq(orders.id, orderId));
    await noteOrderEvent(tx, orderId, { kind: "collection_undone", details: { farmId }, now });
    const payload = { orderId, shopperId: order.shopperId };
    await publishFact(tx, { topic: "order.changed", payload }, { traceId: trade.traceId, priority: 0 });
    return { orderId, isPaid: next.order === "ready" };
  });
}

async function orderOfPart(
  { handle }: Trade,
  { farmId, subOrderId }: { farmId: FarmId; subOrderId: SubOrderId },
): Promise<OrderId> {
  const [owner] = await handle.db
    .select({ orderId: subOrders.orderId })
    .from(subOrders)
    .where(and(eq(subOrders.id, subOrderId), eq(subOrders.farmId, farmId)));
  if (!owner) throw orderNotFound();
  return owner.orderId;
}
