import { actionEvents, shoppers } from "@almanac/db/schema";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import { createInProcessBus, createOutboxRelay, publishFact } from "@almanac/events";
import { fakeClock } from "@almanac/events/testing";
import { seededRng, type FarmId, type ShopperId, type UserId } from "@almanac/kernel";
import { anonymousCaller, silentLogger, type Caller } from "@almanac/trpc";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createConnectionBook, type ConnectionBook } from "../doors/connections.ts";
import { shopperChannel } from "../core/topics.ts";
import { createLiveHub, type LiveHub } from "../hub/hub.ts";
import { liveMessageSchema } from "../messages.ts";
import { liveConsumers, publishLive } from "../hub/publish.ts";
import { createLiveSockets, type LiveSockets } from "./sockets.ts";
import { addSessions, fakeSocket, type FakeSocket } from "../testing.ts";

const shopperId = "01980000-0000-7000-8000-0000000000a1" as ShopperId;
const userId = "01980000-0000-7000-8000-0000000000b1" as UserId;
const farmId = "01980000-0000-7000-8000-0000000000f1" as FarmId;
const sessionId = "01980000-0000-7000-8000-0000000000e1";
const otherSessionId = "01980000-0000-7000-8000-0000000000e2";
const maya: Caller = { ...anonymousCaller, kind: "user", userId, shopperId, sessionId };

