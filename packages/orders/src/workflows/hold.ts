import {
  AppError,
  assertSaleCents,
  newId,
  type PickupSlotId,
  type ShopperId,
  type VariantId,
} from "@almanac/kernel";
import { acceptsOrder, checkoutGraceMs, windowState } from "@almanac/catalog";
import type { Transaction } from "@almanac/db";
import type { CheckoutLine } from "@almanac/db/schema";
import { basketSignature } from "../core/cart-lines.ts";
import { totalsOf, type PricedLine, type Totals } from "../core/pricing.ts";
import { placesLeft, slotAlternatives } from "../core/slots.ts";
import { demandByProduct, findShortages, type Shortage } from "../core/stock.ts";
import { holdTtlMs } from "../core/windows.ts";
import type { StoredCart } from "../store/carts.ts";
import { readVariants } from "../store/catalog-lines.ts";
import { insertCheckout, lockRecentCheckouts, setCheckoutStatus, type Checkout } from "../store/checkouts.ts";
import { findSlot, lockSlot, readSlotLoads, type SlotWindow } from "../store/slots.ts";
import {
  availableOf,
  endOverdueReservations,
  endReservations,
  lockStock,
  reservedProducts,
  reserveStock,
  saveStock,
  type LockedStock,
} from "../store/stock.ts";
import { windowClosed } from "./refusals.ts";

export interface HoldRequest {
  readonly shopperId: ShopperId;
  /** Locked by the caller. */
  readonly cart: StoredCart;
  readonly pickupSlotId: PickupSlotId;
  /** Lines that the shopper agreed to do without. */
  readonly acceptRemovals?: readonly VariantId[];
  readonly now: Date;
  readonly traceId?: string;
}

/**
 * Holds a cart's stock and a place in a slot for ten minutes. A hold that the shopper already has for the same basket and
 * slot is kept as it is, with its prices; any other is given up for the new one.
 *
 * @throws AppError `cart_empty`, `slot_not_found`, `window_closed`, `slot_full` (with alternatives), `sold_out` (naming the lines)
 */
export async function takeHold(
  tx: Transaction,
  request: HoldRequest,
): Promise<{ checkout: Checkout; slot: SlotWindow }> {
  const { cart, shopperId, pickupSlotId, now, traceId } = request;
  const removed = new Set(request.acceptRemovals);
  const wanted = cart.lines.filter((line) => !removed.has(line.variantId));
  if (wanted.length === 0) throw new AppError("cart_empty", "There is nothing in the cart.");
  const slot = await findSlot(tx, pickupSlotId);
  if (!slot || slot.market.id !== cart.marketId) {
    throw new AppError("slot_not_found", "The cart's market has no such pickup slot.");
  }

  const since = new Date(now.getTime() - holdTtlMs - checkoutGraceMs);
  const recent = await lockRecentCheckouts(tx, shopperId, since);
  const open = recent.filter((checkout) => checkout.status === "open");
  const begun = recent.find(
    ({ startedAt }) => startedAt >= since && acceptsOrder(slot.window, startedAt, now),
  );
  const startedAt = windowState(slot.window, now) === "open" ? now : (begun?.startedAt ?? now);
  if (!acceptsOrder(slot.window, startedAt, now)) throw await windowClosed(tx, slot, now);
  const same = open.find(
    (checkout) =>
      checkout.pickupSlotId === pickupSlotId &&
      checkout.expiresAt > now &&
      basketSignature(checkout.lines) === basketSignature(wanted),
  );
  if (same) return { checkout: same, slot };

  const variants = await readVariants(
    tx,
    cart.marketId,
    wanted.map((line) => line.variantId),
  );
  const lines = wanted.flatMap(({ variantId, quantity }): CheckoutLine[] => {
    const variant = variants.get(variantId);
    return variant?.isSellable ? [{ ...checkoutLineOf(variant), quantity }] : [];
  });
  if (lines.length < wanted.length) {
    const sellable = new Set(lines.map((line) => line.variantId));
    const gone = wanted.filter((line) => !sellable.has(line.variantId));
    throw soldOut(
      gone.map(({ variantId, quantity }) => ({
        variantId,
        requestedQuantity: quantity,
        availableQuantity: 0,
      })),
      (variantId) => variants.get(variantId)?.productName,
    );
  }

  const given = open.map((checkout) => checkout.id);
  await setCheckoutStatus(tx, given, "abandoned");
  await takePlace(tx, { slot, now });
  const demandBase = demandByProduct(lines);
  const stock = await lockStock(tx, [...demandBase.keys(), ...(await reservedProducts(tx, given))]);
  await endReservations(tx, stock, given, "released");
  await assertCovered(tx, { lines, stock, now });
  const checkout: Checkout = {
    id: newId(now.getTime()),
    shopperId,
    pickupSlotId,
    status: "open",
    lines,
    startedAt,
    expiresAt: new Date(now.getTime() + holdTtlMs),
  };
  await insertCheckout(tx, { ...checkout, cartId: cart.id });
  await reserveStock(tx, stock, {
    checkoutId: checkout.id,
    shopperId,
    demandBase,
    expiresAt: checkout.expiresAt,
    now,
  });
  await saveStock(tx, stock, { now, traceId });
  return { checkout, slot };
}

