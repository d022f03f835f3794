import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer, type WebSocket } from "ws";
import type { AppRouter } from "@almanac/api-router";
import { isAppError } from "@almanac/kernel";
import {
  admitSocket,
  closeCodes,
  createTrpcSockets,
  socketServerOptions,
  trpcSocketServerOptions,
  type ConnectionBook,
  type LiveHub,
  type LiveSockets,
} from "@almanac/realtime";
import { findAppError, type RequestContext } from "@almanac/trpc";
import { openContext, type ContextParts } from "../context.ts";
import { originOf, urlOf } from "../http/request-facts.ts";
import { levelOfFailure } from "./failures.ts";

export interface UpgradeOptions {
  readonly server: Server;
  readonly appRouter: AppRouter;
  readonly parts: ContextParts;
  readonly hub: LiveHub;
  readonly book: ConnectionBook;
  readonly sockets: LiveSockets;
}

export interface Upgrades {
  /** Tells every client to come back, here or elsewhere, and closes. */
  stop(): void;
}

const trpcPath = "/trpc";
const plainPath = "/ws/recommendations";

/** The two WebSocket addresses of the server: tRPC's own protocol, and plain JSON frames. */
export function listenForUpgrades({
  server,
  appRouter,
  parts,
  hub,
  book,
  sockets,
}: UpgradeOptions): Upgrades {
  const trpcServer = new WebSocketServer({ noServer: true, ...trpcSocketServerOptions });
  const plainServer = new WebSocketServer({ noServer: true, ...socketServerOptions });
  // Who calls is found out once, before the connection is taken.
  const opened = new WeakMap<IncomingMessage, RequestContext>();
  const trpc = createTrpcSockets({
    router: appRouter,
    createContext: async (incoming) =>
      opened.get(incoming) ?? (await openContext(parts, incoming, headersOf(incoming), "ws")).context,
    onError({ error, path }) {
      const level = levelOfFailure(error);
      if (level) parts.log[level]({ err: error, path }, "a socket failed");
    },
  });

  const acceptTrpc = async (incoming: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    const headers = headersOf(incoming);
    if (headers.has("origin") && !parts.identity.isOriginAllowed(headers)) return refuse(socket, 403);
    const { context } = await openContext(parts, incoming, headers, "ws");
    opened.set(incoming, context);
    trpcServer.handleUpgrade(incoming, socket, head, (client) => {
      const connection = book.open("trpc");
      if (!connection) return client.close(closeCodes.tryAgainLater, "too_many_connections");
      // A visitor who has only a cookie gets a row by what the socket asks for.
      const shopperId = context.caller.shopperId ?? context.visitorId?.();
      const stopWatching = hub.watchSession({ ...context.caller, shopperId }, () =>
        client.close(closeCodes.unauthenticated, "session_ended"),
      );
      client.once("close", () => {
        stopWatching();
        connection.close();
      });
      trpc.accept(client, incoming);
    });
  };

  const acceptPlain = async (incoming: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    const headers = headersOf(incoming);
    const origin = originOf(incoming, parts.site);
    const admission = await admitSocket(
      { url: urlOf(incoming, origin).href, headers },
      {
        db: parts.handle.db,
        clock: parts.clock,
        resolveCaller: (from) => parts.identity.resolveCaller(from),
        isOriginAllowed: () => parts.identity.isOriginAllowed(headers),
      },
    );
    if (admission.kind === "refused") return refuse(socket, admission.httpStatus);
    plainServer.handleUpgrade(incoming, socket, head, (client: WebSocket) => {
      if (admission.kind === "closed") return client.close(admission.code, admission.reason);
      const { caller, resumeFrom } = admission;
      sockets.accept(client, { caller, ...(resumeFrom !== undefined && { resumeFrom }) });
    });
  };

  server.on("upgrade", (incoming, socket, head) => {
    const path = (incoming.url ?? "").split("?")[0];
    const accept = path === trpcPath ? acceptTrpc : path === plainPath ? acceptPlain : undefined;
    socket.on("error", () => socket.destroy());
    if (!accept) return refuse(socket, 404);
    accept(incoming, socket, head).catch((err: unknown) => {
      if (isAppError(findAppError(err), "api_key_invalid")) return refuse(socket, 401);
      parts.log.warn({ err }, "an upgrade failed");
      refuse(socket, 503);
    });
  });
  sockets.start();
  return {
    stop() {
      trpc.announceReconnect();
      sockets.stop();
      for (const wss of [trpcServer, plainServer]) {
        for (const client of wss.clients) client.close(closeCodes.goingAway, "restarting");
        wss.close();
      }
    },
  };
}

const statusTexts: Record<number, string> = {
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  503: "Service Unavailable",
};

/** What `ws` says of bytes that are none of its protocol. */
function refuse(socket: Duplex, status: number): void {
  if (socket.destroyed) return;
  socket.end(
    `HTTP/1.1 ${status} ${statusTexts[status] ?? ""}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
  );
}

function headersOf(incoming: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (typeof value === "string") headers.set(name, value);
    else for (const one of value ?? []) headers.append(name, one);
  }
  return headers;
}
