import type { DatabaseHandle, Transaction } from "@almanac/db";
import { publishFact, type Bus } from "@almanac/events";
import { hours, type Clock, type OrderWindowId } from "@almanac/kernel";
import { publishLive, shopperChannel } from "@almanac/realtime";
import { cartRisk, riskyFrom } from "./core/cart-risk.ts";
import { listClosingCarts, type ClosingCart } from "./store/closing-carts.ts";
import { readTold, saveTold, takeTurn } from "./store/told.ts";

export interface ForgottenCartOptions {
  readonly handle: DatabaseHandle;
  readonly bus: Bus;
  readonly clock: Clock;
}

/** No risk is worth a word further ahead. */
const lookAheadMs = hours(12);

/**
 * Reminds owners of carts that are about to be too late, once for each time that orders close (EVT-10): on their own topic
 * `cart`, and by the fact "cart.at_risk" for whoever sends messages. Run it every minute or so, in one or in several
 * processes.
 *
 * @returns how many were reminded
 */
export async function remindOfCarts({ handle, bus, clock }: ForgottenCartOptions): Promise<number> {
  const now = clock.now();
  const until = new Date(now.getTime() + lookAheadMs);
  const risky = (await listClosingCarts(handle.db, { now, until })).filter(
    (cart) => riskOf(cart, now) > riskyFrom,
  );
  let reminded = 0;
  for (const [marketId, carts] of Map.groupBy(risky, (cart) => cart.marketId)) {
    reminded += await handle.transaction(async (tx) => {
      await takeTurn(tx, `carts:${marketId}`);
      const key = `carts.${marketId}`;
      const windowId = carts[0]!.windowId;
      const told = await toldOf(tx, key, windowId);
      const due = carts.filter(({ cartId }) => !told.has(cartId));
      if (due.length === 0) return 0;
      await saveTold(tx, key, { windowId, cartIds: [...told, ...due.map(({ cartId }) => cartId)] }, now);
      for (const cart of due) await remind(tx, bus, cart, riskOf(cart, now));
      return due.length;
    });
  }
  return reminded;
}

const riskOf = ({ updatedAt, closesAt }: ClosingCart, now: Date): number =>
  cartRisk(now.getTime() - updatedAt.getTime(), closesAt.getTime() - now.getTime());

/** Whom the reminders of this window reached; those of earlier ones are forgotten. */
async function toldOf(tx: Transaction, key: string, windowId: OrderWindowId): Promise<Set<string>> {
  const value = await readTold(tx, key);
  if (value?.["windowId"] !== windowId || !Array.isArray(value["cartIds"])) return new Set();
  return new Set(value["cartIds"].filter((id) => typeof id === "string"));
}

async function remind(
  tx: Transaction,
  bus: Bus,
  { shopperId, cartId, marketId, closesAt }: ClosingCart,
  risk: number,
): Promise<void> {
  const facts = { cartId, marketId, closesAt: closesAt.toISOString(), risk: Math.round(risk * 100) / 100 };
  await publishFact(tx, { topic: "cart.at_risk", payload: { shopperId, ...facts } }, { priority: 2 });
  await publishLive(tx, bus, {
    topic: shopperChannel(shopperId, "cart"),
    type: "SYSTEM_ALERT",
    payload: {
      level: "info",
      text: "Orders close soon, and your cart is not ordered yet.",
      kind: "CART_CLOSING",
      ...facts,
    },
  });
}
