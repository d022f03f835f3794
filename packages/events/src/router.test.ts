import { actionEvents, auditLog, openEvents, outbox, shoppers, users } from "@almanac/db/schema";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import { hours, newId, type EventId, type ShopperId, type UserId } from "@almanac/kernel";
import { createCallerFactory, router, silentLogger, type Caller } from "@almanac/trpc";
import { eq, sql } from "drizzle-orm";
import { beforeEach, expect, it } from "vitest";
import { createInProcessBus } from "./bus/bus-in-process.ts";
import type { Consumer } from "./relay/consumer.ts";
import { recountEvents } from "./stats/event-stats.ts";
import { forgetDeadNodes, listNodes, reportNode } from "./stats/nodes.ts";
import { publishFact } from "./outbox/outbox.ts";
import { removeOldFacts } from "./outbox/queue.ts";
import { createOutboxRelay } from "./relay/relay.ts";
import { eventsRoutes } from "./router.ts";
import { createStepTimer, pipelineSteps } from "./stats/step-timer.ts";
import { aRequestContext, consumerOf, fakeClock, countOpen } from "./testing.ts";

const shopperId = "01980000-0000-7000-8000-0000000000a1" as ShopperId;
const userId = "01980000-0000-7000-8000-0000000000b1" as UserId;
const visitor: Caller = { kind: "anonymous", shopperId, roles: [], farmIds: [], marketIds: [] };
const operator: Caller = { kind: "user", userId, shopperId, roles: ["operator"], farmIds: [], marketIds: [] };

