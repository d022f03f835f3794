import { eq } from "drizzle-orm";
import { retryTransaction, type Transaction } from "@almanac/db";
import { orders } from "@almanac/db/schema";
import { publishFact } from "@almanac/events";
import {
  AppError,
  type Cents,
  type OrderId,
  type PickupSlotId,
  type ShopperId,
  type VariantId,
} from "@almanac/kernel";
import { assertLineQuantity, maxCartLines } from "../core/cart-lines.ts";
import type { OrderPlan } from "../core/order-plan.ts";
import { editRefusal } from "../core/windows.ts";
import { readVariants } from "../store/catalog-lines.ts";
import { findPaymentOfOrder, updatePayment } from "../store/checkouts.ts";
import { findOrder, lockOrder, noteOrderEvent, type OrderKey, type StoredOrder } from "../store/orders.ts";
import { findSlot } from "../store/slots.ts";
import { appendStock, availableOf, endOverdueReservations, lockStock, saveStock } from "../store/stock.ts";
import type { Trade } from "../trade.ts";
import { cancelOrder } from "./cancel-order.ts";
import { adjustHold, askProvider, chargeKey } from "./charges.ts";
import { checkoutLineOf, soldOut, takePlace } from "./hold.ts";
import { planOf, saveOrderLines, type DraftLine } from "./order-lines.ts";
import { notEditable, orderNotFound } from "./refusals.ts";

export interface ChangeLineRequest {
  readonly shopperId: ShopperId;
  readonly number: string;
  readonly variantId: VariantId;
  /** Units from now on: 0 takes the line out, and cancels the order when it was the last. */
  readonly quantity: number;
}

/**
 * Changes how much of something is in a placed order, until the cut-off: stock, totals, ledger and card hold move together.
 * What is in the order keeps its price; what is added has today's. A larger hold is asked for before anything is
 * written, so an order never stands for more than the card is held for.
 *
 * @throws AppError `order_not_found`, `order_not_editable` (with the reason), `sold_out`, `product_not_sellable`,
 *   `payment_declined`, `quantity_not_positive`
 */
export async function changeOrderLine(trade: Trade, request: ChangeLineRequest): Promise<void> {
  const { shopperId, number, variantId, quantity } = request;
  if (quantity !== 0) assertLineQuantity(quantity);
  const key: OrderKey = { number, shopperId };
  const current = await findOrder(trade.handle.db, key);
  if (!current) throw orderNotFound();
  assertEditable(current, trade.clock.now());
  const others = current.lines.filter((line) => line.variantId !== variantId);
  if (quantity === 0 && others.length === 0) return cancelOrder(trade, { shopperId, number });

  const draft = await draftLines(trade, current, { variantId, quantity });
  const plan = planOf(current, draft);
  await raiseHold(trade, current.id, plan.holdCents);
  let isWritten: boolean;
  try {
    isWritten = await retryTransaction(trade.handle, (tx) =>
      writeChange(tx, trade, { key, plan, expectedVersion: current.version, request }),
    );
  } finally {
    await adjustHold(trade, current.id);
  }
  // Somebody else changed the order in between: start over from what it is now.
  if (!isWritten) await changeOrderLine(trade, request);
}

/** Holds more on the card when the order will need it. Less is never asked for here: the order is not changed yet. */
async function raiseHold(trade: Trade, orderId: OrderId, holdCents: Cents): Promise<void> {
  const payment = await findPaymentOfOrder(trade.handle.db, orderId);
  if (payment?.status !== "authorised" || payment.authorisedCents >= holdCents) return;
  const idempotencyKey = `${chargeKey(payment.id)}:adjust:${holdCents}`;
  const charge = await askProvider(() =>
    trade.payments.adjust({ reference: payment.reference, idempotencyKey, amountCents: holdCents }),
  );
  if (charge.status !== "authorised") {
    throw new AppError("payment_declined", "The card was declined for the larger order.", {
      details: { authorisedCents: payment.authorisedCents, holdCents },
    });
  }
  await updatePayment(
    trade.handle.db,
    payment.id,
    { authorisedCents: charge.authorisedCents },
    trade.clock.now(),
  );
}

async function draftLines(
  trade: Trade,
  order: StoredOrder,
  { variantId, quantity }: { variantId: VariantId; quantity: number },
): Promise<DraftLine[]> {
  const line = order.lines.find((candidate) => candidate.variantId === variantId);
  if (line) {
    if (quantity === 0) return order.lines.filter((other) => other !== line);
    const quantityBase = (line.quantityBase / line.quantity) * quantity;
    return order.lines.map((other) => (other === line ? { ...other, quantity, quantityBase } : other));
  }
  if (quantity === 0) return [...order.lines];
  if (order.lines.length >= maxCartLines) {
    throw new AppError("input_invalid", `An order holds at most ${maxCartLines} different things.`);
  }
  const variant = (await readVariants(trade.handle.db, order.marketId, [variantId])).get(variantId);
  if (!variant) throw new AppError("variant_not_found", "There is no such product for sale.");
  if (!variant.isSellable) {
    throw new AppError("product_not_sellable", "This is not for sale at the order's market.", {
      details: { variantId },
    });
  }
  const quantityBase = quantity * variant.unitQuantityBase;
  return [...order.lines, { ...checkoutLineOf(variant), quantity, quantityBase }];
}

