import type { Consumer } from "@almanac/events";
import { attributeOrder } from "./store/search-log.ts";

/** Notes on a search that it led to an order: what "searches that sell" is counted from. */
export function searchAttributionConsumer(): Consumer {
  return {
    name: "search-attribution",
    topics: ["order.placed"],
    async handle(fact, { tx }) {
      if (fact.topic === "order.placed") await attributeOrder(tx, fact.payload);
    },
  };
}
