import { apiKeys, liveMessages, sessions } from "@almanac/db/schema";
import { describeOnEveryDatabase, testRedisUrl } from "@almanac/db/testing";
import {
  createInProcessBus,
  createOutboxRelay,
  createRedisBus,
  publishFact,
  type Bus,
} from "@almanac/events";
import { fakeClock } from "@almanac/events/testing";
import { hours, newId, type ShopperId, type UserId } from "@almanac/kernel";
import { anonymousCaller, silentLogger, type Caller } from "@almanac/trpc";
import { eq, sql } from "drizzle-orm";
import { afterEach, expect, it } from "vitest";
import { shopperChannel } from "../core/topics.ts";
import { monitorTopic } from "../messages.ts";
import { createLiveHub, type LiveHub } from "./hub.ts";
import { laneDeliveries, openLane } from "./lane.ts";
import { liveConsumers, publishLive } from "./publish.ts";
import { listLiveMessages, listOperatorAlerts, removeOldLiveMessages } from "../store.ts";
import { addSessions } from "../testing.ts";

const hour = 3_600_000;
const shopperId = "01980000-0000-7000-8000-0000000000a1" as ShopperId;
const userId = "01980000-0000-7000-8000-0000000000b1" as UserId;
const [session1, session2, key1, key2] = ["e1", "e2", "c1", "c2"].map(
  (end) => `01980000-0000-7000-8000-0000000000${end}`,
) as [string, string, string, string];
const person: Caller = { ...anonymousCaller, kind: "user", userId, shopperId };

