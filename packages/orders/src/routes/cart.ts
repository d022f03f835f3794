import type { MarketId, ShopperId } from "@almanac/kernel";
import { idInput, procedure, router, shopProcedure, type RequestContext } from "@almanac/trpc";
import { z } from "zod";
import { addToCart, clearCart, defaultMarket, setCartMarket, setCartQuantity } from "../workflows/cart.ts";
import { viewCart, type CartView } from "../workflows/cart-view.ts";
import { actWith, type OrdersDeps } from "./deps.ts";
import { quantity, quantityOrNone, variantId } from "./inputs.ts";

export function cartRouter(deps: OrdersDeps) {
  const act = actWith(deps);
  const view = (ctx: RequestContext, shopperId: ShopperId | undefined): Promise<CartView> =>
    act(ctx, async (trade) =>
      viewCart(ctx.db, { shopperId, marketId: await defaultMarket(trade, shopperId), now: ctx.clock.now() }),
    );
  return router({
    /** The caller's cart; an empty one for a browser that never put anything into it. */
    get: procedure("public").query(({ ctx }) => view(ctx, ctx.caller.shopperId)),
    /** Puts units on top of what is there. Every change answers the cart as it is then. */
    add: shopProcedure
      .input(z.object({ variantId, quantity: quantity.default(1) }))
      .mutation(async ({ ctx, input }) => {
        const { shopperId } = ctx;
        await act(ctx, (trade) => addToCart(trade, { shopperId, ...input }));
        return view(ctx, shopperId);
      }),
    setQuantity: shopProcedure
      .input(z.object({ variantId, quantity: quantityOrNone }))
      .mutation(async ({ ctx, input }) => {
        const { shopperId } = ctx;
        await act(ctx, (trade) => setCartQuantity(trade, { shopperId, ...input }));
        return view(ctx, shopperId);
      }),
    remove: shopProcedure.input(z.object({ variantId })).mutation(async ({ ctx, input }) => {
      const { shopperId } = ctx;
      await act(ctx, (trade) => setCartQuantity(trade, { shopperId, ...input, quantity: 0 }));
      return view(ctx, shopperId);
    }),
    clear: shopProcedure.mutation(async ({ ctx }) => {
      await act(ctx, (trade) => clearCart(trade, ctx.shopperId));
      return view(ctx, ctx.shopperId);
    }),
    setMarket: shopProcedure
      .input(z.object({ marketId: idInput<MarketId>() }))
      .mutation(async ({ ctx, input }) => {
        const { shopperId } = ctx;
        await act(ctx, (trade) => setCartMarket(trade, { shopperId, ...input }));
        return view(ctx, shopperId);
      }),
  });
}
