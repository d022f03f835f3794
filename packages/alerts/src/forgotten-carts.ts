import { inChunks, type DatabaseHandle, type Transaction } from "@almanac/db";
import { publishFacts } from "@almanac/events";
import { hours, type OrderWindowId } from "@almanac/kernel";
import { cartRisk, riskyFrom } from "./core/cart-risk.ts";
import { tellShoppers, type TellOptions } from "./news/tell.ts";
import { listClosingCarts, type ClosingCart } from "./store/closing-carts.ts";
import { readTold, saveTold, takeTurn } from "./store/told.ts";

export interface ForgottenCartOptions extends TellOptions {
  readonly handle: DatabaseHandle;
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
export async function remindOfCarts({ handle, ...options }: ForgottenCartOptions): Promise<number> {
  const now = options.clock.now();
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
      await remind(tx, options, due, now);
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
  options: TellOptions,
  carts: readonly ClosingCart[],
  now: Date,
): Promise<void> {
  const due = carts.map((cart) => {
    const { cartId, marketId, closesAt } = cart;
    const risk = Math.round(riskOf(cart, now) * 100) / 100;
    return { ...cart, facts: { cartId, marketId, closesAt: closesAt.toISOString(), risk } };
  });
  await inChunks(due, 1_000, (some) =>
    publishFacts(
      tx,
      some.map(({ shopperId, facts }) => ({ topic: "cart.at_risk", payload: { shopperId, ...facts } })),
      { priority: 2 },
    ),
  );
  await tellShoppers(
    tx,
    options,
    due.map(({ shopperId, cartId, windowId, facts }) => ({
      shopperId,
      topic: "cart",
      content: {
        type: "SYSTEM_ALERT",
        payload: {
          level: "info",
          text: "Orders close soon, and your cart is not ordered yet.",
          kind: "CART_CLOSING",
          ...facts,
        },
      },
      key: `cart-closing-${cartId}-${windowId}`,
    })),
  );
}
