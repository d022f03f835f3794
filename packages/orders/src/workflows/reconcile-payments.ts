import { and, eq, inArray, isNull, lte, or, sql } from "drizzle-orm";
import { orders, payments, pickupSlots } from "@almanac/db/schema";
import { hours, minutes } from "@almanac/kernel";
import { paymentColumns } from "../store/checkouts.ts";
import type { Trade } from "../trade.ts";
import { adjustHold, releaseAbandoned, releaseCharge } from "./charges.ts";
import { settleOrder } from "./settle.ts";

/** A payment that no order came of within this time is given back: longer than any checkout may take. */
const pendingForMs = minutes(30);
/** Orders that nobody packed or collected are settled at their estimate this long after their pickup. */
const unsettledForMs = hours(24);
const batch = 200;

/**
 * Finishes what a crash or a silent provider left between us and the provider: gives back authorisations without an order or of
 * a cancelled order, takes the money of orders that are final, lowers holds that are too high. For a job that runs
 * every few minutes; running it twice at once is harmless.
 *
 * @returns how many payments were looked at
 */
export async function reconcilePayments(trade: Trade): Promise<number> {
  const now = trade.clock.now();
  const isFinal = or(
    inArray(orders.status, ["ready", "collected"]),
    lte(pickupSlots.endsAt, new Date(now.getTime() - unsettledForMs)),
  );
  const open = await trade.handle.db
    .select({
      ...paymentColumns,
      orderStatus: orders.status,
      isFinal: sql<boolean>`coalesce(${isFinal}, false)`,
    })
    .from(payments)
    .leftJoin(orders, eq(orders.id, payments.orderId))
    .leftJoin(pickupSlots, eq(pickupSlots.id, orders.pickupSlotId))
    .where(
      or(
        and(eq(payments.status, "pending"), lte(payments.createdAt, new Date(now.getTime() - pendingForMs))),
        and(
          eq(payments.status, "authorised"),
          or(
            isNull(payments.orderId),
            eq(orders.status, "cancelled"),
            isFinal,
            sql`${payments.authorisedCents} > ${orders.holdCents}`,
          ),
        ),
      ),
    )
    .orderBy(payments.createdAt)
    .limit(batch);
  for (const payment of open) {
    if (payment.status === "pending") await releaseAbandoned(trade, payment.id);
    else if (!payment.orderId || payment.orderStatus === "cancelled") await releaseCharge(trade, payment.id);
    else if (payment.isFinal) await settleOrder(trade, payment.orderId);
    else await adjustHold(trade, payment.orderId);
  }
  return open.length;
}
