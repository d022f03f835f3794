import type { CallOutcome } from "./answer.ts";
import type { CallPlan } from "./calls.ts";

/**
 * The tag of a poll of the live lane that brought nothing: while nothing comes it stays, and the browser is told so with 304
 * instead of an answer (RT-08). All other answers of the router are never kept.
 *
 * @returns `undefined` for anything else
 */
export function idlePollTag({ calls, type }: CallPlan, outcomes: readonly CallOutcome[]): string | undefined {
  const [outcome] = outcomes;
  if (type !== "query" || calls.length !== 1 || calls[0]?.path !== "realtime.poll") return undefined;
  if (!outcome || "error" in outcome) return undefined;
  const { messages, cursor, startsOver } = outcome.data as {
    messages: readonly unknown[];
    cursor: string;
    startsOver?: true;
  };
  return messages.length === 0 && !startsOver ? `W/"${cursor}"` : undefined;
}
