import type { BatchContext, Bus, Consumer, Fact } from "@almanac/events";
import type { ShopperId } from "@almanac/kernel";
import { countActions, deleteTaste, type CountedAction } from "./store/taste.ts";
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
    handle: (fact, context) => apply([fact], context),
    handleMany: (delivered, context) =>
      apply(
        delivered.map(({ fact }) => fact),
        context,
      ),
  };

  async function apply(facts: readonly Fact[], { tx, afterCommit }: BatchContext): Promise<void> {
    await countActions(tx, facts.flatMap(actionOf));
    for (const fact of facts) {
      // A fact about somebody who has just gone may have been on its way while they were erased.
      if (fact.topic === "shopper.erased") await deleteTaste(tx, fact.payload.shopperId);
    }
    for (const shopperId of new Set(facts.flatMap(shoppersOf))) {
      afterCommit(() => bus.publish(tasteChannel, { shopperId }));
    }
  }
}

function actionOf(fact: Fact): CountedAction[] {
  if (fact.topic !== "action.tracked" || !fact.payload.shopperId) return [];
  const { shopperId, action, seq, recordedAt: at } = fact.payload;
  return [{ shopperId, action, seq, at }];
}

function shoppersOf(fact: Fact): ShopperId[] {
  if (fact.topic === "shopper.merged") return [fact.payload.fromId, fact.payload.intoId];
  if (!("shopperId" in fact.payload)) return [];
  return fact.payload.shopperId ? [fact.payload.shopperId] : [];
}
