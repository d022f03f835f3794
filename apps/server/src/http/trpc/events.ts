import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { isTrackedEnvelope, type AnyRouter } from "@trpc/server";
import { giveDirectLine, pingStream, streamSink } from "@almanac/realtime";
import { errorShape, streamErrorOf, type CallFacts, type CallOutcome } from "./answer.ts";

/** What `httpSubscriptionLink` is told of the stream first; after so long without a sign of life it comes back. */
const pingMs = 15_000;
const clientOptions = JSON.stringify({ reconnectAfterInactivityMs: 40_000 });

/**
 * A subscription as server-sent events, in tRPC's own words: `connected`, data with ids, `ping`, `serialized-error`,
 * `return`. A live stream is taken over after its first message and gets the frames that all readers share.
 *
 * @param outgoing its headers are written
 */
export async function writeSubscription(
  outgoing: ServerResponse,
  {
    router,
    outcome,
    facts,
    signal,
  }: { router: AnyRouter; outcome: CallOutcome; facts: CallFacts; signal: AbortSignal },
): Promise<void> {
  outgoing.write(`event: connected\ndata: ${clientOptions}\n\n`);
  const ping = pingStream(outgoing, "event: ping\ndata: \n\n", pingMs);
  try {
    if ("error" in outcome) throw outcome.error;
    // A procedure of this type answers an iterable; the router's types say so where it is defined.
    for await (const value of outcome.data as AsyncIterable<unknown>) {
      if (signal.aborted) break;
      await writeValue(outgoing, value, signal);
    }
    if (!signal.aborted) outgoing.write("event: return\ndata: \n\n");
  } catch (cause) {
    if (signal.aborted) return;
    const error = streamErrorOf(cause);
    outgoing.write(`event: serialized-error\ndata: ${JSON.stringify(errorShape(router, error, facts))}\n\n`);
  } finally {
    clearInterval(ping);
    outgoing.end();
  }
}

async function writeValue(outgoing: ServerResponse, value: unknown, signal: AbortSignal): Promise<void> {
  const isTracked = isTrackedEnvelope(value);
  const data: unknown = isTracked ? value[1] : value;
  const id = isTracked ? `id: ${value[0]}\n` : "";
  const isTaken = outgoing.write(`${id}data: ${JSON.stringify(data)}\n\n`);
  giveDirectLine(data, () => streamSink(outgoing));
  // Reads the next value only when the reader has taken this one.
  if (!isTaken) await once(outgoing, "drain", { signal }).catch(() => undefined);
}
