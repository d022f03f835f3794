import type { Consumer } from "@almanac/events";
import { isUuid, type Clock, type ProductId } from "@almanac/kernel";
import { attribute } from "./store/impressions.ts";

/** Notes on a recommendation that it was looked at or put into a cart: what the arms are compared by. Give it to the relay. */
export function recommendationAttribution({ clock }: { clock: Clock }): Consumer {
  return {
    name: "recsys.attribution",
    topics: ["action.tracked"],
    async handle(fact, { tx }) {
      if (fact.topic !== "action.tracked") return;
      const { shopperId, action, entityId } = fact.payload;
      const what = action === "VIEW_PRODUCT" ? "clicked" : action === "ADD_TO_CART" ? "carted" : undefined;
      if (!what || shopperId === null || entityId == null || !isUuid(entityId)) return;
      await attribute(tx, what, { shopperId, productId: entityId as ProductId, now: clock.now() });
    },
  };
}
