import type { LiveSink } from "./outlet.ts";

/** First messages of streams that are about to be written, and who is told when an adapter writes one. */
const awaited = new WeakMap<object, (sink: LiveSink) => void>();

/**
 * A stream asks to be taken over: it yields `firstMessage` through tRPC as usual, and an adapter that knows of this answers
 * with the connection's sink when it writes it. From then on shared frames go there directly, without passing through an
 * iteration and a serialisation for each reader. An adapter that does not know of it changes nothing.
 *
 * @returns the sink, once the first message was written by such an adapter
 */
export function askForDirectLine(firstMessage: object): () => LiveSink | undefined {
  let given: LiveSink | undefined;
  awaited.set(firstMessage, (sink) => (given = sink));
  return () => given;
}

/** Called by an adapter with each message of a subscription, before or after it is written. @returns whether it took the line */
export function giveDirectLine(message: unknown, makeSink: () => LiveSink): boolean {
  if (typeof message !== "object" || message === null) return false;
  const take = awaited.get(message);
  if (!take) return false;
  awaited.delete(message);
  take(makeSink());
  return true;
}
