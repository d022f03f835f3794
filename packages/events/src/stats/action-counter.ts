import type { UserActionType } from "../core/actions.ts";
import { hours } from "@almanac/kernel";
import type { BatchContext, Consumer } from "../relay/consumer.ts";
import type { Fact } from "../core/facts.ts";

/** The counter that holds how many events of a type were handled. */
export const actionCounterName = (action: UserActionType): string => `events.${action}`;

/**
 * Counts each event once, in the transaction that notes it as applied: the totals are exact, survive restarts and are the
 * sum over all processes.
 */
export const actionCounter: Consumer = {
  name: "events.counter",
  topics: ["action.tracked"],
  handle(fact, context) {
    countAll([fact], context);
    return Promise.resolve();
  },
  handleMany(delivered, context) {
    countAll(
      delivered.map(({ fact }) => fact),
      context,
    );
    return Promise.resolve();
  },
};

function countAll(facts: readonly Fact[], { count }: BatchContext): void {
  const sums = new Map<string, { action: UserActionType; at: Date; by: number }>();
  for (const fact of facts) {
    if (fact.topic !== "action.tracked") continue;
    const { action, recordedAt } = fact.payload;
    const hour = Math.floor(Date.parse(recordedAt) / hours(1));
    const key = `${action} ${hour}`;
    const sum = sums.get(key);
    if (sum) sum.by += 1;
    else sums.set(key, { action, at: new Date(hour * hours(1)), by: 1 });
  }
  for (const { action, at, by } of sums.values()) count(actionCounterName(action), { at, by });
}
