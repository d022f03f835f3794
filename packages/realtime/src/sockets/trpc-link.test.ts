import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { inflateRawSync, constants } from "node:zlib";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import { createInProcessBus } from "@almanac/events";
import { aRequestContext, fakeClock } from "@almanac/events/testing";
import { router, silentLogger, anonymousCaller } from "@almanac/trpc";
import { createTRPCClient, createWSClient, wsLink } from "@trpc/client";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { createConnectionBook, type ConnectionBook } from "../doors/connections.ts";
import { SharedFrames } from "./frames.ts";
import { createLiveHub, type LiveHub } from "../hub/hub.ts";
import { publishLive } from "../hub/publish.ts";
import { realtimeRoutes } from "../router.ts";
import { createTrpcSockets, trpcSocketServerOptions, type TrpcSockets } from "./trpc-sockets.ts";

const waitFor = <T>(check: () => T): Promise<T> => vi.waitFor(check, { interval: 5, timeout: 20_000 });

describeOnEveryDatabase("tRPC over sockets", (test) => {
  const clock = fakeClock();
  const bus = createInProcessBus();
  let hub: LiveHub;
  let book: ConnectionBook;
  let http: Server;
  let server: WebSocketServer;
  let sockets: TrpcSockets;
  let nowMs = 0;

  const rootRouter = () => router(realtimeRoutes({ hub, book }));
  const url = (query = ""): string => `ws://127.0.0.1:${(http.address() as AddressInfo).port}/trpc${query}`;

  beforeEach(async () => {
    nowMs = 0;
    hub = createLiveHub({ handle: test.handle, bus, clock, log: silentLogger, pollMs: 3_600_000 });
    await hub.start();
    book = createConnectionBook({ handle: test.handle, clock, log: silentLogger, nodeId: "a" });
    http = createServer();
    server = new WebSocketServer({ ...trpcSocketServerOptions, server: http });
    sockets = createTrpcSockets({
      router: rootRouter(),
      createContext: () => Promise.resolve(aRequestContext(test.handle, { caller: anonymousCaller, clock })),
      monotonic: () => nowMs,
      settings: { connectionParamsMs: 30, pingMs: 3_600_000 },
    });
    server.on("connection", (socket: WebSocket, incoming: IncomingMessage) =>
      sockets.accept(socket, incoming),
    );
    http.listen(0, "127.0.0.1");
    await once(http, "listening");
  });
  afterEach(async () => {
    for (const client of server.clients) client.terminate();
    server.close();
    await new Promise((resolve) => http.close(resolve));
    await hub.stop();
  });

  function linkedClient() {
    // tRPC asks for the browser's WebSocket class; this one has what it uses.
    const socketClass: unknown = WebSocket;
    const wsClient = createWSClient({
      url: url(),
      WebSocket: socketClass as typeof globalThis.WebSocket,
      retryDelayMs: () => 20,
    });
    const client = createTRPCClient<ReturnType<typeof rootRouter>>({ links: [wsLink({ client: wsClient })] });
    return { client, wsClient };
  }

  const say = (text: string) =>
    publishLive(test.db, bus, { topic: "trending", type: "AI_INSIGHT", payload: { title: "news", text } });

  function follow({ client }: ReturnType<typeof linkedClient>) {
    const texts: string[] = [];
    const subscription = client.realtime.live.subscribe(
      { topics: ["trending"] },
      {
        onData: ({ data: { type, payload } }) => {
          if (type === "AI_INSIGHT") texts.push(payload.text);
        },
      },
    );
    return { texts, subscription };
  }

  it("resumes by itself after a broken connection, without a gap, and leaves nothing behind", async () => {
    const linked = linkedClient();
    const { texts, subscription } = follow(linked);
    await waitFor(() => expect(book.figures().topics).toEqual({ trending: 1 }));
    // Broken before the first message: it resumes from where it began.
    for (const socket of server.clients) socket.terminate();
    await say("1");
    await waitFor(() => expect(texts).toEqual(["1"]));
    for (const socket of server.clients) socket.terminate();
    for (const text of ["2", "3"]) await say(text);
    await waitFor(() => expect(texts).toEqual(["1", "2", "3"]));
    await say("4");
    await waitFor(() => expect(texts).toEqual(["1", "2", "3", "4"]));
    subscription.unsubscribe();
    await waitFor(() => expect(hub.subscriberCount()).toBe(0));
    expect(book.figures().topics).toEqual({});
    await linked.wsClient.close();
    await waitFor(() => expect(sockets.count()).toBe(0));
  });

  it("makes one frame for all who count their requests alike, and each link reads it", async () => {
    const framed = vi.spyOn(SharedFrames.prototype, "trpcSocket");
    const many = Array.from({ length: 5 }, linkedClient);
    const followed = many.map(follow);
    await waitFor(() => expect(hub.subscriberCount()).toBe(10));
    const long = "plums and damsons ".repeat(100);
    for (const text of ["short", long]) await say(text);
    await waitFor(() => {
      for (const { texts } of followed) expect(texts).toEqual(["short", long]);
    });
    expect(framed).toHaveBeenCalledTimes(10);
    const frames = new Set(framed.mock.results.map(({ value }) => value as unknown));
    const requests = new Set(framed.mock.calls.map(([request]) => request));
    expect(frames.size).toBe(2 * requests.size);
    framed.mockRestore();
    for (const { wsClient } of many) await wsClient.close();
    await waitFor(() => expect(hub.subscriberCount()).toBe(0));
  });

  it("asks clients to come back when the server goes, and they miss nothing", async () => {
    const linked = linkedClient();
    const { texts } = follow(linked);
    await waitFor(() => expect(hub.subscriberCount()).toBe(2));
    const [before] = server.clients;
    sockets.announceReconnect();
    await say("meanwhile");
    await waitFor(() => expect(texts).toEqual(["meanwhile"]));
    await waitFor(() => expect([...server.clients]).not.toContain(before));
    await linked.wsClient.close();
  });

  /** A client that speaks the protocol by hand. */
  async function rawClient(query = "") {
    const socket = new WebSocket(url(query));
    const received: Record<string, unknown>[] = [];
    socket.on("message", (data: Buffer) => {
      received.push(JSON.parse(data.toString()) as Record<string, unknown>);
    });
    const closed = once(socket, "close").then(([code]) => code as number);
    await once(socket, "open");
    return { socket, received, closed, send: (value: unknown) => socket.send(JSON.stringify(value)) };
  }
  const poll = (id: number) => ({ id, method: "query", params: { path: "realtime.poll", input: {} } });
  const live = (id: number) => ({ id, method: "subscription", params: { path: "realtime.live", input: {} } });
  const errorsOf = (received: Record<string, unknown>[]) => received.filter((message) => "error" in message);

  it("refuses what comes faster than 20 messages a second, and goes on afterwards", async () => {
    const { received, send } = await rawClient();
    for (let id = 1; id <= 100; id++) send(poll(id));
    await waitFor(() => expect(received).toHaveLength(100));
    expect(errorsOf(received)).toHaveLength(40);
    expect(errorsOf(received)[0]).toMatchObject({
      id: 61,
      error: { code: -32029, data: { reason: "too_many_requests" } },
    });
    nowMs += 1_000;
    for (let id = 101; id <= 120; id++) send(poll(id));
    await waitFor(() => expect(received).toHaveLength(120));
    expect(errorsOf(received)).toHaveLength(40);
  });

  it("refuses a batch that is too large, and too many subscriptions", async () => {
    const { received, send } = await rawClient();
    send(Array.from({ length: 31 }, (_, i) => poll(i + 1)));
    await waitFor(() => expect(received).toMatchObject([{ id: null, error: { code: -32700 } }]));
    send(Array.from({ length: 21 }, (_, i) => live(i + 1)));
    await waitFor(() => expect(errorsOf(received)[1]).toMatchObject({ id: 21 }));
    const stopOf = (id: number) => ({ id, method: "subscription.stop" });
    // One stops and another begins in the same message.
    send([stopOf(1), live(22)]);
    await waitFor(() =>
      expect(received).toContainEqual(expect.objectContaining({ id: 1, result: { type: "stopped" } })),
    );
    await waitFor(() =>
      expect(received).toContainEqual(
        expect.objectContaining({ id: 22, result: { type: "started" } }) as unknown,
      ),
    );
  });

  it("ends a connection that sends pings without end, each of which it would answer", async () => {
    const socket = new WebSocket(url());
    await once(socket, "open");
    const closed = once(socket, "close");
    for (let sent = 0; sent < 501; sent += 1) socket.send("PING");
    expect((await closed)[0]).toBe(1006);
  });

  it("does nothing for who was told to close and sends all the same", async () => {
    const follow = vi.spyOn(hub.presence, "follow");
    const { socket, send, received } = await rawClient();
    send(poll(1));
    await waitFor(() => expect(received).toHaveLength(1));
    expect(follow).toHaveBeenCalledTimes(1);
    const [open] = server.clients;
    // It does not read that it should close, so that it does not answer.
    socket.pause();
    open?.close(4401, "session_ended");
    const isRead = once(open!, "ping");
    send(poll(2));
    socket.ping();
    await isRead;
    // Whoever asks later is answered later.
    const other = await rawClient();
    other.send(poll(1));
    await waitFor(() => expect(other.received).toHaveLength(1));
    expect(follow).toHaveBeenCalledTimes(2);
  });

  it("stops what was asked to stop in the same moment, and has no more than twenty whatever is asked", async () => {
    const { received, send } = await rawClient();
    const stops = Array.from({ length: 20 }, (_, i) => ({ id: i + 1, method: "subscription.stop" }));
    send(stops.map(({ id }) => live(id)));
    send(stops);
    const stopped = () =>
      received.filter(({ result }) => (result as { type?: string } | undefined)?.type === "stopped");
    await waitFor(() => expect(stopped()).toHaveLength(20));
    await waitFor(() => expect(hub.subscriberCount()).toBe(0));
    // The end of a second call under an id is not taken for that of the first.
    nowMs += 3_000;
    for (let id = 101; id <= 120; id++) send([live(id), live(id)]);
    await waitFor(() => expect(errorsOf(received)).toHaveLength(20));
    nowMs += 3_000;
    send(live(121));
    await waitFor(() => expect(errorsOf(received)).toHaveLength(21));
    expect(book.figures().topics["price_drops"]).toBe(20);
  });

  it("ends a connection that promises parameters and sends none", async () => {
    const { closed } = await rawClient("?connectionParams=1");
    expect(await closed).toBe(4408);
  });
});