describeOnEveryDatabase("tracking events", (test) => {
  const bus = createInProcessBus();
  let clock = fakeClock();

  beforeEach(async () => {
    clock = fakeClock();
    await test.db.insert(shoppers).values({ id: shopperId });
    await test.db.insert(users).values({ id: userId, name: "Ines", email: "ines@demo.example" });
  });

  function as(caller: Caller, maxOpenFacts = 10_000) {
    const routes = eventsRoutes({
      bus,
      maxOpenFacts,
      recommend: (_, { action }) => Promise.resolve(`for ${action}`),
    });
    const root = router({ events: routes.events, admin: router(routes.admin) });
    return createCallerFactory(root)(aRequestContext(test.handle, { caller, clock }));
  }

  const relayOf = (...consumers: Consumer[]) =>
    createOutboxRelay({ handle: test.handle, bus, clock, log: silentLogger, consumers });

  const event = (action: "VIEW_PRODUCT" | "SEARCH" | "COMPLETE_PURCHASE" = "VIEW_PRODUCT") => ({
    id: newId<EventId>(),
    action,
  });

  it("logs a batch in order, each id once, also when the call is repeated", async () => {
    const first = event();
    const second = event("SEARCH");
    const sent = await as(visitor).events.track({ events: [first, second, first] });
    expect(sent.results.map(({ eventProcessed, duplicate }) => ({ eventProcessed, duplicate }))).toEqual([
      { eventProcessed: true, duplicate: false },
      { eventProcessed: true, duplicate: false },
      { eventProcessed: true, duplicate: true },
    ]);
    const again = await as(visitor).events.track({ events: [first, second] });
    expect(again.results.every(({ duplicate }) => duplicate)).toBe(true);
    const logged = await test.db.select().from(actionEvents).orderBy(actionEvents.seq);
    expect(logged.map(({ id, shopperId: by }) => ({ id, by }))).toEqual([
      { id: first.id, by: shopperId },
      { id: second.id, by: shopperId },
    ]);
    expect(await countOpen(test.db)).toBe(2);
  });

  it("stores nothing of a shopper who declined, and says so without an error", async () => {
    await test.db.update(shoppers).set({ trackingConsent: "denied" });
    const { results } = await as(visitor).events.track({ events: [event()] });
    expect(results).toMatchObject([{ eventProcessed: false, duplicate: false }]);
    expect(await test.db.$count(actionEvents)).toBe(0);
    expect(await countOpen(test.db)).toBe(0);
  });

  it("stores what a visitor still sends after signing in as the account's, and only if the account allows it", async () => {
    const accountId = newId<ShopperId>();
    await test.db.insert(shoppers).values({ id: accountId, userId, trackingConsent: "granted" });
    await test.db.update(shoppers).set({ mergedIntoId: accountId }).where(eq(shoppers.id, shopperId));
    const { results } = await as(visitor).events.track({ events: [event()] });
    expect(results).toMatchObject([{ eventProcessed: true }]);
    const byAccount = [{ shopperId: accountId }];
    expect(await test.db.select().from(actionEvents)).toMatchObject(byAccount);
    await test.db.update(shoppers).set({ trackingConsent: "denied" }).where(eq(shoppers.id, accountId));
    const refused = await as(visitor).events.track({ events: [event()] });
    expect(refused.results).toMatchObject([{ eventProcessed: false, duplicate: false }]);
    expect(await test.db.select().from(actionEvents)).toMatchObject(byAccount);
  });

  it("answers with recommendations only when asked", async () => {
    expect(await as(visitor).events.track({ events: [event()] })).not.toHaveProperty("recommendations");
    const asked = await as(visitor).events.track({ events: [event("SEARCH")], getRecommendations: true });
    expect(asked).toMatchObject({ recommendations: "for SEARCH" });
  });

  it("does not believe a sender's clock beyond reason", async () => {
    await as(visitor).events.track({ events: [{ ...event(), occurredAt: "2031-01-01T00:00:00Z" }] });
    const [logged] = await test.db.select().from(actionEvents);
    expect(logged?.occurredAt).toEqual(clock.now());
  });

  it("times the steps of an event on its way, over all processes and by its trace", async () => {
    const traced: unknown[] = [];
    const log = { ...silentLogger, debug: (facts: object) => void traced.push(facts) };
    const steps = createStepTimer({ db: test.db, clock, log });
    const routes = eventsRoutes({ bus, steps });
    const ctx = { ...aRequestContext(test.handle, { caller: visitor, clock }), traceId: "trace-7" };
    const caller = createCallerFactory(router({ events: routes.events }))(ctx);
    await caller.events.track({ events: [event()] });
    clock.advance(40);
    await relayOf().drain();
    // What the packages above note.
    for (const step of ["throttle", "recommend", "deliver"] as const) steps.note(step, 2, "trace-7");
    await steps.stop();
    const { steps: figures } = await as(operator).events.stats({ detailed: true });
    expect(Object.entries(figures ?? {}).map(([step, { count }]) => [step, count])).toEqual(
      pipelineSteps.map((step) => [step, 1]),
    );
    expect(figures?.priority.p50).toBeCloseTo(40, -0.5);
    expect(traced).toMatchObject(
      ["ingest", "log", "throttle", "recommend", "deliver"].map((step) => ({ step, traceId: "trace-7" })),
    );
  });

  it("under a full outbox logs everything, reacts to purchases only, and counts what it gave up", async () => {
    const crowded = as(visitor, 2);
    await crowded.events.track({ events: [event(), event()] });
    const { results } = await crowded.events.track({ events: [event("SEARCH"), event("COMPLETE_PURCHASE")] });
    expect(results.map(({ shed }) => shed)).toEqual([true, false]);
    expect(await test.db.$count(actionEvents)).toBe(4);
    expect(await countOpen(test.db)).toBe(3);
    expect(await as(operator).events.stats()).toMatchObject({ shed: 1, total: 4 });
  });

  it("gives up what is worth least when 10,000 facts are open, and counts it once", async () => {
    await test.db.execute(
      sql`insert into outbox (topic, payload) select 'farm.changed', '{}' from generate_series(1, 10000)`,
    );
    const search = event("SEARCH");
    const { results } = await as(visitor).events.track({ events: [search] });
    expect(results).toEqual([{ id: search.id, eventProcessed: true, duplicate: false, shed: true }]);
    expect(await as(operator).events.stats()).toMatchObject({ shed: 1, total: 1 });
    expect(await countOpen(test.db)).toBe(10_000);
    await test.db.execute(sql`update outbox set done_at = now() where seq = (select min(seq) from outbox)`);
    const last = await as(visitor).events.track({ events: [event("COMPLETE_PURCHASE")] });
    expect(last.results).toMatchObject([{ shed: false }]);
  });

  it("lets views wait with the rest while the outbox is busy", async () => {
    const busy = as(visitor, 10);
    await busy.events.track({ events: [event()] });
    await busy.events.track({ events: [event(), event("COMPLETE_PURCHASE")] });
    const { priority, eventSeqs } = openEvents;
    const queued = await test.db.select({ priority, eventSeqs }).from(openEvents).orderBy(openEvents.seq);
    expect(queued.map((row) => [row.priority, row.eventSeqs])).toEqual([
      [0, [1]],
      [2, [2]],
      [0, [3]],
    ]);
  });

  it("keeps totals that sum, the same before and after the events are handled", async () => {
    await as(visitor).events.track({ events: [event(), event(), event("SEARCH")] });
    const before = await as(operator).events.stats();
    await relayOf().drain();
    const after = await as(operator).events.stats();
    for (const stats of [before, after]) {
      expect(stats).toMatchObject({ total: 3, last24h: 3, lastHour: 3 });
      expect(stats.byType).toMatchObject({ VIEW_PRODUCT: 2, SEARCH: 1, RATE_FARM: 0 });
    }
    expect(before.queueSize).toBe(3);
    expect(after.queueSize).toBe(0);
    await test.handle.transaction((tx) => recountEvents(tx));
    expect(await as(operator).events.stats()).toMatchObject({ total: 3 });
    clock.advance(hours(25));
    expect(await as(operator).events.stats()).toMatchObject({ total: 3, last24h: 0, lastHour: 0 });
  });

  it("lets an operator retry or discard what was parked, on the record", async () => {
    let isBroken = true;
    const consumer = consumerOf("a", ["action.tracked"], () => {
      if (isBroken) throw new Error("broken");
    });
    const settings = { retry: { maxAttempts: 1, firstDelayMs: 1, maxDelayMs: 1 } };
    const relay = createOutboxRelay({
      handle: test.handle,
      bus,
      clock,
      log: silentLogger,
      consumers: [consumer],
      settings,
    });
    await as(visitor).events.track({ events: [event(), event()] });
    await relay.drain();
    const desk = as(operator).admin.queue;
    const { items } = await desk.parked({});
    expect(items.map(({ seq, attempts }) => ({ seq, attempts }))).toEqual([
      { seq: 1, attempts: 1 },
      { seq: 2, attempts: 1 },
    ]);
    isBroken = false;
    await desk.retry({ seq: 1 });
    await desk.discard({ seq: 2 });
    await relay.drain();
    expect(await desk.overview()).toMatchObject({ open: 0, parked: 0 });
    const acts = await test.db
      .select({ action: auditLog.action, by: auditLog.actorUserId })
      .from(auditLog)
      .orderBy(auditLog.seq);
    expect(acts).toEqual([
      { action: "queue.retry", by: userId },
      { action: "queue.discard", by: userId },
    ]);
    await expect(desk.retry({ seq: 2 })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("refuses the queue and the figures to shoppers, and malformed events to everybody", async () => {
    await expect(as(visitor).events.stats()).rejects.toMatchObject({ code: "UNAUTHORIZED" });
    await expect(as({ ...operator, roles: [] }).admin.queue.overview()).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
    const tooMany = Array.from({ length: 101 }, () => event());
    await expect(as(visitor).events.track({ events: tooMany })).rejects.toMatchObject({
      code: "BAD_REQUEST",
    });
    const tooLong = { ...event(), metadata: { text: "x".repeat(5_000) } };
    await expect(as(visitor).events.track({ events: [tooLong] })).rejects.toMatchObject({
      code: "BAD_REQUEST",
    });
    expect(await test.db.$count(actionEvents)).toBe(0);
  });

  it("removes facts a week after they were done, never the log", async () => {
    await as(visitor).events.track({ events: [event()] });
    await publishFact(test.db, { topic: "cart.changed", payload: { shopperId, version: 1 } });
    await relayOf().drain();
    // What the log has too is not kept a second time.
    expect(await test.db.$count(outbox)).toBe(1);
    await publishFact(test.db, { topic: "cart.changed", payload: { shopperId, version: 2 } });
    clock.advance(hours(24 * 7 + 1));
    expect(await removeOldFacts(test.db, clock)).toBe(1);
    expect(await test.db.$count(outbox)).toBe(1);
    expect(await test.db.$count(actionEvents, eq(actionEvents.shopperId, shopperId))).toBe(1);
  });

  it("sums over processes that reported lately and forgets those that ended", async () => {
    await reportNode(test.db, clock, "live", { nodeId: "a", report: { sockets: 1 } });
    clock.advance(50_000);
    await reportNode(test.db, clock, "live", { nodeId: "b", report: { sockets: 2 } });
    expect(await listNodes(test.db, clock, "live")).toHaveLength(2);
    clock.advance(20_000);
    expect(await listNodes(test.db, clock, "live")).toEqual([{ nodeId: "b", report: { sockets: 2 } }]);
    clock.advance(600_000);
    expect(await forgetDeadNodes(test.db, clock)).toBe(2);
  });
});