interface WriteChangeInput {
  readonly key: OrderKey;
  readonly plan: OrderPlan<DraftLine>;
  readonly expectedVersion: number;
  readonly request: ChangeLineRequest;
}

async function writeChange(
  tx: Transaction,
  { clock, traceId }: Trade,
  { key, plan, expectedVersion, request }: WriteChangeInput,
): Promise<boolean> {
  const order = await lockOrder(tx, key);
  if (!order) throw orderNotFound();
  const now = clock.now();
  assertEditable(order, now);
  if (order.version !== expectedVersion) return false;
  const before = order.lines.find((line) => line.variantId === request.variantId);
  const after = plan.subOrders
    .flatMap((part) => part.lines)
    .find(({ line }) => line.variantId === request.variantId);
  const takenBase = (after?.line.quantityBase ?? 0) - (before?.quantityBase ?? 0);
  const lineIds = await saveOrderLines(tx, order, { plan, holdCents: plan.holdCents, now });
  const productId = before?.productId ?? after?.line.productId;
  if (productId && takenBase !== 0) {
    const stock = await lockStock(tx, [productId]);
    if ((availableOf(stock).get(productId) ?? 0) < takenBase) await endOverdueReservations(tx, stock, now);
    const freeBase = availableOf(stock).get(productId) ?? 0;
    if (takenBase > freeBase && after) {
      const unitBase = after.line.quantityBase / after.line.quantity;
      const availableQuantity = Math.floor(((before?.quantityBase ?? 0) + freeBase) / unitBase);
      const shortage = {
        variantId: request.variantId,
        requestedQuantity: request.quantity,
        availableQuantity,
      };
      throw soldOut([shortage], () => after.line.productName);
    }
    const orderLineId = before?.id ?? lineIds.get(request.variantId);
    const reason = takenBase > 0 ? "sale" : "return";
    await appendStock(tx, stock, [{ productId, deltaBase: -takenBase, reason, orderLineId }], now);
    await saveStock(tx, stock, { now, traceId });
  }
  const details = {
    name: before?.productName ?? after?.line.productName ?? "",
    from: before?.quantity ?? 0,
    to: request.quantity,
    totalCents: plan.subtotalCents,
  };
  await noteOrderEvent(tx, order.id, { kind: "line_changed", details, now });
  const payload = { orderId: order.id, shopperId: order.shopperId };
  await publishFact(tx, { topic: "order.changed", payload }, { traceId, priority: 0 });
  return true;
}

/**
 * Moves a placed order to another pickup slot of the same market day, until the cut-off.
 *
 * @throws AppError `order_not_found`, `order_not_editable`, `slot_not_found`, `slot_full` (with alternatives)
 */
export async function changeOrderSlot(
  trade: Pick<Trade, "handle" | "clock" | "traceId">,
  { shopperId, number, pickupSlotId }: { shopperId: ShopperId; number: string; pickupSlotId: PickupSlotId },
): Promise<void> {
  await retryTransaction(trade.handle, async (tx) => {
    const order = await lockOrder(tx, { number, shopperId });
    if (!order) throw orderNotFound();
    const now = trade.clock.now();
    assertEditable(order, now);
    if (order.pickupSlotId === pickupSlotId) return;
    const slot = await findSlot(tx, pickupSlotId);
    if (!slot || slot.windowId !== order.orderWindowId) {
      throw new AppError("slot_not_found", "The order's market day has no such pickup slot.");
    }
    await takePlace(tx, { slot, now });
    await tx
      .update(orders)
      .set({ pickupSlotId, version: order.version + 1, updatedAt: now })
      .where(eq(orders.id, order.id));
    const details = { startsAt: slot.startsAt.toISOString(), endsAt: slot.endsAt.toISOString() };
    await noteOrderEvent(tx, order.id, { kind: "slot_changed", details, now });
    const payload = { orderId: order.id, shopperId };
    await publishFact(tx, { topic: "order.changed", payload }, { traceId: trade.traceId, priority: 0 });
  });
}

export function assertEditable(order: StoredOrder, now: Date): void {
  const hasWeighedLine = order.lines.some((line) => line.weighedBase !== null);
  const reason = editRefusal({ status: order.status, closesAt: order.closesAt, hasWeighedLine }, now);
  if (reason) throw notEditable(reason, order.closesAt);
}