describeOnEveryDatabase("the live hub", (test) => {
  let clock = fakeClock();
  let wallClock = fakeClock();
  let hubs: LiveHub[] = [];
  let buses: Bus[] = [];
  afterEach(async () => {
    for (const hub of hubs) await hub.stop();
    for (const bus of buses) await bus.close();
    hubs = [];
    buses = [];
    clock = fakeClock();
    wallClock = fakeClock();
  });

  async function startHub(bus: Bus = createInProcessBus(), pollMs = hour): Promise<LiveHub> {
    const hub = createLiveHub({ handle: test.handle, bus, clock, wallClock, log: silentLogger, pollMs });
    await hub.start();
    hubs.push(hub);
    return hub;
  }

  const say = (bus: Bus, text: string, on: Parameters<typeof publishLive>[0] = test.db, topic = "trending") =>
    publishLive(on, bus, { topic, type: "SYSTEM_ALERT", payload: { level: "info", text } });

  /** Follows a lane and collects its texts. */
  async function follow(
    hub: LiveHub,
    afterSeq?: number,
    channels = ["trending"],
  ): Promise<{ texts: string[]; end: () => void }> {
    const texts: string[] = [];
    const onDelivery = ({ record }: { record: { payload: Record<string, unknown> } }): void =>
      void texts.push(String(record.payload["text"]));
    return { texts, end: await openLane({ hub, db: test.db, channels, afterSeq, onDelivery }) };
  }

  it("brings a message to the subscribers of its topic, once", async () => {
    const bus = createInProcessBus();
    const hub = await startHub(bus);
    const { texts } = await follow(hub);
    const other = await follow(hub, undefined, ["new_arrivals"]);
    await say(bus, "a");
    await say(bus, "b");
    await expect.poll(() => texts).toEqual(["a", "b"]);
    expect(other.texts).toEqual([]);
  });

  it("delivers what is committed already without reading it back, in the order of publication", async () => {
    const bus = createInProcessBus();
    let reads = 0;
    const counted = new Proxy(test.db, {
      get(db, name) {
        if (name === "select") reads += 1;
        const value: unknown = Reflect.get(db, name);
        return typeof value === "function" ? value.bind(db) : value;
      },
    });
    const hub = createLiveHub({
      handle: { ...test.handle, db: counted },
      bus,
      clock,
      log: silentLogger,
      pollMs: hour,
    });
    hubs.push(hub);
    await hub.start();
    await hub.catchUp();
    const { texts } = await follow(hub);
    const readsBefore = reads;
    const said = Array.from({ length: 30 }, (_, n) => `news ${n}`);
    await Promise.all(said.map((text) => say(bus, text)));
    await expect.poll(() => texts).toEqual(said);
    expect(reads).toBe(readsBefore);
  });

  it("knows who follows, here or elsewhere, and who did a moment ago", async () => {
    const [here, elsewhere] = [await startHub(), await startHub()];
    const away = "01980000-0000-7000-8000-0000000000a2" as ShopperId;
    const amongOf = async (hub: LiveHub) => [...(await hub.presence.among(test.db, [away, shopperId, away]))];
    expect(await amongOf(elsewhere)).toEqual([]);
    const { end } = await follow(here, undefined, [shopperChannel(shopperId, "cart"), "trending"]);
    expect(await amongOf(here)).toEqual([shopperId]);
    await here.presence.save();
    expect(await amongOf(elsewhere)).toEqual([shopperId]);
    end();
    end();
    expect(await amongOf(here)).toEqual([shopperId]);
    await test.db.execute(sql`update live_presence set seen_at = now() - interval '7 minutes'`);
    expect([await amongOf(here), await amongOf(elsewhere)]).toEqual([[], []]);
  });

  it("reads when what it hears is not the next, so that nothing between is skipped", async () => {
    const bus = createInProcessBus();
    const hub = await startHub(bus);
    await hub.catchUp();
    const { texts } = await follow(hub);
    // Published by another process whose word was lost.
    await say(createInProcessBus(), "unheard");
    await say(bus, "heard");
    await expect.poll(() => texts).toEqual(["unheard", "heard"]);
  });

  it("brings a message when its transaction commits, not before, and never when it does not", async () => {
    const bus = createInProcessBus();
    const hub = await startHub(bus);
    const { texts } = await follow(hub);
    await expect(
      test.handle.transaction(async (tx) => {
        await say(bus, "undone", tx);
        throw new Error("no");
      }),
    ).rejects.toThrow("no");
    await test.handle.transaction(async (tx) => {
      await say(bus, "kept", tx);
      expect(texts).toEqual([]);
    });
    await expect.poll(() => texts).toEqual(["kept"]);
  });

  it("gives numbers in the order of the commits, however many publish at once", async () => {
    const bus = createInProcessBus();
    const hub = await startHub(bus);
    const { texts } = await follow(hub);
    await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        i % 2 === 0
          ? say(bus, String(i))
          : test.handle.transaction(async (tx) => void (await say(bus, String(i), tx))),
      ),
    );
    await expect.poll(() => texts).toHaveLength(40);
    const kept = await listLiveMessages(test.db, { afterSeq: 0, limit: 100 });
    expect(texts).toEqual(kept.map(({ payload }) => payload["text"]));
  });

  it("replays what was missed and goes on live, without a gap and without a repetition", async () => {
    const bus = createInProcessBus();
    const hub = await startHub(bus);
    const cursor = Number(await say(bus, "seen"));
    const expected: string[] = [];
    const publishing = (async () => {
      for (let i = 0; i < 60; i++) {
        await say(bus, String(i));
        expected.push(String(i));
      }
    })();
    while (expected.length < 20) await new Promise((resolve) => setImmediate(resolve));
    const { texts } = await follow(hub, cursor);
    await publishing;
    await expect.poll(() => texts).toEqual(expected);
  });

  it("replays five minutes, and starts afresh from a cursor of another life", async () => {
    const bus = createInProcessBus();
    const cursor = Number(await say(bus, "zero"));
    await say(bus, "old");
    await test.db.update(liveMessages).set({ at: sql`now() - interval '6 minutes'` });
    await say(bus, "new");
    const hub = await startHub(bus);
    expect((await follow(hub, cursor)).texts).toEqual(["new"]);
    await hub.catchUp();
    const late = await follow(hub, 1_000_000);
    await say(bus, "next");
    await expect.poll(() => late.texts).toEqual(["next"]);
    await test.db.update(liveMessages).set({ at: sql`now() - interval '11 minutes'` });
    expect(await removeOldLiveMessages(test.db)).toBe(4);
  });

  it("keeps what operators were told for two weeks, and tells it to whoever comes later, the latest first", async () => {
    const bus = createInProcessBus();
    const warn = (text: string) =>
      publishLive(test.db, bus, {
        topic: monitorTopic,
        type: "SYSTEM_ALERT",
        payload: { level: "warning", text },
      });
    const age = (days: number) =>
      test.db.update(liveMessages).set({ at: sql`now() - make_interval(days => ${days})` });
    await warn("first");
    await publishLive(test.db, bus, { topic: monitorTopic, type: "MONITOR_UPDATE", payload: {} });
    await warn("second");
    await age(13);
    expect(await removeOldLiveMessages(test.db)).toBe(1);
    const told = (await listOperatorAlerts(test.db, 10)).map(({ payload }) => payload["text"]);
    expect(told).toEqual(["second", "first"]);
    await age(15);
    expect(await removeOldLiveMessages(test.db)).toBe(2);
  });

  it("remembers what it has just delivered, and sends those who ask for more to the table", async () => {
    const bus = createInProcessBus();
    const before = Number(await say(bus, "before"));
    const hub = await startHub(bus);
    await say(bus, "a");
    const b = Number(await say(bus, "b"));
    await hub.catchUp();
    const textsAfter = (seq: number) => hub.recent(seq)?.map(({ record }) => record.payload["text"]);
    expect(textsAfter(before)).toEqual(["a", "b"]);
    expect(textsAfter(b)).toEqual([]);
    expect(textsAfter(before - 1)).toBeUndefined();
    expect(textsAfter(b + 1)).toBeUndefined();
    expect((await follow(hub, before)).texts).toEqual(["a", "b"]);
  });

  it("reaches another process though the bus is away, by looking unasked", async () => {
    const hub = await startHub(createInProcessBus(), 20);
    const { texts } = await follow(hub);
    await say(createInProcessBus(), "through the table");
    await expect.poll(() => texts).toEqual(["through the table"]);
  });

  it("leaves nothing behind when everybody has gone", async () => {
    const hub = await startHub();
    const lanes = await Promise.all(
      Array.from({ length: 100 }, () => follow(hub, 0, ["trending", "new_arrivals"])),
    );
    expect(hub.subscriberCount()).toBe(200);
    for (const { end } of lanes) end();
    expect(hub.subscriberCount()).toBe(0);
  });

  it("refuses to publish what nobody could read", async () => {
    const bus = createInProcessBus();
    await expect(say(bus, "x", test.db, "gossip")).rejects.toThrow("nobody can receive");
    const message = { topic: "trending", type: "STOCK_ALERT", payload: { kind: "GONE" } };
    await expect(publishLive(test.db, bus, message as never)).rejects.toThrow("does not look like this");
    expect(await test.db.$count(liveMessages)).toBe(0);
  });

  it("tells a shopper's pages that the cart changed, and nobody else's", async () => {
    const bus = createInProcessBus();
    const hub = await startHub(bus);
    const versions: unknown[] = [];
    hub.subscribe([shopperChannel(shopperId, "cart")], ({ message }) => void versions.push(message?.payload));
    const relay = createOutboxRelay({
      handle: test.handle,
      bus,
      clock: fakeClock(),
      log: silentLogger,
      consumers: liveConsumers(bus),
    });
    await publishFact(test.db, { topic: "cart.changed", payload: { shopperId, version: 4 } });
    await relay.drain();
    await expect.poll(() => versions).toEqual([{ version: 4 }]);
  });

  const addKey = (id: string, expiresAt?: Date) =>
    test.db
      .insert(apiKeys)
      .values({ id, name: "mine", prefix: "p", hash: id, scopes: ["shop"], userId, expiresAt });

  /** Who was ended, by a name for each. */
  function watchAll(hub: LiveHub, callers: Readonly<Record<string, Partial<Caller>>>): string[] {
    const ended: string[] = [];
    for (const [name, caller] of Object.entries(callers))
      hub.watchSession({ ...person, ...caller }, () => ended.push(name));
    return ended;
  }

  it("ends the streams of a session that ended and of a key that was revoked, and only those", async () => {
    const bus = createInProcessBus();
    const hub = await startHub(bus);
    await addSessions(test.db, userId, session1, session2);
    for (const id of [key1, key2]) await addKey(id);
    const ended = watchAll(hub, {
      session2: { sessionId: session2 },
      key1: { kind: "api-key", keyId: key1 },
      key2: { kind: "api-key", keyId: key2 },
      other: { userId: shopperId as never },
    });
    const caller: Caller = { ...person, sessionId: session1 };
    const signal = new AbortController().signal;
    const stream = laneDeliveries({ hub, db: test.db, channels: ["trending"], caller, signal });
    const refused = expect(stream.next()).rejects.toMatchObject({ code: "sign_in_required" });
    const relay = createOutboxRelay({
      handle: test.handle,
      bus,
      clock: fakeClock(),
      log: silentLogger,
      consumers: liveConsumers(bus),
    });
    await publishFact(test.db, { topic: "session.revoked", payload: { userId, sessionId: session1 } });
    await relay.drain();
    await refused;
    expect(ended).toEqual([]);
    await publishFact(test.db, { topic: "session.revoked", payload: { userId, keyId: key1 } });
    await relay.drain();
    await expect.poll(() => ended).toEqual(["key1"]);
    await publishFact(test.db, { topic: "session.revoked", payload: { userId } });
    await relay.drain();
    await expect.poll(() => ended).toEqual(["key1", "session2", "key2"]);
  });

  it("ends what a visitor opened when the browser signs in, and nothing else", async () => {
    const bus = createInProcessBus();
    const hub = await startHub(bus);
    const visitor = { kind: "anonymous", userId: undefined } as const;
    const ended = watchAll(hub, {
      account: {},
      visitor,
      other: { ...visitor, shopperId: "01980000-0000-7000-8000-0000000000a2" as ShopperId },
    });
    const relay = createOutboxRelay({
      handle: test.handle,
      bus,
      clock,
      log: silentLogger,
      consumers: liveConsumers(bus),
    });
    await publishFact(test.db, { topic: "session.revoked", payload: { visitorId: shopperId } });
    await relay.drain();
    await expect.poll(() => ended).toEqual(["visitor"]);
    expect(hub.subscriberCount()).toBe(2);
  });

  it("ends what stands on a session or a key that ended before it was watched", async () => {
    const hub = await startHub();
    await addSessions(test.db, userId, session1, session2);
    for (const id of [key1, key2]) await addKey(id);
    await test.db.delete(sessions).where(eq(sessions.id, session1));
    await test.db.update(apiKeys).set({ revokedAt: clock.now() }).where(eq(apiKeys.id, key1));
    const ended = watchAll(hub, {
      session1: { sessionId: session1 },
      session2: { sessionId: session2 },
      key1: { kind: "api-key", keyId: key1 },
      key2: { kind: "api-key", keyId: key2 },
    });
    await expect.poll(() => ended).toEqual(["session1", "key1"]);
    expect(hub.subscriberCount()).toBe(2);
  });

  it("ends what a session or a key opened when it runs out: a key by the market's clock, a session in real time", async () => {
    const hub = await startHub(createInProcessBus(), 20);
    await addSessions(test.db, userId, session1, session2);
    const soon = new Date(clock.now().getTime() + hours(1));
    await test.db.update(sessions).set({ expiresAt: soon }).where(eq(sessions.id, session1));
    await addKey(key1, soon);
    await addKey(key2);
    const ended = watchAll(hub, {
      session1: { sessionId: session1 },
      session2: { sessionId: session2 },
      key1: { kind: "api-key", keyId: key1 },
      key2: { kind: "api-key", keyId: key2 },
    });
    clock.advance(hours(1));
    await expect.poll(() => ended).toEqual(["key1"]);
    wallClock.advance(hours(1));
    await expect.poll(() => ended).toEqual(["key1", "session1"]);
  });

  it("leaves open what a session opened that was renewed meanwhile, until that ends too", async () => {
    const hub = await startHub(createInProcessBus(), 20);
    await addSessions(test.db, userId, session1, session2);
    const endIn = async (id: typeof session1, ms: number) => {
      const expiresAt = new Date(wallClock.now().getTime() + ms);
      await test.db.update(sessions).set({ expiresAt }).where(eq(sessions.id, id));
    };
    for (const id of [session1, session2]) await endIn(id, hours(1));
    const watched = { session1: { sessionId: session1 }, session2: { sessionId: session2 } };
    const ended = watchAll(hub, watched);
    // Whoever is ended by this was asked about after those above.
    const probe = () => watchAll(hub, { probe: { sessionId: newId() } });
    const first = probe();
    await expect.poll(() => first).toEqual(["probe"]);
    await endIn(session1, hours(2));
    wallClock.advance(hours(1));
    await expect.poll(() => ended).toEqual(["session2"]);
    const second = probe();
    await expect.poll(() => second).toEqual(["probe"]);
    expect(ended).toEqual(["session2"]);
    wallClock.advance(hours(1));
    await expect.poll(() => ended).toEqual(["session2", "session1"]);
  });

  it("drops a reader that takes nothing while more than 1 MB waits", async () => {
    const bus = createInProcessBus();
    const hub = await startHub(bus);
    const signal = new AbortController().signal;
    const stream = laneDeliveries({
      hub,
      db: test.db,
      channels: ["trending"],
      caller: anonymousCaller,
      signal,
    });
    const first = stream.next();
    await expect.poll(() => hub.subscriberCount()).toBe(1);
    await say(bus, "first");
    await first;
    for (let i = 0; i < 12; i++) await say(bus, "x".repeat(100_000));
    await hub.catchUp();
    await expect(stream.next()).rejects.toMatchObject({ code: "too_many_requests" });
    expect(hub.subscriberCount()).toBe(0);
  });

  const redisUrl = testRedisUrl();
  if (!redisUrl) it.skip("Redis: not configured");
  else {
    it("carries a message from one process to another over Redis", async () => {
      const prefix = `test:${crypto.randomUUID()}:`;
      const [here, there] = [1, 2].map(() =>
        createRedisBus({ url: redisUrl, log: silentLogger, prefix }),
      ) as [Bus, Bus];
      buses = [here, there];
      const hub = await startHub(there);
      const { texts } = await follow(hub);
      await expect
        .poll(async () => {
          await say(here, "hello");
          return texts;
        })
        .toContain("hello");
    });
  }
});
