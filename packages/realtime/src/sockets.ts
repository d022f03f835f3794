import type { DatabaseHandle } from "@almanac/db";
import type { Bus } from "@almanac/events";
import { AppError, seconds, type Clock, type Milliseconds, type Rng } from "@almanac/kernel";
import type { Caller, Logger } from "@almanac/trpc";
import { closeCodes } from "./admission.ts";
import type { ConnectionBook } from "./connections.ts";
import { compressFromBytes } from "./frames.ts";
import type { LiveHub } from "./hub.ts";
import type { ClientMessageOf } from "./messages.ts";
import { createSocketSession, type SocketSession } from "./socket-session.ts";

/** The part of a `ws` socket that is used. */
export interface LiveSocket {
  readonly readyState: number;
  readonly bufferedAmount: number;
  send(data: string): void;
  ping(): void;
  close(code: number, reason: string): void;
  terminate(): void;
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

export const defaultSocketSettings: SocketSettings = {
  messagesPerSecond: 20,
  maxFrameBytes: 16_384,
  maxBad: 20,
  badWindowMs: seconds(10),
  heartbeatMs: seconds(30),
  inactivityMs: seconds(60),
};

/**
 * What `new WebSocketServer` should be given, besides `noServer: true`. Small frames are not worth compressing; without
 * context, what many receive is compressed once for all of them, and a connection keeps no memory for it.
 */
export const socketServerOptions = {
  maxPayload: defaultSocketSettings.maxFrameBytes,
  perMessageDeflate: {
    threshold: compressFromBytes + 1,
    serverNoContextTakeover: true,
    clientNoContextTakeover: true,
  },
} as const;

export interface LiveSocketsOptions {
  hub: LiveHub;
  book: ConnectionBook;
  handle: DatabaseHandle;
  bus: Bus;
  clock: Clock;
  log: Logger;
  /** Spreads the heartbeats of connections that began together. */
  rng: Rng;
  /** Answers REQUEST_RECOMMENDATIONS: the payload of a RECOMMENDATION_UPDATE. */
  recommend?: (
    caller: Caller,
    request: ClientMessageOf<"REQUEST_RECOMMENDATIONS">["payload"],
  ) => Promise<{ items: readonly object[] }>;
  settings?: Partial<SocketSettings>;
  /** Milliseconds on a clock that never jumps. */
  monotonic?: () => Milliseconds;
}

/** What every session of the process shares. */
export interface SocketDeps extends Omit<LiveSocketsOptions, "settings" | "monotonic"> {
  settings: SocketSettings;
  monotonic: () => Milliseconds;
}

export interface LiveSockets {
  /** Takes over an open socket of an admitted caller. */
  accept(socket: LiveSocket, admitted: { caller: Caller; resumeFrom?: string }): void;
  /** Heartbeats and the end of silent connections; `start` calls it every second. */
  sweep(): void;
  start(): void;
  /** Tells every client to come back elsewhere. */
  stop(): void;
  count(): number;
}

/** The plain WebSocket protocol of `/ws/recommendations`, for clients without tRPC (RT-01 to RT-05, RT-11). */
export function createLiveSockets({
  settings,
  monotonic = () => performance.now(),
  ...options
}: LiveSocketsOptions): LiveSockets {
  const deps: SocketDeps = { ...options, monotonic, settings: { ...defaultSocketSettings, ...settings } };
  const sessions = new Set<SocketSession>();
  let timer: NodeJS.Timeout | undefined;

  const sockets: LiveSockets = {
    accept(socket, admitted) {
      const connection = deps.book.open("websocket");
      if (!connection) {
        socket.close(closeCodes.tryAgainLater, "too_many_connections");
        return;
      }
      const session = createSocketSession(socket, connection, admitted, deps);
      sessions.add(session);
      session.closed.then(
        () => sessions.delete(session),
        (err: unknown) => deps.log.error({ err }, "a live socket ended badly"),
      );
    },
    sweep() {
      for (const session of sessions) session.tick();
    },
    start() {
      timer ??= setInterval(() => sockets.sweep(), 1_000);
    },
    stop() {
      clearInterval(timer);
      timer = undefined;
      for (const session of sessions) session.end(closeCodes.goingAway, "going_away");
    },
    count: () => sessions.size,
  };
  return sockets;
}

/** The words of a refusal for a client; those of a bug say nothing. */
export function refusalOf(error: unknown): { code: string; message: string } {
  if (error instanceof AppError && error.category !== "internal")
    return { code: error.code, message: error.message };
  return { code: "invariant_failed", message: "Something went wrong on our side." };
}
