import { createHash } from "node:crypto";
import { acceptsOrder } from "@almanac/catalog";
import { retryTransaction, type Transaction } from "@almanac/db";
import { appendAction, publishFact } from "@almanac/events";
import {
  AppError,
  idFromName,
  invariant,
  isAppError,
  type EventId,
  type OrderId,
  type PickupSlotId,
  type ShopperId,
  type VariantId,
} from "@almanac/kernel";
import { mayTrack } from "@almanac/identity";
import { basketSignature, cartAfterPurchase, type CartQuantity } from "../core/cart-lines.ts";
import { planOrder } from "../core/order-plan.ts";
import type { Charge } from "../payments.ts";
import { lockCart, saveCart, type StoredCart } from "../store/carts.ts";
import {
  abandonPendingPayment,
  findCheckout,
  findPaymentByKey,
  insertPendingPayment,
  lockCheckout,
  lockPayment,
  paymentKey,
  setCheckoutStatus,
  updatePayment,
  type Checkout,
  type Payment,
} from "../store/checkouts.ts";
import { insertOrder } from "../store/insert-order.ts";
import { findOrderByKey, noteOrderEvent, postLedger, takeOrderNumbers } from "../store/orders.ts";
import { readConsent } from "../store/shoppers.ts";
import { findSlot } from "../store/slots.ts";
import { appendStock, endReservations, lockStock, saveStock } from "../store/stock.ts";
import type { Trade } from "../trade.ts";
import { authoriseOnce, releaseAbandoned } from "./charges.ts";
import { assertCovered, checkoutTotals, pricedLineOf, takeHold, takePlace } from "./hold.ts";
import { windowClosed } from "./refusals.ts";

export interface PlaceRequest {
  readonly shopperId: ShopperId;
  readonly pickupSlotId: PickupSlotId;
  /** Chosen by the page when it shows the button: pressing twice sends it twice. */
  readonly idempotencyKey: string;
  readonly contactName?: string;
  readonly acceptRemovals?: readonly VariantId[];
  /** The cart's version that the shopper saw; when given and older than the cart, the order is refused. */
  readonly cartVersion?: number;
  readonly source?: "web" | "stall" | "demo";
}

export interface PlacedOrder {
  readonly id: OrderId;
  readonly number: string;
  /** Placed by an earlier request with the same key. */
  readonly isRepeat: boolean;
}

/**
 * Places the shopper's cart as one order across all its farms, with one card authorisation.
 *
 * Three steps, each of which leaves a state that a repeat with the same key picks up: hold stock and place and write down
 * the intended payment; ask the provider with a key of its own; write order, stock, ledger and facts in one transaction.
 * An order therefore exists only with an authorised payment, and a payment without an order is given back, here or by
 * `reconcilePayments`.
 *
 * @throws AppError what `takeHold` throws, and `cart_changed`, `payment_declined`, `payment_provider_down`,
 *   `idempotency_key_reused` when the key came with another basket or slot before
 */
export async function placeOrder(trade: Trade, request: PlaceRequest): Promise<PlacedOrder> {
  const prepared = await retryTransaction(trade.handle, (tx) => prepare(tx, trade, request));
  if (prepared.kind === "placed") return prepared.order;
  const { payment } = prepared;
  const charge = await authoriseOnce(trade, payment, { isResumed: prepared.isResumed });
  if (charge.status === "declined") {
    await abandonPendingPayment(trade.handle.db, payment.id, { status: "declined", now: trade.clock.now() });
    throw new AppError("payment_declined", "The card was declined.");
  }
  try {
    return await retryTransaction(trade.handle, (tx) => finish(tx, trade, { request, payment, charge }));
  } catch (error) {
    // A lost connection leaves the outcome open: the payment stays as it is and the same key finds out.
    if (isAppError(error)) await releaseAbandoned(trade, payment.id);
    throw error;
  }
}

