import { actionEvents, auditLog, openEvents, outbox, sessions, shoppers, users } from "@almanac/db/schema";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import { hours, minutes, newId, seededRng, type EventId, type ShopperId, type UserId } from "@almanac/kernel";
import { createCallerFactory, router, silentLogger, type Caller } from "@almanac/trpc";
import { isNull } from "drizzle-orm";
import { beforeEach, expect, it } from "vitest";
import { createInProcessBus } from "./bus/bus-in-process.ts";
import type { Consumer } from "./relay/consumer.ts";
import { readCounts } from "./stats/counters.ts";
import { recountEvents, resetStats } from "./stats/event-stats.ts";
import { forgetEvents, forgetFacts } from "./forget.ts";
import { publishFact } from "./outbox/outbox.ts";
import { clearQueue } from "./outbox/queue-archive.ts";
import { createOutboxRelay } from "./relay/relay.ts";
import { eventsRoutes } from "./router.ts";
import { removeBaseline } from "./stats/stats-baseline.ts";
import { aRequestContext, consumerOf, fakeClock } from "./testing.ts";

const shopperId = "01980000-0000-7000-8000-0000000000a1" as ShopperId;
const userId = "01980000-0000-7000-8000-0000000000b1" as UserId;
const sessionId = "01980000-0000-7000-8000-0000000000c1";
const visitor: Caller = { kind: "anonymous", shopperId, roles: [], farmIds: [], marketIds: [] };
const operator: Caller = {
  kind: "user",
  userId,
  shopperId,
  sessionId,
  roles: ["operator"],
  farmIds: [],
  marketIds: [],
};

