import { retryTransaction, type Transaction } from "@almanac/db";
import { AppError, invariant, type MarketId, type ShopperId, type VariantId } from "@almanac/kernel";
import { findMarket, listMarkets } from "@almanac/catalog";
import { assertLineQuantity, maxCartLines, maxLineQuantity, type CartQuantity } from "../core/cart-lines.ts";
import {
  insertCart,
  lockCart,
  marketsOfVariant,
  preferredMarket,
  saveCart,
  type StoredCart,
} from "../store/carts.ts";
import { readVariants } from "../store/catalog-lines.ts";
import type { Trade } from "../trade.ts";

export type CartTrade = Pick<Trade, "handle" | "clock" | "traceId">;

/**
 * Puts units of a variant into the shopper's cart, on top of what is there. An empty cart moves to a market where the farm
 * sells; one with lines stays where it is.
 *
 * @throws AppError `quantity_not_positive`, `variant_not_found`, `product_not_sellable` (with the markets where its farm
 *   sells)
 */
export async function addToCart(
  trade: CartTrade,
  { shopperId, variantId, quantity }: { shopperId: ShopperId; variantId: VariantId; quantity: number },
): Promise<void> {
  assertLineQuantity(quantity);
  await changeCart(trade, shopperId, variantId, async (tx, cart) => {
    const marketId = await marketFor(tx, cart, variantId);
    const line = cart.lines.find((candidate) => candidate.variantId === variantId);
    const lines = line
      ? withQuantity(cart.lines, variantId, Math.min(maxLineQuantity, line.quantity + quantity))
      : [...cart.lines, { variantId, quantity }];
    return { lines, marketId };
  });
}

/**
 * Sets how many units of a variant are in the cart; 0 takes it out, which is fine for one that is not there.
 *
 * @throws AppError as `addToCart`
 */
export async function setCartQuantity(
  trade: CartTrade,
  { shopperId, variantId, quantity }: { shopperId: ShopperId; variantId: VariantId; quantity: number },
): Promise<void> {
  if (quantity !== 0) assertLineQuantity(quantity);
  await changeCart(trade, shopperId, variantId, async (tx, cart) => {
    const isThere = cart.lines.some((line) => line.variantId === variantId);
    if (quantity === 0) return { lines: cart.lines.filter((line) => line.variantId !== variantId) };
    if (isThere) return { lines: withQuantity(cart.lines, variantId, quantity) };
    return {
      lines: [...cart.lines, { variantId, quantity }],
      marketId: await marketFor(tx, cart, variantId),
    };
  });
}

export async function clearCart(trade: CartTrade, shopperId: ShopperId): Promise<void> {
  await changeCart(trade, shopperId, undefined, () => Promise.resolve({ lines: [] }));
}

/**
 * Moves the cart to another market. Lines of farms that do not sell there stay and say so.
 *
 * @throws AppError `market_not_found`
 */
export async function setCartMarket(
  trade: CartTrade,
  { shopperId, marketId }: { shopperId: ShopperId; marketId: MarketId },
): Promise<void> {
  if (!(await findMarket(trade.handle.db, { id: marketId }))) {
    throw new AppError("market_not_found", "There is no such market.");
  }
  await retryTransaction(trade.handle, async (tx) => {
    const now = trade.clock.now();
    await insertCart(tx, shopperId, marketId, now);
    const cart = await lockCart(tx, shopperId);
    invariant(cart, "the cart was just made");
    if (cart.marketId === marketId) return;
    await saveCart(tx, cart, { lines: cart.lines, marketId, now, traceId: trade.traceId });
  });
}

type CartChange = (
  tx: Transaction,
  cart: StoredCart,
) => Promise<{ lines: readonly CartQuantity[]; marketId?: MarketId }>;

async function changeCart(
  trade: CartTrade,
  shopperId: ShopperId,
  variantId: VariantId | undefined,
  change: CartChange,
): Promise<void> {
  await retryTransaction(trade.handle, async (tx) => {
    const now = trade.clock.now();
    const cart = (await lockCart(tx, shopperId)) ?? (await openCart(tx, shopperId, { variantId, now }));
    if (!cart) return;
    const { lines, marketId } = await change(tx, cart);
    if (lines.length > maxCartLines) {
      throw new AppError("input_invalid", `A cart holds at most ${maxCartLines} different things.`);
    }
    if (marketId === undefined || marketId === cart.marketId) {
      if (isSame(lines, cart.lines)) return;
    }
    await saveCart(tx, cart, { lines, marketId, now, traceId: trade.traceId });
  });
}

async function openCart(
  tx: Transaction,
  shopperId: ShopperId,
  { variantId, now }: { variantId?: VariantId; now: Date },
): Promise<StoredCart | undefined> {
  if (!variantId) return undefined;
  const marketIds = await marketsOfVariant(tx, variantId);
  if (marketIds.length === 0) throw new AppError("variant_not_found", "There is no such product for sale.");
  const preferred = await preferredMarket(tx, shopperId);
  const marketId = marketIds.find((id) => id === preferred) ?? marketIds[0];
  invariant(marketId, "there is at least one market");
  await insertCart(tx, shopperId, marketId, now);
  return lockCart(tx, shopperId);
}

/** The market in which the cart can take the variant. */
async function marketFor(tx: Transaction, cart: StoredCart, variantId: VariantId): Promise<MarketId> {
  const marketIds = await marketsOfVariant(tx, variantId);
  const marketId = marketIds.includes(cart.marketId) || cart.lines.length > 0 ? cart.marketId : marketIds[0];
  const variant = marketId && (await readVariants(tx, marketId, [variantId])).get(variantId);
  if (!marketId || !variant) throw new AppError("variant_not_found", "There is no such product for sale.");
  if (!variant.isSellable) {
    throw new AppError("product_not_sellable", "This is not for sale at the cart's market.", {
      details: { variantId, marketIds },
    });
  }
  return marketId;
}

function withQuantity(
  lines: readonly CartQuantity[],
  variantId: VariantId,
  quantity: number,
): CartQuantity[] {
  return lines.map((line) => (line.variantId === variantId ? { variantId, quantity } : line));
}

function isSame(a: readonly CartQuantity[], b: readonly CartQuantity[]): boolean {
  return (
    a.length === b.length &&
    a.every((line, i) => line.variantId === b[i]?.variantId && line.quantity === b[i].quantity)
  );
}

/** The market that a shopper without a cart is shown: the one they chose, else the first by name. */
export async function defaultMarket(
  trade: CartTrade,
  shopperId: ShopperId | undefined,
): Promise<MarketId | undefined> {
  const preferred = shopperId && (await preferredMarket(trade.handle.db, shopperId));
  return preferred ?? (await listMarkets(trade.handle.db))[0]?.id;
}
