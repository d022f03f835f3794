import { AppError, isAppError, type OrderId, type PaymentId } from "@almanac/kernel";
import type { Charge } from "../payments.ts";
import {
  abandonPendingPayment,
  findPaymentOfOrder,
  updatePayment,
  type Payment,
} from "../store/checkouts.ts";
import { findOrder } from "../store/orders.ts";
import type { Trade } from "../trade.ts";

/** The provider's key of a payment: the shopper's own key may be given again, this one never is. */
export function chargeKey(paymentId: PaymentId): string {
  return `almanac:${paymentId}`;
}

/**
 * Asks for the authorisation of a payment. When an earlier attempt may have reached the provider, it is looked up first.
 *
 * @throws AppError `payment_provider_down` when the provider did not answer: the outcome is unknown and stays pending
 */
export async function authoriseOnce(
  trade: Trade,
  payment: Pick<Payment, "id" | "authorisedCents">,
  { isResumed }: { isResumed: boolean },
): Promise<Charge> {
  const idempotencyKey = chargeKey(payment.id);
  return askProvider(async () => {
    const known = isResumed ? await trade.payments.lookup(idempotencyKey) : undefined;
    return (
      known ?? (await trade.payments.authorise({ idempotencyKey, amountCents: payment.authorisedCents }))
    );
  });
}

/** Runs a call to the provider; an answer that did not come becomes a refusal that says a repeat may help. */
export async function askProvider<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (isAppError(error)) throw error;
    throw new AppError("payment_provider_down", "The card provider did not answer.", { cause: error });
  }
}

/** Gives up a payment that no order came of, and gives the money back if the provider holds any. */
export async function releaseAbandoned(trade: Trade, paymentId: PaymentId): Promise<void> {
  const now = trade.clock.now();
  const isOurs = await abandonPendingPayment(trade.handle.db, paymentId, { status: "authorised", now });
  if (isOurs) await releaseCharge(trade, paymentId);
}

/** Frees what the provider holds for a payment; "released" is written only when the provider has said so. */
export async function releaseCharge(trade: Trade, paymentId: PaymentId): Promise<void> {
  const idempotencyKey = chargeKey(paymentId);
  await askProvider(async () => {
    const charge = await trade.payments.lookup(idempotencyKey);
    if (charge?.status === "authorised") {
      await trade.payments.release({
        reference: charge.reference,
        idempotencyKey: `${idempotencyKey}:release`,
      });
    }
  });
  await updatePayment(trade.handle.db, paymentId, { status: "released" }, trade.clock.now());
}

/**
 * Frees what the card is held for beyond what an order needs. The order stands whatever comes of it, so a provider that does not
 * answer is only logged: `reconcilePayments` asks again.
 */
export async function adjustHold(trade: Trade, orderId: OrderId): Promise<void> {
  const { db } = trade.handle;
  const order = await findOrder(db, { id: orderId });
  const payment = await findPaymentOfOrder(db, orderId);
  if (!order || payment?.status !== "authorised" || payment.authorisedCents <= order.holdCents) return;
  const amountCents = order.holdCents;
  const idempotencyKey = `${chargeKey(payment.id)}:adjust:${order.version}:${amountCents}`;
  try {
    const charge = await askProvider(() =>
      trade.payments.adjust({ reference: payment.reference, idempotencyKey, amountCents }),
    );
    if (charge.status !== "authorised") return;
    await updatePayment(db, payment.id, { authorisedCents: charge.authorisedCents }, trade.clock.now());
  } catch (err) {
    if (!isAppError(err, "payment_provider_down")) throw err;
    trade.log.warn({ orderId, err }, "a card hold could not be lowered yet");
  }
}