/**
 * Makes sure that a slot has a place for one more, under its lock.
 *
 * @throws AppError `slot_full` with up to three alternatives
 */
export async function takePlace(
  tx: Transaction,
  { slot, now, exceptCheckoutId }: { slot: SlotWindow; now: Date; exceptCheckoutId?: string },
): Promise<void> {
  await lockSlot(tx, slot.slotId);
  const loads = await readSlotLoads(tx, slot.windowId, { now, exceptCheckoutId });
  const wanted = loads.find((load) => load.id === slot.slotId);
  if (wanted && placesLeft(wanted) > 0) return;
  const alternatives = slotAlternatives(loads, slot.slotId).map((load) => ({
    id: load.id,
    startsAt: load.startsAt.toISOString(),
    endsAt: load.endsAt.toISOString(),
    placesLeft: placesLeft(load),
  }));
  throw new AppError("slot_full", "All places of this pickup slot are taken.", { details: { alternatives } });
}

/**
 * Makes sure that locked stock covers some lines, after freeing what overdue reservations still hold.
 *
 * @throws AppError `sold_out` naming each line that is not covered
 */
export async function assertCovered(
  tx: Transaction,
  { lines, stock, now }: { lines: readonly CheckoutLine[]; stock: LockedStock; now: Date },
): Promise<void> {
  if (findShortages(lines, availableOf(stock)).length === 0) return;
  await endOverdueReservations(tx, stock, now);
  const shortages = findShortages(lines, availableOf(stock));
  if (shortages.length === 0) return;
  throw soldOut(shortages, (variantId) => lines.find((line) => line.variantId === variantId)?.productName);
}

export function soldOut(
  shortages: readonly Omit<Shortage, "productId">[],
  nameOf: (variantId: VariantId) => string | undefined,
): AppError {
  const lines = shortages.map((shortage) => ({ ...shortage, name: nameOf(shortage.variantId) ?? "" }));
  const names = lines.map((line) => line.name).join(", ");
  return new AppError("sold_out", `There is not enough of: ${names}.`, {
    details: { variantIds: lines.map((line) => line.variantId), lines },
  });
}

type VariantForLine = Omit<CheckoutLine, "quantity">;

/** Just the fields that a checkout keeps of a variant. */
export function checkoutLineOf(variant: VariantForLine): VariantForLine {
  const { variantId, productId, farmId, productName, variantName } = variant;
  const { unitQuantityBase, unitPriceCents, unitPricePer, isWeighed } = variant;
  return {
    variantId,
    productId,
    farmId,
    productName,
    variantName,
    unitQuantityBase,
    unitPriceCents,
    unitPricePer,
    isWeighed,
  };
}

export function pricedLineOf(line: CheckoutLine): PricedLine & CheckoutLine {
  return { ...line, quantityBase: line.quantity * line.unitQuantityBase };
}

/** @throws AppError `input_invalid` when they come to more than a sale may: before a card is asked */
export function checkoutTotals(lines: readonly CheckoutLine[]): Totals {
  const totals = totalsOf(lines.map(pricedLineOf));
  assertSaleCents(totals.holdCents);
  return totals;
}
