import type { UserActionType } from "./core/actions.ts";
import type { Consumer } from "./consumer.ts";

/** The counter that holds how many events of a type were handled. */
export const actionCounterName = (action: UserActionType): string => `events.${action}`;

/**
 * Counts each event once, in the transaction that notes it as applied: the totals are exact, survive restarts and are the
 * sum over all processes.
 */
export const actionCounter: Consumer = {
  name: "events.counter",
  topics: ["action.tracked"],
  handle(fact, { count }) {
    if (fact.topic === "action.tracked") {
      count(actionCounterName(fact.payload.action), { at: new Date(fact.payload.recordedAt) });
    }
    return Promise.resolve();
  },
};
