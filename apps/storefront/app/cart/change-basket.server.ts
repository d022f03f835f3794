import type { MarketId, ProductId, VariantId } from "@almanac/kernel";
import type { AppLoadContext } from "@remix-run/node";
import type { UndoForm } from "../server/answer.server.ts";
import { busiestMarket } from "../server/market.server.ts";
import { trackDone } from "../server/track.server.ts";

export interface BasketChange {
  /** "add", "set", "remove", "clear" or "market". */
  readonly intent: string;
  readonly variantId: VariantId;
  readonly productId: ProductId;
  readonly marketId: MarketId;
  readonly quantity: number;
  /** Of the product, for what is said about it. */
  readonly name: string;
  /** The shelf it was taken from. */
  readonly from: string;
}

/** Changes the basket, notes what was done, and says it with a way to take it back. */
export async function changeBasket(
  context: AppLoadContext,
  change: BasketChange,
): Promise<{ message?: string; undo?: UndoForm } | undefined> {
  const { api } = context;
  const { variantId, productId, quantity, name } = change;
  const setTo = (amount: number): UndoForm => ({
    action: "/cart",
    fields: { intent: "set", variantId, productId, quantity: String(amount), name },
  });
  const note = (action: "ADD_TO_CART" | "REMOVE_FROM_CART", amount: number) =>
    trackDone(context, {
      action,
      entityType: "PRODUCT",
      entityId: productId,
      metadata: { variantId, quantity: amount, ...(change.from && { from: change.from }) },
    });
  const amountOf = (lines: readonly { variantId: string; quantity: number }[]) =>
    lines.find((line) => line.variantId === variantId)?.quantity ?? 0;

  switch (change.intent) {
    case "add": {
      await chooseMarket(context);
      const cart = await api.cart.add({ variantId, quantity });
      await note("ADD_TO_CART", quantity);
      return { message: `${name || "It"} is in your basket.`, undo: setTo(amountOf(cart.lines) - quantity) };
    }
    case "set": {
      const before = amountOf((await api.cart.get()).lines);
      const wanted = Math.max(0, quantity);
      await api.cart.setQuantity({ variantId, quantity: wanted });
      if (wanted > before) await note("ADD_TO_CART", wanted - before);
      if (wanted < before) await note("REMOVE_FROM_CART", before - wanted);
      return wanted === 0
        ? { message: `${name || "It"} is out of your basket.`, undo: setTo(before) }
        : undefined;
    }
    case "remove": {
      const before = amountOf((await api.cart.get()).lines);
      await api.cart.remove({ variantId });
      await note("REMOVE_FROM_CART", before);
      return { message: `${name || "It"} is out of your basket.`, undo: setTo(before) };
    }
    case "market":
      await api.cart.setMarket({ marketId: change.marketId });
      await api.me.setPreferences({ marketId: change.marketId });
      return { message: "Your market is changed." };
    default:
      await api.cart.clear();
      return { message: "Your basket is empty." };
  }
}

/** A first basket is for the market that its pages showed. */
async function chooseMarket({ api }: AppLoadContext): Promise<void> {
  const [cart, me] = await Promise.all([api.cart.get(), api.me.get()]);
  if (cart.id !== null || me.marketId !== null) return;
  const marketId = await busiestMarket(api);
  if (marketId) await api.cart.setMarket({ marketId });
}
