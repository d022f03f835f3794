/** One of the servers that the live benches compare, in a process of its own. It is told by messages what to publish. */
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { migrate, openDatabase } from "@almanac/db";
import { createInProcessBus, createRedisBus } from "@almanac/events";
import { aRequestContext } from "@almanac/events/testing";
import { systemClock } from "@almanac/kernel";
import {
  createConnectionBook,
  createLiveHub,
  createTrpcSockets,
  publishLive,
  shopperChannel,
  trpcSocketServerOptions,
} from "@almanac/realtime";
import { realtimeRoutes } from "@almanac/realtime/router";
import { anonymousCaller, router, silentLogger } from "@almanac/trpc";
import type { ShopperId } from "@almanac/kernel";
import { applyWSSHandler } from "@trpc/server/adapters/ws";
import { Server as SocketIoServer } from "socket.io";
import { WebSocketServer, type WebSocket } from "ws";

/** Bare `ws`; the live lane; the same by tRPC's own handler; Socket.IO. */
export type ServerKind = "bare" | "lane" | "stock" | "socket.io";

export interface ServerOptions {
  readonly kind: ServerKind;
  /** Where the messages are kept; in memory unless set. */
  readonly dataDir?: string;
  /** Of a database and a Redis that several servers share. */
  readonly databaseUrl?: string;
  readonly redisUrl?: string;
  /** Any free one unless set. */
  readonly port?: number;
}

export interface Usage {
  readonly cpu: { readonly user: number; readonly system: number };
  readonly rssBytes: number;
  /** The most that waits for one reader in this process, in bytes. */
  readonly maxWaiting: number;
  /** Connections that are open. */
  readonly open: number;
}

/** What the parent asks for. */
export type Command =
  { readonly kind: "publish"; readonly text: string; readonly shopper?: number } | { readonly kind: "usage" };

const options = JSON.parse(process.argv[2] ?? "{}") as ServerOptions;
const { kind, dataDir = "memory", databaseUrl, redisUrl, port = 0 } = options;
const http = createServer();
const sockets = new Set<Socket>();
http.on("connection", (socket) => {
  sockets.add(socket);
  socket.once("close", () => sockets.delete(socket));
});
const publish =
  kind === "bare" ? serveBare() : kind === "socket.io" ? serveSocketIo() : await serveLane(kind);

/** Nothing but `ws`: each message made into text once, and sent to everybody. */
function serveBare(): (text: string) => Promise<void> {
  const server = new WebSocketServer({ server: http, perMessageDeflate: false });
  return (text) => {
    const frame = JSON.stringify({ id: 1, result: { type: "data", data: { data: { payload: { text } } } } });
    for (const socket of server.clients) socket.send(frame);
    return Promise.resolve();
  };
}

/** Socket.IO over WebSocket alone, as it is without options; each message is made into text once for a room. */
function serveSocketIo(): (text: string) => Promise<void> {
  const io = new SocketIoServer(http, { transports: ["websocket"], serveClient: false });
  io.on("connection", (socket) => {
    void socket.join("trending");
    socket.emit("message", { type: "CONNECTION_ACK" });
  });
  return (text) => {
    io.to("trending").emit("message", { payload: { text } });
    return Promise.resolve();
  };
}

/** The live lane: the messages' table, the hub, the tRPC procedure; with shared frames, or by the stock handler. */
async function serveLane(adapter: ServerKind): Promise<(text: string, shopper?: number) => Promise<void>> {
  const handle = await openDatabase(databaseUrl === undefined ? { dataDir } : { url: databaseUrl });
  await migrate(handle);
  const bus =
    redisUrl === undefined ? createInProcessBus() : createRedisBus({ url: redisUrl, log: silentLogger });
  const clock = systemClock;
  const hub = createLiveHub({ handle, bus, clock, log: silentLogger });
  await hub.start();
  const book = createConnectionBook({
    handle,
    clock,
    log: silentLogger,
    nodeId: "bench",
    maxConnections: 20_000,
  });
  const routes = router(realtimeRoutes({ hub, book }));
  // Whose socket it is stands in the address: finding that out is the business of the session, not of the lane.
  const createContext = (incoming: IncomingMessage) => {
    const shopper = Number(new URL(incoming.url ?? "/", "http://localhost").searchParams.get("shopper") ?? 0);
    return aRequestContext(handle, { caller: { ...anonymousCaller, shopperId: shopperId(shopper) }, clock });
  };
  const server = new WebSocketServer({ ...trpcSocketServerOptions, server: http });
  if (adapter === "stock") {
    applyWSSHandler({ wss: server, router: routes, createContext: ({ req }) => createContext(req) });
  } else {
    const sockets = createTrpcSockets({
      router: routes,
      createContext: (req) => Promise.resolve(createContext(req)),
    });
    server.on("connection", (socket: WebSocket, incoming: IncomingMessage) =>
      sockets.accept(socket, incoming),
    );
  }
  return async (text, shopper) => {
    const topic = shopper === undefined ? "trending" : shopperChannel(shopperId(shopper), "trending");
    await publishLive(handle.db, bus, { topic, type: "AI_INSIGHT", payload: { title: "news", text } });
  };
}

function shopperId(n: number): ShopperId {
  return `01980000-0000-7000-8000-${String(n).padStart(12, "0")}` as ShopperId;
}

http.listen(port, "127.0.0.1");
await once(http, "listening");
process.on("message", (command: Command) => {
  if (command.kind === "publish") {
    void publish(command.text, command.shopper);
    return;
  }
  globalThis.gc?.();
  const { rss: rssBytes } = process.memoryUsage();
  const usage: Usage = { cpu: process.cpuUsage(), rssBytes, maxWaiting: maxWaiting(), open: sockets.size };
  process.send?.(usage);
});
process.on("disconnect", () => process.exit(0));
process.send?.({ port: (http.address() as AddressInfo).port });

function maxWaiting(): number {
  let most = 0;
  for (const socket of sockets) most = Math.max(most, socket.writableLength);
  return most;
}
