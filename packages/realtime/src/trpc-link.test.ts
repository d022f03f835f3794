import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import { createInProcessBus } from "@almanac/events";
import { aRequestContext, fakeClock } from "@almanac/events/testing";
import { router, silentLogger, anonymousCaller } from "@almanac/trpc";
import { createTRPCClient, createWSClient, wsLink } from "@trpc/client";
import { applyWSSHandler } from "@trpc/server/adapters/ws";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { createConnectionBook, type ConnectionBook } from "./connections.ts";
import { createLiveHub, type LiveHub } from "./hub.ts";
import { publishLive } from "./publish.ts";
import { realtimeRoutes } from "./router.ts";

describeOnEveryDatabase("the real tRPC link", (test) => {
  const clock = fakeClock();
  const bus = createInProcessBus();
  let hub: LiveHub;
  let book: ConnectionBook;
  let server: WebSocketServer;

  const rootRouter = () => router(realtimeRoutes({ hub, book }));

  beforeEach(async () => {
    hub = createLiveHub({ handle: test.handle, bus, log: silentLogger, pollMs: 3_600_000 });
    await hub.start();
    book = createConnectionBook({ handle: test.handle, clock, log: silentLogger, nodeId: "a" });
    server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    await once(server, "listening");
    const createContext = () => aRequestContext(test.handle, { caller: anonymousCaller, clock });
    applyWSSHandler({ wss: server, router: rootRouter(), createContext });
  });
  afterEach(async () => {
    for (const client of server.clients) client.terminate();
    await new Promise((resolve) => server.close(resolve));
    await hub.stop();
  });

  it("resumes by itself after a broken connection, without a gap, and leaves nothing behind", async () => {
    const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
    // tRPC asks for the browser's WebSocket class; this one has what it uses.
    const socketClass: unknown = WebSocket;
    const wsClient = createWSClient({
      url,
      WebSocket: socketClass as typeof globalThis.WebSocket,
      retryDelayMs: () => 20,
    });
    const client = createTRPCClient<ReturnType<typeof rootRouter>>({ links: [wsLink({ client: wsClient })] });
    const texts: unknown[] = [];
    const subscription = client.realtime.live.subscribe(
      { topics: ["trending"] },
      {
        onData: ({ data: { type, payload } }) => {
          if (type === "AI_INSIGHT") texts.push(payload.text);
        },
      },
    );
    const say = (text: string) =>
      publishLive(test.db, bus, { topic: "trending", type: "AI_INSIGHT", payload: { title: "news", text } });

    await vi.waitFor(() => expect(book.figures().topics).toEqual({ trending: 1 }), { interval: 5 });
    // Broken before the first message: it resumes from where it began.
    for (const socket of server.clients) socket.terminate();
    await say("1");
    await vi.waitFor(() => expect(texts).toEqual(["1"]), { interval: 5 });
    for (const socket of server.clients) socket.terminate();
    for (const text of ["2", "3"]) await say(text);
    await vi.waitFor(() => expect(texts).toEqual(["1", "2", "3"]), { interval: 5, timeout: 10_000 });
    await say("4");
    await vi.waitFor(() => expect(texts).toEqual(["1", "2", "3", "4"]), { interval: 5 });
    subscription.unsubscribe();
    await vi.waitFor(() => expect(hub.subscriberCount()).toBe(0), { interval: 5 });
    expect(book.figures().topics).toEqual({});
    await wsClient.close();
  });
});
