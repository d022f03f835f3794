/** One of the servers that live-lane.ts compares, in a process of its own. It is told by messages what to publish. */
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { migrate, openDatabase } from "@almanac/db";
import { createInProcessBus } from "@almanac/events";
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
import { WebSocketServer, type WebSocket } from "ws";

/** What the parent asks for. */
export type Command =
  { readonly kind: "publish"; readonly text: string; readonly shopper?: number } | { readonly kind: "usage" };

const [kind = "bare"] = process.argv.slice(2);
const http = createServer();
const sockets = new Set<Socket>();
http.on("connection", (socket) => {
  sockets.add(socket);
  socket.once("close", () => sockets.delete(socket));
});
const publish = kind === "bare" ? serveBare() : await serveLane(kind);

/** Nothing but `ws`: each message made into text once, and sent to everybody. */
function serveBare(): (text: string) => Promise<void> {
  const server = new WebSocketServer({ server: http, perMessageDeflate: false });
  return (text) => {
    const frame = JSON.stringify({ id: 1, result: { type: "data", data: { data: { payload: { text } } } } });
    for (const socket of server.clients) socket.send(frame);
    return Promise.resolve();
  };
}

/** The live lane: the messages' table, the hub, the tRPC procedure; with shared frames, or by the stock handler. */
async function serveLane(adapter: string): Promise<(text: string, shopper?: number) => Promise<void>> {
  const handle = await openDatabase({ dataDir: "memory" });
  await migrate(handle);
  const bus = createInProcessBus();
  const hub = createLiveHub({ handle, bus, log: silentLogger });
  await hub.start();
  const clock = systemClock;
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

http.listen(0, "127.0.0.1");
await once(http, "listening");
process.on("message", (command: Command) => {
  if (command.kind === "publish") {
    void publish(command.text, command.shopper);
    return;
  }
  globalThis.gc?.();
  process.send?.({ cpu: process.cpuUsage(), rssBytes: process.memoryUsage().rss, maxWaiting: maxWaiting() });
});
process.on("disconnect", () => process.exit(0));
process.send?.({ port: (http.address() as AddressInfo).port });

/** The most that waits for one reader, in bytes. */
function maxWaiting(): number {
  let most = 0;
  for (const socket of sockets) most = Math.max(most, socket.writableLength);
  return most;
}
