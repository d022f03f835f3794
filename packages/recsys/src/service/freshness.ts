import type { Bus, Consumer } from "@almanac/events";
import { marketDay, type Clock } from "@almanac/kernel";
import { z } from "zod";
import type { ShopView } from "../shop.ts";
import { epochDay } from "./shop-product.ts";
import type { PlacedOrder } from "./world.ts";

/** What the recommendations of every process hear about between two builds. */
export const recsysChannel = "recsys.changed";

const orderSchema = z.object({
  kind: z.literal("order"),
  orderId: z.string(),
  shopperId: z.string(),
  marketId: z.string(),
  productIds: z.array(z.string()),
  at: z.iso.datetime(),
});

/** An operator made or ended a rule. */
const rulesSchema = z.object({ kind: z.literal("rules") });

const changeSchema = z.discriminatedUnion("kind", [orderSchema, rulesSchema]);

export type OrderChange = z.infer<typeof orderSchema>;
export type RecsysChange = z.infer<typeof changeSchema>;

/** @returns `undefined` for what another version published */
export function parseChange(message: unknown): RecsysChange | undefined {
  return changeSchema.safeParse(message).data;
}

/** An order as the world counts it, on the calendar day of its market. */
export function orderOf(shop: ShopView, change: OrderChange): PlacedOrder {
  const { orderId: id, shopperId, marketId, productIds, at } = change;
  const timeZone = shop.findMarket(marketId)?.market.timeZone ?? "UTC";
  return { id, shopperId, marketId, productIds, day: epochDay(marketDay(new Date(at), timeZone)) };
}

/**
 * Tells the recommendations of every process of each order, which counts for everybody's trends. Products come by the shop
 * window, and what one shopper did is read with each of their requests. Give it to the relay.
 */
export function recommendationUpdates({ bus, clock }: { bus: Bus; clock: Clock }): Consumer {
  return {
    name: "recsys.updates",
    topics: ["order.placed"],
    handle(fact, { afterCommit }) {
      if (fact.topic !== "order.placed") return Promise.resolve();
      const { orderId, shopperId, marketId, productIds } = fact.payload;
      const at = clock.now().toISOString();
      const change: OrderChange = { kind: "order", orderId, shopperId, marketId, productIds, at };
      afterCommit(() => bus.publish(recsysChannel, change));
      return Promise.resolve();
    },
  };
}
