import type { Consumer, Fact } from "@almanac/events";
import { isUuid, type Clock, type ProductId } from "@almanac/kernel";
import { attribute, type Reaction } from "./store/impressions.ts";

/** Notes on a recommendation that it was looked at or put into a cart: what the arms are compared by. Give it to the relay. */
export function recommendationAttribution({ clock }: { clock: Clock }): Consumer {
  return {
    name: "recsys.attribution",
    topics: ["action.tracked"],
    handle: (fact, { tx }) => attribute(tx, reactionsOf(fact), clock.now()),
    handleMany: (delivered, { tx }) =>
      attribute(
        tx,
        delivered.flatMap(({ fact }) => reactionsOf(fact)),
        clock.now(),
      ),
  };
}

/** None, or one. */
function reactionsOf(fact: Fact): Reaction[] {
  if (fact.topic !== "action.tracked") return [];
  const { shopperId, action, entityId } = fact.payload;
  const what = action === "VIEW_PRODUCT" ? "clicked" : action === "ADD_TO_CART" ? "carted" : undefined;
  if (!what || shopperId === null || entityId == null || !isUuid(entityId)) return [];
  return [{ what, shopperId, productId: entityId as ProductId }];
}