describeOnEveryDatabase("an operator's acts on the queue and the figures", (test) => {
  const bus = createInProcessBus();
  let clock = fakeClock();

  beforeEach(async () => {
    clock = fakeClock();
    await test.db.insert(shoppers).values({ id: shopperId });
    await test.db.insert(users).values({ id: userId, name: "Ines", email: "ines@demo.example" });
    const createdAt = clock.now();
    const expiresAt = new Date(createdAt.getTime() + hours(24));
    await test.db.insert(sessions).values({ id: sessionId, userId, token: "token", createdAt, expiresAt });
  });

  function as(caller: Caller) {
    const routes = eventsRoutes({ bus });
    const root = router({ events: routes.events, admin: router(routes.admin) });
    const context = { ...aRequestContext(test.handle, { caller, clock }), wallClock: clock };
    return createCallerFactory(root)(context);
  }

  const relayOf = (...consumers: Consumer[]) =>
    createOutboxRelay({
      handle: test.handle,
      bus,
      clock,
      log: silentLogger,
      consumers,
      settings: { retry: { maxAttempts: 2, firstDelayMs: 1, maxDelayMs: 1 } },
    });

  const view = () => ({ id: newId<EventId>(), action: "VIEW_PRODUCT" as const });
  const audited = () =>
    test.db
      .select({ action: auditLog.action, by: auditLog.actorUserId, details: auditLog.details })
      .from(auditLog)
      .orderBy(auditLog.seq);

  it("take the waiting events out, and bring them back to be handled exactly once", async () => {
    let isBroken = true;
    const refuses = consumerOf("b", ["action.tracked"], () => {
      if (isBroken) throw new Error("broken");
    });
    const counts = consumerOf("a", ["action.tracked"], (_, { count }) => count("test.applied"));
    const applied = async () => (await readCounts(test.db, ["test.applied"])).get("test.applied")?.count;
    // The first is parked after one of its two consumers had applied it; two more wait.
    await as(visitor).events.track({ events: [view()] });
    await relayOf(counts, refuses).drain();
    clock.advance(minutes(1));
    await relayOf(counts, refuses).drain();
    await as(visitor).events.track({ events: [view(), view()] });
    await publishFact(test.db, { topic: "farm.changed", payload: { farmId: newId() } });

    const cleared = await as(operator).admin.queue.clear();
    expect(cleared).toMatchObject({
      moved: 3,
      before: { open: 3, parked: 1 },
      // A fact of the trade stays in the queue.
      after: { open: 1, parked: 0 },
    });
    expect(await audited()).toEqual([
      { action: "queue.clear", by: userId, details: expect.objectContaining(cleared) as object },
    ]);
    isBroken = false;
    await relayOf(counts, refuses).drain();
    expect(await applied()).toBe(1);
    expect(await as(operator).admin.queue.parked({})).toMatchObject({ items: [] });

    const [archive] = await as(operator).admin.queue.archives();
    expect(archive).toMatchObject({
      reason: "clear",
      actorName: "Ines",
      facts: 3,
      left: 3,
      restoredAt: null,
    });
    await as(operator).admin.queue.restore({ archiveId: archive!.id as never });
    await relayOf(counts, refuses).drain();
    await relayOf(counts, refuses).drain();
    expect(await applied()).toBe(3);
    expect(await as(operator).events.stats()).toMatchObject({ total: 3, queueSize: 0, parked: 0 });
    await expect(as(operator).admin.queue.restore({ archiveId: archive!.id as never })).rejects.toMatchObject(
      { code: "NOT_FOUND" },
    );
    expect((await audited()).map(({ action }) => action)).toEqual(["queue.clear", "queue.restore"]);
  });

  it("leave the rows of a cleared queue where retention does not touch them", async () => {
    await as(visitor).events.track({ events: [view()] });
    await as(operator).admin.queue.clear();
    expect(await test.db.$count(outbox)).toBe(1);
    expect(await as(operator).admin.queue.clear()).toMatchObject({ archiveId: null, moved: 0 });
  });

  it("begin the figures at zero without losing one, and show them all again", async () => {
    const relay = relayOf();
    await as(visitor).events.track({ events: [view(), view()] });
    await relay.drain();
    await as(visitor).events.track({ events: [view()] });
    const reset = await as(operator).admin.stats.reset({ resetType: "events" });
    expect(reset).toEqual({ resetType: "events", before: 3, after: 0 });
    await relay.drain();
    expect(await as(operator).events.stats({ detailed: true })).toMatchObject({
      total: 0,
      lastHour: 0,
      since: clock.now().toISOString(),
    });
    clock.advance(minutes(1));
    await as(visitor).events.track({ events: [view()] });
    await relay.drain();
    const since = await as(operator).events.stats({ detailed: true });
    expect(since).toMatchObject({ total: 1, byType: { VIEW_PRODUCT: 1 }, lastHour: 1, last24h: 1 });
    await as(operator).admin.stats.showAll();
    expect(await as(operator).events.stats()).toMatchObject({ total: 4, last24h: 4, since: null });
    expect(await audited()).toMatchObject([
      { action: "stats.reset", by: userId, details: { before: 3, after: 0 } },
      { action: "stats.show_all", by: userId },
    ]);
  });

  it("ask for the password when it was last given more than ten minutes ago, and are refused to keys", async () => {
    clock.advance(minutes(10));
    const acts = [
      (c: ReturnType<typeof as>) => c.admin.queue.clear(),
      (c: ReturnType<typeof as>) => c.admin.stats.reset({ resetType: "all" }),
    ];
    for (const act of acts) {
      await expect(act(as(operator))).rejects.toMatchObject({ cause: { code: "step_up_required" } });
      const key: Caller = { ...operator, kind: "api-key", scopes: ["operate.write"] };
      await expect(act(as(key))).rejects.toMatchObject({ cause: { code: "right_missing" } });
    }
    expect(await audited()).toEqual([]);
    await test.db.update(sessions).set({ passwordAt: clock.now() });
    await as(operator).admin.queue.clear();
  });

  it("see percentiles and hours that add up over processes, and forget a day later", async () => {
    await as(visitor).events.track({ events: [view(), view(), view()] });
    await Promise.all([relayOf().drain(), relayOf().drain()]);
    const { processing, hourly } = await as(operator).events.stats({ detailed: true });
    expect(processing).toMatchObject({ count: 3 });
    expect(processing!.p50!).toBeLessThanOrEqual(processing!.p99!);
    expect(hourly).toHaveLength(24);
    expect(hourly!.at(-1)).toEqual({ hour: "2025-08-14T12:00:00.000Z", events: 3 });
    clock.advance(hours(25));
    expect(await as(operator).events.stats({ detailed: true })).toMatchObject({
      total: 3,
      last24h: 0,
      lastHour: 0,
      processing: { count: 0, p50: null },
    });
  });

  it("see of each hour and of the last 24 just what the log has, whatever became of the facts", async () => {
    const rng = seededRng(24);
    const other = newId<ShopperId>();
    await test.db.insert(shoppers).values({ id: other });
    let isBroken = false;
    const refuses = consumerOf("b", ["action.tracked"], () => {
      if (isBroken) throw new Error("broken");
    });
    const routes = eventsRoutes({ bus, maxOpenFacts: 6 });
    const track = createCallerFactory(router({ events: routes.events }));
    let restored = 0;
    const acts: (() => Promise<unknown>)[] = [
      () => relayOf(refuses).drain(),
      () => test.handle.transaction((tx) => clearQueue(tx, { actorUserId: userId, now: clock.now() })),
      async () => {
        const left = (await as(operator).admin.queue.archives()).find(
          ({ restoredAt }) => restoredAt === null,
        );
        if (left) await as(operator).admin.queue.restore({ archiveId: left.id as never });
        restored += left ? left.left : 0;
      },
      () => test.handle.transaction((tx) => forgetFacts(tx, [other])),
      () => test.handle.transaction((tx) => forgetEvents(tx, other)),
      () => test.handle.transaction((tx) => resetStats(tx, clock, "events")),
      () => test.handle.transaction((tx) => removeBaseline(tx)),
      () =>
        test.handle.transaction(async (tx) => {
          // Totals are set by the log when nothing waits.
          if ((await tx.$count(outbox, isNull(outbox.doneAt))) + (await tx.$count(openEvents)) === 0)
            await recountEvents(tx);
        }),
      () => Promise.resolve((isBroken = !isBroken)),
      () => Promise.resolve(clock.advance(-minutes(20))),
    ];
    let seen = 0;
    for (let turn = 0; turn < 30; turn++) {
      clock.advance(minutes(rng.int(100)));
      const by = { ...visitor, shopperId: rng.next() < 0.5 ? shopperId : other };
      const events = Array.from({ length: 1 + rng.int(3) }, view);
      await track(aRequestContext(test.handle, { caller: by, clock })).events.track({ events });
      await rng.pick(acts)();
      const stats = await as(operator).events.stats({ detailed: true });
      const nowMs = clock.now().getTime();
      const since = Math.max(nowMs - hours(24), stats.since === null ? 0 : Date.parse(stats.since));
      const recent = (await test.db.select({ at: actionEvents.recordedAt }).from(actionEvents)).map(
        ({ at }) => at.getTime(),
      );
      const countOf = (isMeant: (ms: number) => boolean): number => recent.filter(isMeant).length;
      expect({ last24h: stats.last24h, lastHour: stats.lastHour, hourly: stats.hourly }).toEqual({
        last24h: countOf((ms) => ms > since),
        lastHour: countOf((ms) => ms > Math.max(since, nowMs - hours(1))),
        hourly: stats.hourly!.map(({ hour }) => {
          const from = Date.parse(hour);
          return { hour, events: countOf((ms) => ms >= from && ms < from + hours(1) && ms <= nowMs) };
        }),
      });
      seen = Math.max(seen, stats.last24h);
    }
    expect(Math.min(seen, restored)).toBeGreaterThan(5);
  });
});