it("compresses a message once for all who take it compressed, whatever surrounds it", () => {
  const items = Array.from({ length: 1_000 }, (_, i) => ({
    card: { id: `p${i}`, slug: `tomato-${i}`, name: `Tomato number ${i}` },
  }));
  const text = JSON.stringify({ v: 1, id: "7", type: "TRENDING_UPDATE", payload: { items } });
  const frames = new SharedFrames(7, text);
  const inflate = (frame: Buffer): string => {
    const header = (frame[1] ?? 0) === 127 ? 10 : 4;
    const deflated = Buffer.concat([frame.subarray(header), Buffer.from([0, 0, 0xff, 0xff])]);
    return inflateRawSync(deflated, { finishFlush: constants.Z_SYNC_FLUSH }).toString();
  };
  for (const { deflated, plain, text: whole } of [frames.plainSocket(), frames.trpcSocket('"id":3')]) {
    if (!deflated) throw new Error("a large message has a compressed form");
    expect(inflate(deflated)).toBe(whole);
    expect(JSON.parse(whole)).toBeTypeOf("object");
    expect(1 - deflated.length / plain.length).toBeGreaterThanOrEqual(0.6);
  }
  expect(
    new SharedFrames(8, JSON.stringify({ text: "x".repeat(180) })).plainSocket().deflated,
  ).toBeUndefined();
});
