import type { DatabaseHandle } from "@almanac/db";
import { AppError, newId, seconds, type Clock, type Milliseconds } from "@almanac/kernel";
import type { Caller, Logger } from "@almanac/trpc";
import { connectionAck } from "./connection-ack.ts";
import type { ConnectionBook } from "./connections.ts";
import { channelsOfAll } from "../core/topics.ts";
import type { LiveHub } from "../hub/hub.ts";
import { readPlace, runDirectLane } from "../hub/lane.ts";
import { defaultTopics, topicsInput } from "../messages.ts";
import type { LiveSink } from "../hub/outlet.ts";

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

/** Where an event stream is written: Node's response, or what a test gives. */
export interface EventStream {
  write(chunk: Uint8Array | string): unknown;
  /** Bytes that wait because the reader has not taken them. */
  readonly writableLength: number;
  end(): unknown;
  /** Breaks the connection off. */
  destroy(): unknown;
}

export interface LiveEvents {
  /**
   * Writes `GET /api/realtime/events`, as text/event-stream, until the reader leaves or the server stops. Each event's data
   * is one message, its id the cursor; a browser that reconnects sends the last one back and misses nothing (RT-07).
   *
   * @param begin called once it is certain that the stream is given: sends the headers, and answers where to write
   * @throws AppError `input_invalid`, `topic_forbidden`, `too_many_connections` before anything is written
   */
  serve(request: LiveEventsRequest, caller: Caller, begin: () => EventStream): Promise<void>;
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

  async function serve(
    { url, headers, signal }: LiveEventsRequest,
    caller: Caller,
    begin: () => EventStream,
  ): Promise<void> {
    const { searchParams } = new URL(url, "http://localhost");
    const named = searchParams.get("topics");
    const topics = topicsInput.safeParse(
      named === null || named === "" ? [...defaultTopics] : named.split(","),
    );
    if (!topics.success) throw new AppError("input_invalid", "topics: too many, or too long.");
    const channels = channelsOfAll(topics.data, caller);
    const cursor = headers.get("last-event-id") ?? searchParams.get("lastEventId");
    // Sent first, so that a stream that breaks before its first message resumes there too.
    const { afterSeq = hub.lastSeq(), startsOver } = await readPlace({ hub, db: handle.db }, cursor);
    const connection = book.open("sse");
    if (!connection)
      throw new AppError("too_many_connections", "This server has all the connections it can hold.");
    connection.addTopics(topics.data);

    const gone = AbortSignal.any([signal, stopping.signal]);
    let ping: NodeJS.Timeout | undefined;
    let stream: EventStream | undefined;
    try {
      stream = begin();
      const ack = connectionAck({ now: clock.now(), sessionId: newId(), cursor: afterSeq, startsOver });
      stream.write(`retry: 2000\nid: ${ack.id}\ndata: ${JSON.stringify(ack)}\n\n`);
      ping = pingStream(stream, ": ping\n\n", pingMs);
      const sink = streamSink(stream);
      await runDirectLane({ hub, db: handle.db, channels, caller, afterSeq, signal: gone, sink });
    } catch (err) {
      log.debug({ err }, "an event stream ended");
    } finally {
      clearInterval(ping);
      connection.close();
      stream?.end();
    }
  }

  return { serve, stop: () => stopping.abort() };
}

/** Keeps proxies from closing a quiet stream. A reader that has not taken what it has is not given more. */
export function pingStream(stream: EventStream, text: string, pingMs: Milliseconds): NodeJS.Timeout {
  return setInterval(() => {
    if (stream.writableLength === 0) stream.write(text);
  }, pingMs);
}

/** An event stream as the end of a lane. */
export function streamSink(stream: EventStream): LiveSink {
  return {
    bufferedBytes: () => stream.writableLength,
    write: ({ frames }) => void stream.write(frames.sse()),
    drop: () => void stream.destroy(),
  };
}
