import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { PassThrough } from "node:stream";
import { apiKeys, liveMessages, liveTickets, sessions, shoppers } from "@almanac/db/schema";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import { createInProcessBus } from "@almanac/events";
import { aRequestContext, fakeClock } from "@almanac/events/testing";
import { seededRng, type FarmId, type ShopperId, type UserId } from "@almanac/kernel";
import { anonymousCaller, createCallerFactory, router, silentLogger, type Caller } from "@almanac/trpc";
import { sql } from "drizzle-orm";
import { afterEach, beforeEach, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { admitSocket } from "./admission.ts";
import { createConnectionBook, type ConnectionBook } from "./connections.ts";
import { shopperChannel } from "../core/topics.ts";
import { createLiveHub, type LiveHub } from "../hub/hub.ts";
import { publishLive } from "../hub/publish.ts";
import { realtimeRoutes } from "../router.ts";
import { createLiveSockets, socketServerOptions } from "../sockets/sockets.ts";
import { createLiveEvents } from "./sse.ts";
import { removeOldLiveMessages } from "../store.ts";
import { addSessions } from "../testing.ts";

const shopperId = "01980000-0000-7000-8000-0000000000a1" as ShopperId;
const userId = "01980000-0000-7000-8000-0000000000b1" as UserId;
const farmId = "01980000-0000-7000-8000-0000000000f1" as FarmId;
const sessionId = "01980000-0000-7000-8000-0000000000e1";
const maya: Caller = {
  ...anonymousCaller,
  kind: "user",
  userId,
  shopperId,
  sessionId,
  email: "maya@demo.example",
};

describeOnEveryDatabase("the doors to the live lane", (test) => {
  let clock = fakeClock();
  const bus = createInProcessBus();
  let hub: LiveHub;
  let book: ConnectionBook;

  beforeEach(async () => {
    clock = fakeClock();
    hub = createLiveHub({ handle: test.handle, bus, clock, log: silentLogger, pollMs: 3_600_000 });
    await hub.start();
    book = createConnectionBook({
      handle: test.handle,
      clock,
      log: silentLogger,
      nodeId: "a",
      maxConnections: 3,
    });
    await addSessions(test.db, userId, sessionId);
    await test.db.insert(shoppers).values({ id: shopperId, userId });
  });
  afterEach(() => hub.stop());

  const news = (text: string, topic = "price_drops") =>
    publishLive(test.db, bus, { topic, type: "AI_INSIGHT", payload: { title: "news", text } });

  function as(caller: Caller) {
    return createCallerFactory(router(realtimeRoutes({ hub, book })))(
      aRequestContext(test.handle, { caller, clock }),
    );
  }

  it("streams tracked messages by tRPC, and resumes from the last one", async () => {
    const cursor = await news("missed before");
    await news("missed");
    const stream = (await as(maya).realtime.live({ lastEventId: cursor }))[Symbol.asyncIterator]();
    const ack = await stream.next();
    expect(ack.value).toMatchObject({
      0: cursor,
      1: { type: "CONNECTION_ACK", payload: { resumeFrom: cursor } },
    });
    const first = await stream.next();
    expect(first.value).toMatchObject({
      0: String(Number(cursor) + 1),
      1: { type: "AI_INSIGHT", payload: { text: "missed" } },
    });
    const second = stream.next();
    await news("live", shopperChannel(shopperId, "personalized"));
    expect((await second).value).toMatchObject({ 1: { topic: "personalized", payload: { text: "live" } } });
    expect(book.figures().topics).toEqual({ price_drops: 1, personalized: 1 });
    await stream.return?.(undefined);
    expect(book.figures().topics).toEqual({});
    expect(hub.subscriberCount()).toBe(0);
  });

  it("refuses a subscription to another farm's sales before it begins", async () => {
    const refused = as(maya).realtime.live({ topics: [`farm:${farmId}:sales`] });
    await expect(refused).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  it("answers a poll with what came since the cursor, and nothing new when nothing is", async () => {
    const start = await as(maya).realtime.poll({});
    expect(start.messages).toEqual([]);
    await news("one");
    await news("elsewhere", "trending");
    const next = await as(maya).realtime.poll({ cursor: start.cursor });
    expect(next.messages.map(({ payload }) => payload["text"])).toEqual(["one"]);
    const idle = await as(maya).realtime.poll({ cursor: next.cursor });
    expect(idle).toEqual({ messages: [], cursor: next.cursor });
  });

  it("tells a cursor of another life of the database to start over, at every door", async () => {
    await news("one");
    await hub.catchUp();
    const newest = String(hub.lastSeq());
    const startsOver = { resumeFrom: newest, startsOver: true };
    const poll = await as(maya).realtime.poll({ cursor: "1000000" });
    expect(poll).toEqual({ messages: [], cursor: newest, startsOver: true });
    const stream = (await as(maya).realtime.live({ lastEventId: "1000000" }))[Symbol.asyncIterator]();
    expect((await stream.next()).value).toMatchObject({ 0: newest, 1: { payload: startsOver } });
    await stream.return?.(undefined);
    const { next, gone, ended } = await openEvents("", { "last-event-id": "1000000" });
    expect(await next()).toMatch(new RegExp(`^retry: 2000\nid: ${newest}\ndata: .*"startsOver":true`));
    gone.abort();
    await ended;
  });

  it("knows a cursor again after everything up to it was removed", async () => {
    const cursor = await news("old");
    await test.db.update(liveMessages).set({ at: sql`now() - interval '11 minutes'` });
    await removeOldLiveMessages(test.db);
    const restarted = createLiveHub({ handle: test.handle, bus, clock, log: silentLogger });
    await restarted.start();
    expect(restarted.lastSeq()).toBe(0);
    await hub.stop();
    hub = restarted;
    expect(await as(maya).realtime.poll({ cursor })).toEqual({ messages: [], cursor });
    const stream = (await as(maya).realtime.live({ lastEventId: cursor }))[Symbol.asyncIterator]();
    const ack = await stream.next();
    expect(ack.value).toMatchObject({ 0: cursor });
    expect(ack.value).not.toHaveProperty("1.payload.startsOver");
    await news("new");
    expect((await stream.next()).value).toMatchObject({ 1: { payload: { text: "new" } } });
    await stream.return?.(undefined);
  });

  const admission = (path: string, headers: Record<string, string> = {}) =>
    admitSocket(
      { url: path, headers: new Headers(headers) },
      {
        db: test.db,
        clock,
        resolveCaller: () => Promise.resolve(anonymousCaller),
        isOriginAllowed: (origin) => origin === "https://market.example",
      },
    );

  it("admits by ticket once, with the rights of whoever asked for it, and keeps only a hash", async () => {
    const { ticket } = await as(maya).realtime.ticket();
    const [kept] = await test.db.select().from(liveTickets);
    expect(JSON.stringify(kept)).not.toContain(ticket);
    expect(JSON.stringify(kept)).not.toContain("maya@");
    const path = `/ws/recommendations?ticket=${ticket}&resumeFrom=12`;
    const admitted = await admission(path);
    expect(admitted).toMatchObject({
      kind: "admitted",
      resumeFrom: "12",
      caller: { userId, shopperId, sessionId },
    });
    expect(await admission(path)).toMatchObject({ kind: "closed", code: 4401 });
  });

  it("refuses a ticket after 30 seconds, and one that never was", async () => {
    const { ticket } = await as(maya).realtime.ticket();
    clock.advance(30_000);
    expect(await admission(`/ws?ticket=${ticket}`)).toMatchObject({ kind: "closed", code: 4401 });
    expect(await admission("/ws?ticket=guess")).toMatchObject({ kind: "closed", code: 4401 });
  });

  it("refuses a ticket whose session has ended or whose key was revoked, though it is young", async () => {
    const keyId = "01980000-0000-7000-8000-0000000000c1";
    const key = { id: keyId, name: "mine", prefix: "p", hash: "h", scopes: ["shop"], userId };
    await test.db.insert(apiKeys).values(key);
    const withKey: Caller = { ...maya, kind: "api-key", sessionId: undefined, keyId, scopes: ["shop"] };
    const ofKey = [await as(withKey).realtime.ticket(), await as(withKey).realtime.ticket()];
    const ofSession = await as(maya).realtime.ticket();
    expect(await admission(`/ws?ticket=${ofKey[0]?.ticket}`)).toMatchObject({ kind: "admitted" });
    await test.db.update(apiKeys).set({ revokedAt: clock.now() });
    await test.db.delete(sessions);
    for (const { ticket } of [ofKey[1]!, ofSession]) {
      expect(await admission(`/ws?ticket=${ticket}`)).toMatchObject({ kind: "closed", code: 4401 });
    }
  });

  it("refuses a user id in the address, and pages of other sites", async () => {
    expect(await admission(`/ws/recommendations?userId=${userId}`)).toMatchObject({
      kind: "closed",
      code: 4401,
    });
    expect(await admission("/ws", { origin: "https://evil.example" })).toEqual({
      kind: "refused",
      httpStatus: 403,
    });
    expect(await admission("/ws", { origin: "https://market.example" })).toMatchObject({ kind: "admitted" });
  });

  it("gives two redemptions of one ticket at the same moment one connection", async () => {
    const { ticket } = await as(maya).realtime.ticket();
    const both = await Promise.all([1, 2].map(() => admission(`/ws?ticket=${ticket}`)));
    expect(both.filter(({ kind }) => kind === "admitted")).toHaveLength(1);
  });

  it("shows the figures to operators alone", async () => {
    await expect(as(maya).realtime.stats()).rejects.toMatchObject({ code: "FORBIDDEN" });
    const stats = await as({ ...maya, roles: ["operator"] }).realtime.stats();
    expect(stats).toMatchObject({ totalConnections: 0, activeConnections: 0, subscriptionBreakdown: {} });
    await expect(as(maya).realtime.alerts()).rejects.toMatchObject({ code: "FORBIDDEN" });
    expect(await as({ ...maya, roles: ["operator"] }).realtime.alerts()).toEqual([]);
  });

  /** Opens an event stream; `next` reads it chunk by chunk. */
  async function openEvents(query = "", headers: Record<string, string> = {}, caller = maya) {
    const events = createLiveEvents({ hub, book, handle: test.handle, clock, log: silentLogger });
    const gone = new AbortController();
    const request = {
      url: `/api/realtime/events${query}`,
      headers: new Headers(headers),
      signal: gone.signal,
    };
    const stream = new PassThrough();
    const ended = events.serve(request, caller, () => stream);
    // What is refused is refused before anything is written.
    await Promise.race([ended, once(stream, "readable")]);
    const chunks = stream[Symbol.asyncIterator]();
    const next = async (): Promise<string | undefined> => {
      const { value, done } = (await chunks.next()) as IteratorResult<Buffer>;
      return done ? undefined : value.toString();
    };
    return { next, gone, events, ended };
  }

  it("streams events whose id a browser sends back, and resumes without a gap", async () => {
    const cursor = await news("missed before");
    await news("missed");
    const query = "?topics=price_drops,trending";
    const { next, gone, ended } = await openEvents(query, { "last-event-id": cursor });
    let read = "";
    const readUntil = async (text: string): Promise<string> => {
      while (!read.includes(text)) read += await next();
      return read;
    };
    expect(await readUntil("missed")).toContain(
      `retry: 2000\nid: ${cursor}\ndata: {"v":1,"id":"${cursor}","type":"CONNECTION_ACK"`,
    );
    expect(read).toMatch(new RegExp(`\n\nid: ${Number(cursor) + 1}\ndata: .*"text":"missed".*\n\n$`));
    await news("live", "trending");
    expect(await readUntil("live")).toContain('"text":"live"');
    expect(book.figures()).toMatchObject({ active: { sse: 1 }, topics: { price_drops: 1, trending: 1 } });
    gone.abort();
    expect(await next()).toBeUndefined();
    await ended;
    expect(book.figures()).toMatchObject({ active: { sse: 0 }, topics: {} });
    expect(hub.subscriberCount()).toBe(0);
  });

  it("cleans up after a reader that leaves, and ends all streams when the server stops", async () => {
    const left = await openEvents();
    left.gone.abort();
    await left.ended;
    const stopped = await openEvents();
    await stopped.next();
    stopped.events.stop();
    expect(await stopped.next()).toBeUndefined();
    expect(book.figures().active.sse).toBe(0);
    expect(hub.subscriberCount()).toBe(0);
  });

  it("refuses streams of topics that are not the caller's, and more streams than it can hold", async () => {
    await expect(openEvents(`?topics=farm:${farmId}:sales`)).rejects.toMatchObject({
      code: "topic_forbidden",
    });
    await expect(openEvents("?topics=gossip")).rejects.toMatchObject({ code: "input_invalid" });
    const open = [await openEvents(), await openEvents(), await openEvents()];
    await expect(openEvents()).rejects.toMatchObject({ code: "too_many_connections" });
    for (const { gone } of open) gone.abort();
    await Promise.all(open.map(({ ended }) => ended));
  });

  it("still gives an event stream when it has all the sockets that it may have", async () => {
    const sockets = [1, 2, 3].map(() => book.open("trpc"));
    expect(book.open("websocket")).toBeUndefined();
    const { gone, ended } = await openEvents();
    gone.abort();
    await ended;
    for (const socket of sockets) socket?.close();
    expect(book.figures().active).toEqual({ websocket: 0, trpc: 0, sse: 0 });
  });

  it("speaks to a real socket, and ends one that sends 17 KB", async () => {
    const sockets = createLiveSockets({
      hub,
      book,
      handle: test.handle,
      bus,
      clock,
      log: silentLogger,
      rng: seededRng(1),
      recommend: () => Promise.resolve({ items: [] }),
    });
    const http = createServer();
    const server = new WebSocketServer({ ...socketServerOptions, server: http });
    server.on("connection", (socket) => sockets.accept(socket, { caller: maya }));
    http.listen(0, "127.0.0.1");
    await once(http, "listening");
    const client = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`);
    const received: string[] = [];
    client.on("message", (data: Buffer) => void received.push(data.toString()));
    const closed = once(client, "close");
    await expect.poll(() => received).toHaveLength(1);
    client.send(JSON.stringify({ type: "SUBSCRIBE", reqId: "1", topics: ["price_drops"] }));
    await expect.poll(() => received[1]).toContain('"type":"ACK"');
    await news("over the wire");
    await expect.poll(() => received[2]).toContain("over the wire");
    client.send("x".repeat(17 * 1_024));
    const [code] = (await closed) as [number];
    expect(code).toBe(1009);
    await expect.poll(() => sockets.count()).toBe(0);
    await new Promise((resolve) => server.close(resolve));
    http.close();
  });
});