describeOnEveryDatabase("the plain WebSocket protocol", (test) => {
  const clock = fakeClock();
  const bus = createInProcessBus();
  let nowMs = 0;
  let hub: LiveHub;
  let book: ConnectionBook;
  let sockets: LiveSockets;

  beforeEach(async () => {
    nowMs = 0;
    const monotonic = (): number => nowMs;
    hub = createLiveHub({ handle: test.handle, bus, clock, log: silentLogger, pollMs: 3_600_000 });
    await hub.start();
    await addSessions(test.db, userId, sessionId, otherSessionId);
    book = createConnectionBook({
      handle: test.handle,
      clock,
      log: silentLogger,
      nodeId: "a",
      maxConnections: 3,
      monotonic,
    });
    sockets = createLiveSockets({
      hub,
      book,
      handle: test.handle,
      bus,
      clock,
      log: silentLogger,
      rng: seededRng(7),
      monotonic,
      recommend: (caller, { limit }) => Promise.resolve({ items: [], for: caller.shopperId, limit }),
    });
  });
  afterEach(async () => {
    sockets.stop();
    await hub.stop();
  });

  function connect(caller: Caller = maya, resumeFrom?: string): FakeSocket {
    const socket = fakeSocket();
    sockets.accept(socket, { caller, resumeFrom });
    return socket;
  }

  async function answerTo(socket: FakeSocket, reqId: string) {
    const answers = () => socket.sent.filter(({ payload }) => payload["reqId"] === reqId);
    await expect.poll(answers, { message: `the answer to ${reqId}` }).toHaveLength(1);
    return answers()[0]!;
  }

  async function ask(
    socket: FakeSocket,
    type: string,
    payload: unknown,
    reqId = `${type} ${socket.sent.length}`,
  ) {
    socket.receive({ type, reqId, payload });
    return answerTo(socket, reqId);
  }

  const news = (topic: string, text: string) =>
    publishLive(test.db, bus, { topic, type: "AI_INSIGHT", payload: { title: "news", text } });

  const texts = (socket: FakeSocket): unknown[] =>
    socket.ofType("AI_INSIGHT").map(({ payload }) => payload["text"]);

  it("greets with the server's time, a session and a place to resume from", async () => {
    const socket = connect();
    await expect
      .poll(() => socket.sent)
      .toMatchObject([
        { type: "CONNECTION_ACK", payload: { serverTime: clock.now().toISOString(), resumeFrom: "0" } },
      ]);
  });

  it("sends what is published on the topics subscribed to, and no more after leaving them", async () => {
    const socket = connect();
    expect(await ask(socket, "SUBSCRIBE", { topics: ["trending", "personalized"] })).toMatchObject({
      type: "ACK",
    });
    await news("trending", "a");
    await news(shopperChannel(shopperId, "personalized"), "mine");
    await news(shopperChannel(userId as never, "personalized"), "not mine");
    await news("new_arrivals", "not asked for");
    await expect.poll(() => texts(socket)).toEqual(["a", "mine"]);
    expect(socket.ofType("AI_INSIGHT").map(({ topic }) => topic)).toEqual(["trending", "personalized"]);
    await ask(socket, "UNSUBSCRIBE", { topics: ["trending"] });
    await news("trending", "too late");
    await news(shopperChannel(shopperId, "personalized"), "still mine");
    await expect.poll(() => texts(socket)).toEqual(["a", "mine", "still mine"]);
    for (const message of socket.sent) expect(liveMessageSchema.safeParse(message).error).toBeUndefined();
  });

  it("replays what was missed, once and in order", async () => {
    const first = connect();
    await ask(first, "SUBSCRIBE", { topics: ["trending", "stock_alerts"] });
    await news("trending", "seen");
    await expect.poll(() => texts(first)).toEqual(["seen"]);
    const resumeFrom = first.ofType("AI_INSIGHT").at(-1)?.id;
    first.drop();
    for (const text of ["1", "2", "3"]) await news(text === "2" ? "stock_alerts" : "trending", text);
    const second = connect(maya, resumeFrom);
    await ask(second, "SUBSCRIBE", { topics: ["trending", "stock_alerts"] });
    await expect.poll(() => texts(second)).toEqual(["1", "2", "3"]);
    expect(second.sent[0]).toMatchObject({ payload: { resumeFrom } });
  });

  it("tells whoever comes from another life of the database to start over, and goes on from now", async () => {
    await news("trending", "before");
    await hub.catchUp();
    const socket = connect(maya, "1000000");
    const newest = String(hub.lastSeq());
    await expect
      .poll(() => socket.sent)
      .toMatchObject([{ payload: { resumeFrom: newest, startsOver: true } }]);
    const again = await ask(socket, "SUBSCRIBE", { topics: ["trending"], resumeFrom: "1000000" });
    expect(again).toMatchObject({ type: "ACK", payload: { startsOver: true } });
    await news("trending", "after");
    await expect.poll(() => texts(socket)).toEqual(["after"]);
    const known = await ask(connect(), "SUBSCRIBE", { topics: ["trending"], resumeFrom: newest });
    expect(known.payload).not.toHaveProperty("startsOver");
  });

  it("refuses a farm's sales to a shopper, and gives them to its members", async () => {
    const topics = [`farm:${farmId}:sales`];
    const refused = await ask(connect(), "SUBSCRIBE", { topics });
    expect(refused).toMatchObject({ type: "ERROR", payload: { code: "topic_forbidden" } });
    const member = connect({ ...maya, farmIds: [farmId] });
    expect(await ask(member, "SUBSCRIBE", { topics })).toMatchObject({ type: "ACK" });
  });

  it.each([
    ["SUBSCRIBE", { topics: ["gossip"] }],
    ["SUBSCRIBE", { topics: "trending" }],
    ["UNSUBSCRIBE", {}],
    ["USER_ACTION", { type: "STEAL" }],
    ["USER_ACTION", { type: "VIEW_PRODUCT", entityId: "\0" }],
    ["USER_ACTION", { type: "VIEW_PRODUCT", entityId: "\ud83e" }],
    ["USER_ACTION", { type: "VIEW_PRODUCT", timestamp: Number.MAX_SAFE_INTEGER }],
    ["REQUEST_RECOMMENDATIONS", { limit: -1 }],
    ["DANCE", {}],
  ])("answers a bad %s with an ERROR of its reqId and stays open", async (type, payload) => {
    const socket = connect();
    const code = type === "SUBSCRIBE" && "topics" in payload ? expect.any(String) : "input_invalid";
    const refused = { type: "ERROR", payload: { reqId: "7", code } };
    expect(await ask(socket, type, payload, "7")).toMatchObject(refused);
    expect(socket.closedWith).toEqual([]);
    expect(await ask(socket, "SUBSCRIBE", { topics: ["trending"] })).toMatchObject({ type: "ACK" });
  });

  it.each([
    ["{", "it is no JSON"],
    ["[]", "type: "],
    [{ type: "SUBSCRIBE", payload: { topics: "trending" } }, "payload.topics: "],
    [{ type: "REQUEST_RECOMMENDATIONS", payload: { limit: 0 } }, "payload.limit: "],
    [{ type: "SUBSCRIBE", payload: { topics: ["\0"] } }, "it has a NUL"],
  ])("says what is wrong with %j", async (sent, words) => {
    const socket = connect();
    socket.receive(sent);
    await expect.poll(() => socket.ofType("ERROR")).toHaveLength(1);
    expect(socket.ofType("ERROR")[0]?.payload).toMatchObject({
      message: expect.stringContaining(words) as unknown,
    });
  });

  it("closes with 4408 after 20 bad messages in 10 seconds, not when they are spread out", async () => {
    const bad = connect();
    const slow = connect();
    for (let i = 0; i < 20; i++) {
      bad.receive("{");
      nowMs += 200;
    }
    await expect.poll(() => bad.closedWith).toMatchObject([{ code: 4408 }]);
    for (let i = 0; i < 30; i++) {
      nowMs += 600;
      slow.receive("{");
      await expect.poll(() => slow.ofType("ERROR")).toHaveLength(i + 1);
    }
    expect(slow.closedWith).toEqual([]);
  });

  it("answers a burst beyond 20 messages a second with RATE_LIMITED", async () => {
    const socket = connect();
    for (let i = 0; i < 100; i++)
      socket.receive({ type: "UNSUBSCRIBE", reqId: `r${i}`, payload: { topics: ["trending"] } });
    await expect.poll(() => socket.ofType("ACK")).toHaveLength(20);
    const limited = socket.ofType("ERROR").map(({ payload }) => payload["code"]);
    expect(limited).toEqual(Array.from({ length: 80 }, () => "RATE_LIMITED"));
    expect(socket.closedWith).toEqual([]);
  });

  it("closes with 1009 a connection that sends more than 16 KB at once", () => {
    const socket = connect();
    socket.receive("x".repeat(17 * 1024));
    expect(socket.closedWith).toMatchObject([{ code: 1009 }]);
  });

  it("logs a USER_ACTION once, as the connection's shopper, whatever the message claims", async () => {
    await test.db.insert(shoppers).values({ id: shopperId });
    const socket = connect();
    const id = crypto.randomUUID();
    const payload = {
      type: "VIEW_PRODUCT",
      entityId: farmId,
      timestamp: clock.now().getTime(),
      id,
      shopperId: farmId,
    };
    expect(await ask(socket, "USER_ACTION", payload)).toMatchObject({
      type: "ACK",
      payload: { duplicate: false },
    });
    expect(await ask(socket, "USER_ACTION", payload)).toMatchObject({
      type: "ACK",
      payload: { duplicate: true },
    });
    const logged = await test.db.select().from(actionEvents);
    expect(logged).toMatchObject([{ id, shopperId, action: "VIEW_PRODUCT" }]);
    const nobody = await ask(connect(anonymousCaller), "USER_ACTION", payload);
    expect(nobody).toMatchObject({ type: "ERROR", payload: { code: "shopper_not_found" } });
  });

  it("answers REQUEST_RECOMMENDATIONS with an update and an ACK", async () => {
    const socket = connect();
    socket.receive({ type: "REQUEST_RECOMMENDATIONS", reqId: "9", payload: { limit: 3 } });
    await expect.poll(() => socket.ofType("ACK")).toHaveLength(1);
    expect(socket.ofType("RECOMMENDATION_UPDATE")).toMatchObject([
      { payload: { reqId: "9", for: shopperId, limit: 3 } },
    ]);
  });

  it("pings every 30 seconds or so, and ends a client that is silent for 60, not one that answers", () => {
    const silent = connect();
    const alive = connect();
    for (let second = 1; second <= 90; second++) {
      nowMs = second * 1_000;
      sockets.sweep();
      if (alive.pings > 0 && second % 10 === 0) alive.pong();
      if (second === 59) expect(silent.closedWith).toEqual([]);
      if (second === 61) expect(silent.closedWith).toMatchObject([{ code: 4408 }]);
    }
    expect(silent.closedWith).toHaveLength(1);
    expect(silent.isTerminated).toBe(true);
    expect(alive.closedWith).toEqual([]);
    expect(alive.pings).toBeGreaterThanOrEqual(2);
    expect(alive.ofType("HEARTBEAT").length).toBe(alive.pings);
  });

  it("keeps nothing of a thousand connections that broke off", async () => {
    for (let round = 0; round < 334; round++)
      for (const socket of [connect(), connect(), connect()]) socket.drop();
    await expect.poll(() => sockets.count()).toBe(0);
    expect(book.figures()).toEqual({ active: { websocket: 0, trpc: 0, sse: 0 }, topics: {} });
    await expect.poll(() => hub.subscriberCount()).toBe(0);
  });

  it("drops a reader that leaves more than 1 MB waiting", async () => {
    const socket = connect();
    await ask(socket, "SUBSCRIBE", { topics: ["trending"] });
    socket.bufferedAmount = 1_048_577;
    await news("trending", "a");
    await expect.poll(() => socket.isTerminated).toBe(true);
    expect(sockets.count()).toBe(0);
  });

  it("closes a session's sockets when it ends", async () => {
    const mine = connect();
    const other = connect({ ...maya, sessionId: otherSessionId });
    const relay = createOutboxRelay({
      handle: test.handle,
      bus,
      clock,
      log: silentLogger,
      consumers: liveConsumers(bus),
    });
    await publishFact(test.db, { topic: "session.revoked", payload: { userId, sessionId } });
    await relay.drain();
    await expect.poll(() => mine.closedWith).toMatchObject([{ code: 4401 }]);
    expect(other.closedWith).toEqual([]);
  });

  it("turns a connection beyond the limit away with 1013", () => {
    const open = [connect(), connect(), connect()];
    expect(connect().closedWith).toMatchObject([{ code: 1013 }]);
    open[0]?.drop();
    expect(connect().closedWith).toEqual([]);
  });

  it("keeps 2,000 connections that answer through five minutes unless told otherwise, and turns the 2,001st away", async () => {
    const monotonic = (): number => nowMs;
    const roomy = createConnectionBook({
      handle: test.handle,
      clock,
      log: silentLogger,
      nodeId: "a",
      monotonic,
    });
    const own = createLiveSockets({
      hub,
      book: roomy,
      handle: test.handle,
      bus,
      clock,
      log: silentLogger,
      rng: seededRng(7),
      monotonic,
      recommend: () => Promise.resolve({ items: [] }),
    });
    const open = Array.from({ length: 2_000 }, () => fakeSocket());
    for (const socket of open) own.accept(socket, { caller: maya });
    const late = fakeSocket();
    own.accept(late, { caller: maya });
    expect(late.closedWith).toMatchObject([{ code: 1013 }]);
    for (let second = 5; second <= 300; second += 5) {
      nowMs = second * 1_000;
      own.sweep();
      for (const socket of open) socket.pong();
    }
    expect(open.filter(({ closedWith, isTerminated }) => isTerminated || closedWith.length > 0)).toEqual([]);
    expect(own.count()).toBe(2_000);
    own.stop();
    await roomy.stop();
  });

  it("counts connections and subscriptions over all processes, and none when everybody has gone", async () => {
    const there = createConnectionBook({ handle: test.handle, clock, log: silentLogger, nodeId: "b" });
    there.open("trpc")?.addTopics(["trending"]);
    await there.stats(test.db);
    const socket = connect();
    await ask(socket, "SUBSCRIBE", { topics: ["trending", "price_drops"] });
    expect(await book.stats(test.db)).toMatchObject({
      totalConnections: 2,
      activeConnections: 2,
      subscriptionBreakdown: { trending: 2, price_drops: 1 },
    });
    nowMs += 5_000;
    socket.drop();
    expect(await book.stats(test.db)).toMatchObject({
      activeConnections: 1,
      averageConnectionDuration: 5_000,
    });
    await there.stop();
    expect(await book.stats(test.db)).toMatchObject({ activeConnections: 0, totalConnections: 2 });
    expect(hub.subscriberCount()).toBe(0);
  });

  it("tells that connections came or went, and nothing while they stay or before it starts", async () => {
    let told = 0;
    const own = createConnectionBook({
      handle: test.handle,
      clock,
      log: silentLogger,
      nodeId: "c",
      reportMs: 3_600_000,
      onChanged: () => (told += 1),
    });
    const first = own.open("trpc");
    await own.stats(test.db);
    expect(told).toBe(0);
    own.start();
    const second = own.open("websocket");
    await own.stats(test.db);
    expect(told).toBe(1);
    await own.stats(test.db);
    expect(told).toBe(1);
    second?.close();
    await own.stats(test.db);
    expect(told).toBe(2);
    first?.close();
    await own.stop();
    expect(told).toBe(2);
  });

  it("keeps its count equal to what is subscribed after 100 random comings and goings", async () => {
    const rng = seededRng(11);
    const socket = connect();
    const topics = ["trending", "price_drops", "new_arrivals", "stock_alerts", "cart"];
    const expected = new Set<string>();
    for (let i = 0; i < 100; i++) {
      const topic = rng.pick(topics);
      const isSubscribe = rng.next() < 0.5;
      if (isSubscribe) expected.add(topic);
      else expected.delete(topic);
      nowMs += 100;
      await ask(socket, isSubscribe ? "SUBSCRIBE" : "UNSUBSCRIBE", { topics: [topic] }, `r${i}`);
    }
    expect(book.figures().topics).toEqual(Object.fromEntries([...expected].map((topic) => [topic, 1])));
    socket.drop();
    expect(book.figures().topics).toEqual({});
    expect(hub.subscriberCount()).toBe(0);
  });
});
