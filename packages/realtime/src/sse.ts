import type { DatabaseHandle } from "@almanac/db";
import { AppError, newId, seconds, type Clock, type Milliseconds } from "@almanac/kernel";
import type { Caller, Logger } from "@almanac/trpc";
import { connectionAck } from "./connection-ack.ts";
import type { ConnectionBook } from "./connections.ts";
import { channelsOfAll } from "./core/topics.ts";
import type { LiveHub } from "./hub.ts";
import { laneDeliveries, parseCursor } from "./lane.ts";
import { defaultTopics, topicsInput } from "./messages.ts";

export interface LiveEventsOptions {
  hub: LiveHub;
  book: ConnectionBook;
  handle: DatabaseHandle;
  clock: Clock;
  log: Logger;
  /** How often a comment keeps proxies from closing a quiet stream. */
  pingMs?: Milliseconds;
}

export interface LiveEventsRequest {
  /** `?topics=price_drops,personalized`; `?lastEventId=` for clients that cannot set the header. */
  readonly url: string;
  readonly headers: Headers;
  /** Aborted when the client is gone. */
  readonly signal: AbortSignal;
}

export interface LiveEvents {
  /**
   * The body of `GET /api/realtime/events`, as text/event-stream. Each event's data is one message, its id the cursor; a
   * browser that reconnects sends the last one back and misses nothing (RT-07).
   *
   * @throws AppError `input_invalid`, `topic_forbidden`, `too_many_connections`
   */
  open(request: LiveEventsRequest, caller: Caller): ReadableStream<Uint8Array>;
  /** Ends all streams; clients come back elsewhere. */
  stop(): void;
}

export const eventStreamHeaders = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-cache, no-transform",
  // Asks nginx not to hold events back.
  "x-accel-buffering": "no",
} as const;

export function createLiveEvents({
  hub,
  book,
  handle,
  clock,
  log,
  pingMs = seconds(15),
}: LiveEventsOptions): LiveEvents {
  const stopping = new AbortController();
  const encoder = new TextEncoder();

  function open({ url, headers, signal }: LiveEventsRequest, caller: Caller): ReadableStream<Uint8Array> {
    const { searchParams } = new URL(url, "http://localhost");
    const named = searchParams.get("topics");
    const topics = topicsInput.safeParse(
      named === null || named === "" ? [...defaultTopics] : named.split(","),
    );
    if (!topics.success) throw new AppError("input_invalid", "topics: too many, or too long.");
    const channels = channelsOfAll(topics.data, caller);
    const cursor = headers.get("last-event-id") ?? searchParams.get("lastEventId");
    // Sent first, so that a stream that breaks before its first message resumes there too.
    const beginsAt = parseCursor(cursor) ?? hub.lastSeq();
    const connection = book.open("sse");
    if (!connection)
      throw new AppError("too_many_connections", "This server has all the connections it can hold.");
    connection.addTopics(topics.data);

    const gone = new AbortController();
    const ended = AbortSignal.any([signal, stopping.signal, gone.signal]);
    const deliveries = laneDeliveries({
      hub,
      db: handle.db,
      channels,
      caller,
      afterSeq: beginsAt,
      signal: ended,
    });
    let ping: NodeJS.Timeout | undefined;
    const finish = (): void => {
      clearInterval(ping);
      connection.close();
    };

    return new ReadableStream<Uint8Array>({
      start(controller) {
        const write = (text: string): void => controller.enqueue(encoder.encode(text));
        const ack = connectionAck({ now: clock.now(), sessionId: newId(), cursor: beginsAt });
        write(`retry: 2000\nid: ${ack.id}\ndata: ${JSON.stringify(ack)}\n\n`);
        ping = setInterval(() => {
          // A reader that has not taken what it has is not given more.
          if ((controller.desiredSize ?? 0) > 0) write(": ping\n\n");
        }, pingMs);
      },
      async pull(controller) {
        try {
          const { done, value } = await deliveries.next();
          if (!done) return controller.enqueue(encoder.encode(`id: ${value.seq}\ndata: ${value.frame}\n\n`));
        } catch (err) {
          log.debug({ err }, "an event stream ended");
        }
        finish();
        if (!gone.signal.aborted) controller.close();
      },
      async cancel() {
        gone.abort();
        finish();
        await deliveries.return(undefined);
      },
    });
  }

  return { open, stop: () => stopping.abort() };
}
