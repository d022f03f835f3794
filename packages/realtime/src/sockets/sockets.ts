import { seconds, type Milliseconds } from "@almanac/kernel";
import type { Caller } from "@almanac/trpc";
import { closeCodes } from "../doors/admission.ts";
import { compressFromBytes } from "./frames.ts";
import { endFloods } from "./flood-guard.ts";
import type { LiveSocket, SocketDeps, SocketSettings } from "./live-socket.ts";
import { createSocketSession, type SocketSession } from "./socket-session.ts";

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

export interface LiveSocketsOptions extends Omit<SocketDeps, "settings" | "monotonic"> {
  settings?: Partial<SocketSettings>;
  /** Milliseconds on a clock that never jumps. */
  monotonic?: () => Milliseconds;
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
      endFloods(socket, monotonic);
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
