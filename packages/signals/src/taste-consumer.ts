import type { Bus, Consumer, Fact } from "@almanac/events";
import type { ShopperId } from "@almanac/kernel";
import { countAction, deleteTaste } from "./store/taste.ts";
import { tasteChannel } from "./taste.ts";

/**
 * Counts what shoppers did beside their hidden interests, and tells every process whose taste is another than before.
 */
export function tasteConsumer(bus: Bus): Consumer {
  return {
    name: "taste",
    topics: [
      "action.tracked",
      "order.placed",
      "order.cancelled",
      "wish.added",
      "farm.followed",
      "shopper.merged",
      "shopper.erased",
    ],
    async handle(fact, { tx, afterCommit }) {
      if (fact.topic === "action.tracked" && fact.payload.shopperId) {
        const { shopperId, action, seq, recordedAt: at } = fact.payload;
        await countAction(tx, { shopperId, action, seq, at });
      }
      // A fact about somebody who has just gone may have been on its way while they were erased.
      if (fact.topic === "shopper.erased") await deleteTaste(tx, fact.payload.shopperId);
      for (const shopperId of shoppersOf(fact)) afterCommit(() => bus.publish(tasteChannel, { shopperId }));
    },
  };
}

function shoppersOf(fact: Fact): ShopperId[] {
  if (fact.topic === "shopper.merged") return [fact.payload.fromId, fact.payload.intoId];
  if (!("shopperId" in fact.payload)) return [];
  return fact.payload.shopperId ? [fact.payload.shopperId] : [];
}
