import { retryTransaction } from "@almanac/db";
import { AppError, type PickupSlotId, type ShopperId, type VariantId } from "@almanac/kernel";
import { lockCart } from "../store/carts.ts";
import type { Checkout } from "../store/checkouts.ts";
import type { Trade } from "../trade.ts";
import type { Totals } from "../core/pricing.ts";
import { checkoutTotals, takeHold } from "./hold.ts";

/**
 * Begins a checkout: holds the cart's stock and a place in the slot for ten minutes. Beginning again with the same cart and
 * slot answers the same checkout.
 *
 * @throws AppError as `takeHold`
 */
export async function startCheckout(
  trade: Pick<Trade, "handle" | "clock" | "traceId">,
  request: { shopperId: ShopperId; pickupSlotId: PickupSlotId; acceptRemovals?: readonly VariantId[] },
): Promise<{ checkout: Checkout; totals: Totals }> {
  return retryTransaction(trade.handle, async (tx) => {
    const cart = await lockCart(tx, request.shopperId);
    if (!cart) throw new AppError("cart_empty", "There is nothing in the cart.");
    const { checkout } = await takeHold(tx, {
      ...request,
      cart,
      now: trade.clock.now(),
      traceId: trade.traceId,
    });
    return { checkout, totals: checkoutTotals(checkout.lines) };
  });
}
