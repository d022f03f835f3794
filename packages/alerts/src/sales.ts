import type { Bus, Consumer, FactTopic } from "@almanac/events";
import { publishLive } from "@almanac/realtime";
import { farmsOfOrder } from "./store/order-farms.ts";

const topics = [
  "order.placed",
  "order.changed",
  "order.cancelled",
  "order.collected",
] as const satisfies FactTopic[];

/** What happened to the order: "placed", "changed", "cancelled" or "collected". */
const kindOf = (topic: (typeof topics)[number]): string => topic.slice("order.".length);

/**
 * Tells each farm of an order that it was placed, changed, cancelled or handed over (NOT-07), on a topic that only its
 * members may follow. It says that there is something to read and what the farm's own part is worth; nobody's name.
 */
export function salesUpdates({ bus }: { readonly bus: Bus }): Consumer {
  return {
    name: "alerts.sales",
    topics,
    async handle(fact, { tx }) {
      const topic = topics.find((known) => known === fact.topic);
      if (!topic || !("orderId" in fact.payload)) return;
      const { orderId } = fact.payload;
      for (const { farmId, number, totalCents } of await farmsOfOrder(tx, orderId)) {
        await publishLive(tx, bus, {
          topic: `farm:${farmId}:sales`,
          type: "SALES_UPDATE",
          payload: { orderId, number, totalCents, kind: kindOf(topic) },
        });
      }
    },
  };
}
