import { nextOpenWindow } from "@almanac/catalog";
import type { Queryable } from "@almanac/db";
import { AppError, type OrderId, type PickupSlotId, type ShopperId } from "@almanac/kernel";
import {
  cursorInput,
  limitInput,
  procedure,
  router,
  shopProcedure,
  textInput,
  type RequestContext,
} from "@almanac/trpc";
import { z } from "zod";
import { placesLeft, type SlotLoad } from "../core/slots.ts";
import { findCart } from "../store/carts.ts";
import { listOrders, viewOrder, type OrderView } from "../store/order-views.ts";
import { findSlot, readSlotLoads } from "../store/slots.ts";
import { defaultMarket } from "../workflows/cart.ts";
import { cancelOrder } from "../workflows/cancel-order.ts";
import { changeOrderLine, changeOrderSlot } from "../workflows/change-order.ts";
import { startCheckout } from "../workflows/checkout.ts";
import { placeOrder } from "../workflows/place.ts";
import { orderNotFound } from "../workflows/refusals.ts";
import { actWith, type OrdersDeps } from "./deps.ts";
import {
  fromCursor,
  idempotencyKey,
  orderNumber,
  pickupSlotId,
  quantityOrNone,
  toCursor,
  uuid,
  variantId,
} from "./inputs.ts";

const acceptRemovals = z.array(variantId).max(100).optional();

export interface SlotChoice {
  readonly id: PickupSlotId;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly capacityOrders: number;
  readonly placesLeft: number;
}

export function checkoutRouter(deps: OrdersDeps) {
  const act = actWith(deps);
  return router({
    /** The pickup slots of the market day that the caller's cart is for, with the places left. */
    slots: procedure("public").query(({ ctx }) =>
      act(ctx, async (trade) => {
        const { shopperId } = ctx.caller;
        const now = ctx.clock.now();
        const cart = shopperId && (await findCart(ctx.db, shopperId));
        const marketId = cart?.marketId ?? (await defaultMarket(trade, shopperId));
        const window = marketId && (await nextOpenWindow(ctx.db, marketId, now));
        if (!window) return { window: null, slots: [] };
        const loads = await readSlotLoads(ctx.db, window.id, { now });
        return {
          window: {
            id: window.id,
            marketDay: window.marketDay,
            opensAt: window.opensAt.toISOString(),
            closesAt: window.closesAt.toISOString(),
            isOpen: window.isOpen,
          },
          slots: toSlotChoices(loads),
        };
      }),
    ),
    /** Holds the cart's stock and a place for ten minutes. */
    start: shopProcedure
      .input(z.object({ pickupSlotId, acceptRemovals }))
      .mutation(async ({ ctx, input }) => {
        const { shopperId } = ctx;
        const { checkout, totals } = await act(ctx, (trade) => startCheckout(trade, { shopperId, ...input }));
        return { checkoutId: checkout.id, expiresAt: checkout.expiresAt.toISOString(), totals };
      }),
  });
}

export function ordersRouter(deps: OrdersDeps) {
  const act = actWith(deps);
  const mine = (ctx: RequestContext & { shopperId: ShopperId }, number: string) =>
    requireOrder(ctx.db, { number, shopperId: ctx.shopperId, now: ctx.clock.now() });
  return router({
    /** Places the cart as one order. The same key answers the same order. */
    place: shopProcedure
      .input(
        z.object({
          /** Kept for pages that began a checkout; the caller's own hold is found without it. */
          checkoutId: uuid.optional(),
          pickupSlotId,
          idempotencyKey,
          contactName: textInput({ max: 100 }).optional(),
          acceptRemovals,
          cartVersion: z.number().int().min(0).optional(),
        }),
      )
      .mutation(async ({ ctx, input }) => {
        const { shopperId } = ctx;
        const order = await act(ctx, (trade) => placeOrder(trade, { shopperId, ...input }));
        return mine(ctx, order.number);
      }),
    /** The caller's orders, the latest first. */
    list: procedure("shop")
      .input(z.object({ cursor: cursorInput, limit: limitInput(50, 20) }).default({ limit: 20 }))
      .query(async ({ ctx, input }) => {
        const { shopperId } = ctx.caller;
        if (!shopperId) return { items: [], nextCursor: undefined };
        const place = input.cursor === undefined ? undefined : fromCursor(input.cursor);
        const after = place && { placedAt: place.at, id: place.id as OrderId };
        const { limit } = input;
        const items = await listOrders(ctx.db, { shopperId, after, limit: limit + 1, now: ctx.clock.now() });
        const shown = items.slice(0, limit);
        const last = shown.at(-1);
        const nextCursor = items.length > limit && last ? toCursor(last.placedAt, last.id) : undefined;
        return { items: shown, nextCursor };
      }),
    get: procedure("shop")
      .input(z.object({ number: orderNumber }))
      .query(({ ctx, input }) => {
        const { shopperId } = ctx.caller;
        if (!shopperId) throw orderNotFound();
        return requireOrder(ctx.db, { number: input.number, shopperId, now: ctx.clock.now() });
      }),
    /** Until the cut-off: how much of something; 0 takes it out. */
    changeLine: shopProcedure
      .input(z.object({ number: orderNumber, variantId, quantity: quantityOrNone }))
      .mutation(async ({ ctx, input }) => {
        const { shopperId } = ctx;
        await act(ctx, (trade) => changeOrderLine(trade, { shopperId, ...input }));
        return mine(ctx, input.number);
      }),
    /** The pickup slots of the order's market day, with the places left. */
    slots: procedure("shop")
      .input(z.object({ number: orderNumber }))
      .query(async ({ ctx, input }) => {
        const { shopperId } = ctx.caller;
        if (!shopperId) throw orderNotFound();
        const now = ctx.clock.now();
        const { slot } = await requireOrder(ctx.db, { number: input.number, shopperId, now });
        const taken = slot && (await findSlot(ctx.db, slot.id));
        return taken ? toSlotChoices(await readSlotLoads(ctx.db, taken.windowId, { now })) : [];
      }),
    changeSlot: shopProcedure
      .input(z.object({ number: orderNumber, pickupSlotId }))
      .mutation(async ({ ctx, input }) => {
        const { shopperId } = ctx;
        await act(ctx, (trade) => changeOrderSlot(trade, { shopperId, ...input }));
        return mine(ctx, input.number);
      }),
    cancel: shopProcedure.input(z.object({ number: orderNumber })).mutation(async ({ ctx, input }) => {
      const { shopperId } = ctx;
      await act(ctx, (trade) => cancelOrder(trade, { shopperId, ...input }));
      return mine(ctx, input.number);
    }),
  });
}

function toSlotChoices(loads: readonly SlotLoad[]): SlotChoice[] {
  return loads.map((load) => ({
    id: load.id,
    startsAt: load.startsAt.toISOString(),
    endsAt: load.endsAt.toISOString(),
    capacityOrders: load.capacityOrders,
    placesLeft: placesLeft(load),
  }));
}

async function requireOrder(
  db: Queryable,
  key: { number: string; shopperId: ShopperId; now: Date },
): Promise<OrderView> {
  const order = await viewOrder(db, key);
  if (!order) throw new AppError("order_not_found", "There is no such order.");
  return order;
}
