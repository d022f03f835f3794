import { retryTransaction } from "@almanac/db";
import { publishFact } from "@almanac/events";
import type { OrderId } from "@almanac/kernel";
import { findPaymentOfOrder, lockPayment, updatePayment } from "../store/checkouts.ts";
import { findOrder, lockOrder, noteOrderEvent, postLedger, readSubOrderWorth } from "../store/orders.ts";
import type { Trade } from "../trade.ts";
import { askProvider, chargeKey, releaseCharge } from "./charges.ts";

/**
 * Takes the money of an order that is final and frees the rest of the hold. Safe to repeat, also after a crash between the
 * provider's answer and ours: the provider answers the same again, the ledger is written once.
 *
 * @returns whether money was taken by this call
 * @throws AppError `payment_provider_down`: the order stays as it is and `reconcilePayments` tries again
 */
export async function settleOrder(trade: Trade, orderId: OrderId): Promise<boolean> {
  const payment = await findPaymentOfOrder(trade.handle.db, orderId);
  const order = await findOrder(trade.handle.db, { id: orderId });
  if (!order || order.status === "cancelled" || payment?.status !== "authorised") return false;
  if (order.totalCents === 0) {
    await releaseCharge(trade, payment.id);
    return false;
  }
  const charge = await askProvider(() =>
    trade.payments.capture({
      reference: payment.reference,
      idempotencyKey: `${chargeKey(payment.id)}:capture`,
      amountCents: order.totalCents,
    }),
  );
  return retryTransaction(trade.handle, async (tx) => {
    const locked = await lockOrder(tx, { id: orderId });
    const current = await lockPayment(tx, payment.id);
    if (!locked || current?.status !== "authorised") return false;
    const now = trade.clock.now();
    const { capturedCents } = charge;
    await updatePayment(tx, payment.id, { status: "captured", capturedCents }, now);
    const farms = await readSubOrderWorth(tx, orderId);
    await postLedger(tx, orderId, { worth: { farms, receivedCents: capturedCents }, now });
    const releasedCents = payment.authorisedCents - capturedCents;
    await noteOrderEvent(tx, orderId, { kind: "paid", details: { capturedCents, releasedCents }, now });
    const payload = { orderId, shopperId: locked.shopperId };
    await publishFact(tx, { topic: "order.changed", payload }, { traceId: trade.traceId, priority: 0 });
    return true;
  });
}