type Prepared =
  | { readonly kind: "placed"; readonly order: PlacedOrder }
  | { readonly kind: "pay"; readonly payment: Payment; readonly isResumed: boolean };

async function prepare(tx: Transaction, trade: Trade, request: PlaceRequest): Promise<Prepared> {
  const { shopperId, idempotencyKey, pickupSlotId, acceptRemovals = [] } = request;
  const cart = await lockCart(tx, shopperId);
  const lines = (cart?.lines ?? []).filter((line) => !acceptRemovals.includes(line.variantId));
  const earlier = await findOrderByKey(tx, shopperId, idempotencyKey);
  if (earlier) {
    assertSameRequest(earlier.requestHash, pickupSlotId, lines);
    return { kind: "placed", order: { id: earlier.id, number: earlier.number, isRepeat: true } };
  }
  const key = paymentKey(shopperId, idempotencyKey);
  const pending = await findPaymentByKey(tx, key);
  if (pending) {
    if (pending.status === "declined") throw new AppError("payment_declined", "The card was declined.");
    const checkout = pending.checkoutId ? await findCheckout(tx, pending.checkoutId) : undefined;
    invariant(checkout, "a pending payment has a checkout");
    assertSameRequest(hashOf(checkout.pickupSlotId, checkout.lines), pickupSlotId, lines);
    return { kind: "pay", payment: pending, isResumed: true };
  }
  if (!cart || cart.lines.length === 0) throw new AppError("cart_empty", "There is nothing in the cart.");
  if (request.cartVersion !== undefined && request.cartVersion !== cart.version) {
    throw new AppError("cart_changed", "The cart changed since it was shown.", {
      details: { version: cart.version },
    });
  }
  const now = trade.clock.now();
  const { checkout } = await takeHold(tx, {
    shopperId,
    cart,
    pickupSlotId,
    acceptRemovals,
    now,
    traceId: trade.traceId,
  });
  const { holdCents } = checkoutTotals(checkout.lines);
  const provider = trade.payments.name;
  const payment = await insertPendingPayment(tx, {
    checkoutId: checkout.id,
    provider,
    key,
    amountCents: holdCents,
    now,
  });
  return { kind: "pay", payment, isResumed: false };
}

interface FinishInput {
  readonly request: PlaceRequest;
  readonly payment: Payment;
  readonly charge: Charge;
}

async function finish(
  tx: Transaction,
  trade: Trade,
  { request, payment, charge }: FinishInput,
): Promise<PlacedOrder> {
  const { shopperId, idempotencyKey } = request;
  const { traceId } = trade;
  const now = trade.clock.now();
  const cart = await lockCart(tx, shopperId);
  const earlier = await findOrderByKey(tx, shopperId, idempotencyKey);
  if (earlier) return { id: earlier.id, number: earlier.number, isRepeat: true };
  const current = await lockPayment(tx, payment.id);
  const checkout = payment.checkoutId ? await lockCheckout(tx, payment.checkoutId) : undefined;
  invariant(current && checkout, "a payment under way has a checkout");
  if (current.status !== "pending" || checkout.status === "abandoned" || checkout.status === "placed") {
    throw new AppError("cart_changed", "This checkout was given up for another one.");
  }
  const order = await writeOrder(tx, trade, { request, checkout, now });
  await updatePayment(
    tx,
    payment.id,
    {
      orderId: order.id,
      status: "authorised",
      reference: charge.reference,
      authorisedCents: charge.authorisedCents,
    },
    now,
  );
  if (cart) await takeFromCart(tx, cart, { checkout, request, now, traceId });
  return order;
}

