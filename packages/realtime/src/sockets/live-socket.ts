import type { DatabaseHandle } from "@almanac/db";
import type { Bus } from "@almanac/events";
import type { Clock, Milliseconds, Rng } from "@almanac/kernel";
import type { Caller, Logger } from "@almanac/trpc";
import type { ConnectionBook } from "../doors/connections.ts";
import type { LiveHub } from "../hub/hub.ts";
import type { ClientMessageOf } from "../messages.ts";

/** The part of a `ws` socket that is used. */
export interface LiveSocket {
  readonly readyState: number;
  readonly bufferedAmount: number;
  send(data: string): void;
  ping(): void;
  close(code: number, reason: string): void;
  terminate(): void;
  /** As if a message had come. */
  emit(event: "message", data: unknown, isBinary: boolean): unknown;
  on(event: "message", listener: (data: unknown, isBinary: boolean) => void): unknown;
  on(event: "pong" | "close", listener: () => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
}

export interface SocketSettings {
  readonly messagesPerSecond: number;
  readonly maxFrameBytes: number;
  /** So many bad messages within `badWindowMs` end the connection. */
  readonly maxBad: number;
  readonly badWindowMs: Milliseconds;
  readonly heartbeatMs: Milliseconds;
  /** A client that neither sends nor answers a ping for so long is taken for gone. */
  readonly inactivityMs: Milliseconds;
}

/** What every session of the process shares. */
export interface SocketDeps {
  hub: LiveHub;
  book: ConnectionBook;
  handle: DatabaseHandle;
  bus: Bus;
  clock: Clock;
  log: Logger;
  /** Spreads the heartbeats of connections that began together. */
  rng: Rng;
  /** Answers REQUEST_RECOMMENDATIONS: the payload of a RECOMMENDATION_UPDATE. */
  recommend: (
    caller: Caller,
    request: ClientMessageOf<"REQUEST_RECOMMENDATIONS">["payload"],
  ) => Promise<{ items: readonly object[] }>;
  settings: SocketSettings;
  /** Milliseconds on a clock that never jumps. */
  monotonic: () => Milliseconds;
}