async function writeOrder(
  tx: Transaction,
  trade: Trade,
  { request, checkout, now }: { request: PlaceRequest; checkout: Checkout; now: Date },
): Promise<PlacedOrder> {
  const { shopperId, idempotencyKey, contactName = "", source = "web" } = request;
  const { traceId } = trade;
  const slot = await findSlot(tx, checkout.pickupSlotId);
  invariant(slot, "a checkout's slot stays while it is open");
  if (!acceptsOrder(slot.window, checkout.startedAt, now)) throw await windowClosed(tx, slot, now);
  const isOverdue = checkout.status === "expired" || checkout.expiresAt <= now;
  if (isOverdue) await takePlace(tx, { slot, now, exceptCheckoutId: checkout.id });

  const stock = await lockStock(
    tx,
    checkout.lines.map((line) => line.productId),
  );
  await endReservations(tx, stock, [checkout.id], "consumed");
  await assertCovered(tx, { lines: checkout.lines, stock, now });
  await setCheckoutStatus(tx, [checkout.id], "placed");

  const plan = planOrder(checkout.lines.map(pricedLineOf), slot.market.feeBasisPoints);
  const [number] = await takeOrderNumbers(tx, 1);
  invariant(number, "a sequence gives a number");
  const { orderId, lineIds } = await insertOrder(tx, {
    number,
    shopperId,
    marketId: slot.market.id,
    orderWindowId: slot.windowId,
    pickupSlotId: slot.slotId,
    idempotencyKey,
    requestHash: hashOf(checkout.pickupSlotId, checkout.lines),
    contactName,
    source,
    plan,
    now,
  });
  const entries = plan.subOrders.flatMap((part) =>
    part.lines.map(({ line }) => ({
      productId: line.productId,
      deltaBase: -line.quantityBase,
      reason: "sale" as const,
      orderLineId: lineIds.get(line.variantId),
    })),
  );
  await appendStock(tx, stock, entries, now);
  await saveStock(tx, stock, { now, traceId });
  await postLedger(tx, orderId, { worth: { farms: plan.subOrders, receivedCents: 0 }, isNew: true, now });
  await noteOrderEvent(tx, orderId, { kind: "placed", details: { totalCents: plan.subtotalCents }, now });
  const productIds = [...new Set(checkout.lines.map((line) => line.productId))];
  const farmIds = plan.subOrders.map((part) => part.farmId);
  const payload = { orderId, shopperId, marketId: slot.market.id, productIds, farmIds };
  await publishFact(tx, { topic: "order.placed", payload }, { traceId, priority: 0 });
  if (mayTrack(await readConsent(tx, shopperId))) {
    await appendAction(tx, {
      id: idFromName<EventId>("orders/complete-purchase", orderId),
      action: "COMPLETE_PURCHASE",
      shopperId,
      entityType: "ORDER",
      entityId: orderId,
      metadata: { number, productIds, totalCents: plan.subtotalCents },
      source: source === "demo" ? "demo" : "web",
      traceId: traceId ?? "",
      occurredAt: now,
    });
  }
  return { id: orderId, number, isRepeat: false };
}

async function takeFromCart(
  tx: Transaction,
  cart: StoredCart,
  {
    checkout,
    request,
    now,
    traceId,
  }: { checkout: Checkout; request: PlaceRequest; now: Date; traceId?: string },
): Promise<void> {
  const left = cartAfterPurchase(cart.lines, checkout.lines).filter(
    (line) => !request.acceptRemovals?.includes(line.variantId),
  );
  await saveCart(tx, cart, { lines: left, now, traceId });
}

function hashOf(pickupSlotId: PickupSlotId, lines: readonly CartQuantity[]): string {
  return `${pickupSlotId}:${createHash("sha256").update(basketSignature(lines)).digest("hex")}`;
}

/** An empty cart is what the first press leaves behind; a full one has to be the basket that the key came with. */
function assertSameRequest(known: string, pickupSlotId: PickupSlotId, lines: readonly CartQuantity[]): void {
  if (lines.length === 0 ? known.startsWith(`${pickupSlotId}:`) : known === hashOf(pickupSlotId, lines))
    return;
  throw new AppError("idempotency_key_reused", "This key came with another basket before.");
}
