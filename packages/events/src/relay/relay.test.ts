import { outbox, outboxConsumed, settings } from "@almanac/db/schema";
import { describeOnEveryDatabase } from "@almanac/db/testing";
import { newId, type EventId, type OrderId, type ProductId, type ShopperId } from "@almanac/kernel";
import { silentLogger } from "@almanac/trpc";
import { eq, isNull, sql } from "drizzle-orm";
import { expect, it } from "vitest";
import { createInProcessBus } from "../bus/bus-in-process.ts";
import type { Consumer } from "./consumer.ts";
import { readCounts } from "../stats/counters.ts";
import type { Fact } from "../core/facts.ts";
import { appendAction, appendActions, publishFact, publishFacts } from "../outbox/outbox.ts";
import { createOutboxRelay, defaultRelaySettings, type RelaySettings } from "./relay.ts";
import { anAction, consumerOf, countOpen, fakeClock } from "../testing.ts";

const productId = "01980000-0000-7000-8000-000000000001" as ProductId;
const orderId = "01980000-0000-7000-8000-000000000002" as OrderId;
const shopperId = "01980000-0000-7000-8000-000000000003" as ShopperId;
const changed: Fact = { topic: "product.changed", payload: { productId } };

describeOnEveryDatabase("the outbox relay", (test) => {
  const clock = fakeClock();

  function relayWith(consumers: Consumer[], settings: Partial<RelaySettings> = {}) {
    const bus = createInProcessBus();
    return createOutboxRelay({ handle: test.handle, bus, clock, log: silentLogger, consumers, settings });
  }

  const openCount = async (): Promise<number> => test.db.$count(outbox, isNull(outbox.doneAt));

  it("brings a fact to every consumer of its topic, once, with its trace id", async () => {
    const seen: string[] = [];
    const note = (name: string) =>
      consumerOf(name, ["product.changed"], (_, { traceId }) => void seen.push(`${name} ${traceId}`));
    const other = consumerOf("other", ["order.placed"], () => void seen.push("other"));
    await publishFact(test.db, changed, { traceId: "t1" });
    const relay = relayWith([note("a"), note("b"), other]);
    await relay.drain();
    await relay.drain();
    expect(seen).toEqual(["a t1", "b t1"]);
    expect(await openCount()).toBe(0);
  });

  it("gives a consumer that can take many all of a batch at once; one that it cannot take harms no other", async () => {
    const many: number[] = [];
    const alone: number[] = [];
    let refused = 0;
    const consumer: Consumer = {
      name: "many",
      topics: ["product.changed"],
      handle(_, { seq }) {
        if (seq === refused) throw new Error("not this one");
        alone.push(seq);
        return Promise.resolve();
      },
      handleMany(facts) {
        const seqs = facts.map(({ seq }) => seq);
        if (seqs.includes(refused)) throw new Error("not all of these");
        many.push(...seqs);
        return Promise.resolve();
      },
    };
    const publishThree = async (): Promise<number[]> => {
      const before = await test.db.$count(outbox);
      await publishFacts(test.db, [changed, changed, changed]);
      const found = await test.db.select({ seq: outbox.seq }).from(outbox).orderBy(outbox.seq);
      return found.slice(before).map(({ seq }) => seq);
    };
    const first = await publishThree();
    await relayWith([consumer]).drain();
    expect([many, alone]).toEqual([first, []]);
    const second = await publishThree();
    refused = second[1] ?? 0;
    await relayWith([consumer]).drain();
    expect(many).toEqual(first);
    expect(alone).toEqual([second[0], second[2]]);
    expect(await openCount()).toBe(1);
  });

  it("finds the event that is refused among those logged together, and applies the others once and in order", async () => {
    let refused: number | undefined = 3;
    const applied: number[] = [];
    const apply = (seqs: readonly number[]): Promise<void> => {
      if (seqs.some((seq) => seq === refused)) throw new Error("not this one");
      applied.push(...seqs);
      return Promise.resolve();
    };
    const consumer: Consumer = {
      name: "many",
      topics: ["action.tracked"],
      handle: (_, { seq }) => apply([seq]),
      handleMany: (facts) => apply(facts.map(({ seq }) => seq)),
    };
    const inputs = Array.from({ length: 5 }, () => anAction({ id: newId<EventId>() }));
    await appendActions(
      test.db,
      inputs.map((input) => ({ input })),
    );
    await relayWith([consumer]).drain();
    expect(applied).toEqual([1, 2, 4, 5]);
    expect(await countOpen(test.db)).toBe(1);
    const [kept] = await test.db.select().from(outbox).where(isNull(outbox.doneAt));
    expect(kept).toMatchObject({
      attempts: 1,
      traceId: "test-trace",
      payload: { id: inputs[2]?.id, seq: 3 },
    });
    refused = undefined;
    clock.advance(500);
    await relayWith([consumer]).drain();
    expect(applied).toEqual([1, 2, 4, 5, 3]);
    expect(await countOpen(test.db)).toBe(0);
  });

  it("says nothing of a fact whose transaction is rolled back", async () => {
    const seen: Fact[] = [];
    await expect(
      test.handle.transaction(async (tx) => {
        await publishFact(tx, changed);
        throw new Error("changed my mind");
      }),
    ).rejects.toThrow("changed my mind");
    await relayWith([consumerOf("a", ["product.changed"], (fact) => void seen.push(fact))]).drain();
    expect(seen).toEqual([]);
  });

  it("takes what is urgent first, and otherwise keeps the order written", async () => {
    const seen: string[] = [];
    for (const action of ["SEARCH", "VIEW_FARM", "COMPLETE_PURCHASE"] as const) {
      await appendAction(test.db, anAction({ action }));
    }
    const consumer = consumerOf("a", ["action.tracked"], (fact) => {
      if (fact.topic === "action.tracked") seen.push(fact.payload.action);
    });
    await relayWith([consumer]).drain();
    expect(seen).toEqual(["COMPLETE_PURCHASE", "SEARCH", "VIEW_FARM"]);
  });

  it("does not act on a fact before it is due", async () => {
    const seen: Fact[] = [];
    const relay = relayWith([consumerOf("a", ["product.changed"], (fact) => void seen.push(fact))]);
    await publishFact(test.db, changed, { availableAt: new Date(clock.now().getTime() + 1_000) });
    await relay.drain();
    expect(seen).toHaveLength(0);
    clock.advance(1_000);
    await relay.drain();
    expect(seen).toHaveLength(1);
  });

  it("keeps a consumer's writes and its note together: a failed try leaves neither", async () => {
    let tries = 0;
    const consumer = consumerOf("a", ["product.changed"], async (_, { tx }) => {
      tries += 1;
      await tx.insert(settings).values({ key: `try-${tries}`, value: {} });
      if (tries < 3) throw new Error("not yet");
    });
    const relay = relayWith([consumer]);
    await publishFact(test.db, changed);
    await relay.drain();
    expect(await test.db.$count(settings)).toBe(0);
    expect(await test.db.$count(outboxConsumed)).toBe(0);
    clock.advance(500);
    await relay.drain();
    clock.advance(1_000);
    await relay.drain();
    expect(await test.db.select({ key: settings.key }).from(settings)).toEqual([{ key: "try-3" }]);
    expect(await openCount()).toBe(0);
  });

  it("does not let one consumer's trouble keep a fact from the others, nor repeat it for them", async () => {
    const seen: string[] = [];
    const bad = consumerOf("bad", ["product.changed"], () => {
      throw new Error("always");
    });
    const good = consumerOf("good", ["product.changed"], () => void seen.push("good"));
    const relay = relayWith([bad, good]);
    await publishFact(test.db, changed);
    await relay.drain();
    clock.advance(500);
    await relay.drain();
    clock.advance(1_000);
    await relay.drain();
    // Once in the batch that was rolled back, once for good.
    const kept = await test.db.$count(outboxConsumed, eq(outboxConsumed.consumer, "good"));
    expect(kept).toBe(1);
    expect(seen.length).toBeLessThanOrEqual(2);
    expect(await openCount()).toBe(1);
  });

  it("parks a fact that always fails, with its last error, and counts it", async () => {
    const bad = consumerOf("bad", ["product.changed"], () => {
      throw new Error("the reason");
    });
    const relay = relayWith([bad], { retry: { maxAttempts: 3, firstDelayMs: 100, maxDelayMs: 100 } });
    await publishFact(test.db, changed);
    for (let i = 0; i < 5; i++) {
      await relay.drain();
      clock.advance(100);
    }
    const [row] = await test.db.select().from(outbox);
    expect(row).toMatchObject({ attempts: 3, doneAt: null });
    // At the third of five attempts, a tenth of a second apart.
    expect(row?.parkedAt).toEqual(new Date(clock.now().getTime() - 300));
    expect(row?.lastError).toContain("the reason");
    expect(relay.stats()).toMatchObject({ parked: 1, failures: 3, handled: 0 });
    expect((await readCounts(test.db, ["relay.failures"])).get("relay.failures")?.count).toBe(3);
  });

  it("says what the database had against a consumer, and nothing of the values it gave it", async () => {
    const bad = consumerOf("bad", ["product.changed"], async (_, { tx }) => {
      await tx.execute(sql`select ${"maya@example.org"}::text::uuid`);
    });
    await publishFact(test.db, changed);
    await relayWith([bad], { retry: { maxAttempts: 1, firstDelayMs: 100, maxDelayMs: 100 } }).drain();
    const [row] = await test.db.select().from(outbox);
    expect(row?.lastError).toMatch(/^bad: Failed query: .*invalid input syntax.*\(22P02\)$/);
    expect(row?.lastError).not.toContain("maya");
  });

  it("gives up on a consumer that hangs, undoes it and tries again", async () => {
    let tries = 0;
    const consumer = consumerOf("slow", ["product.changed"], async (_, { tx }) => {
      tries += 1;
      await tx.insert(settings).values({ key: `try-${tries}`, value: {} });
      if (tries === 1) await new Promise(() => undefined);
    });
    const relay = relayWith([consumer], { handlerTimeoutMs: 100 });
    await publishFact(test.db, changed);
    await relay.drain();
    clock.advance(500);
    await relay.drain();
    expect(await test.db.select({ key: settings.key }).from(settings)).toEqual([{ key: "try-2" }]);
    // In service it waits so long, looks so often, and hands over so many at least.
    expect(defaultRelaySettings).toMatchObject({ handlerTimeoutMs: 5_000, pollMs: 1_000, minBatch: 10 });
  });

  it("survives a consumer that hides a failed statement, without losing the other facts", async () => {
    const seen: number[] = [];
    const hides = consumerOf("hides", ["farm.changed"], async (_, { tx }) => {
      await tx
        .insert(settings)
        .values([
          { key: "same", value: {} },
          { key: "same", value: {} },
        ])
        .catch(() => undefined);
    });
    const good = consumerOf("good", ["product.changed"], (_, { seq }) => void seen.push(seq));
    const relay = relayWith([hides, good], { retry: { maxAttempts: 1, firstDelayMs: 1, maxDelayMs: 1 } });
    await publishFact(test.db, { topic: "farm.changed", payload: { farmId: productId as never } });
    await publishFact(test.db, changed);
    await relay.drain().catch(() => undefined);
    await relay.drain();
    expect(seen).toContain(2);
    expect(await test.db.$count(outbox, isNull(outbox.parkedAt))).toBe(1);
  });

  it("runs wake-ups after the commit only", async () => {
    const order: string[] = [];
    let tries = 0;
    const consumer = consumerOf("a", ["product.changed"], (_, { afterCommit }) => {
      tries += 1;
      afterCommit(() => void order.push(`try ${tries}`));
      if (tries === 1) throw new Error("first");
    });
    const relay = relayWith([consumer]);
    await publishFact(test.db, changed);
    await relay.drain();
    expect(order).toEqual([]);
    clock.advance(500);
    await relay.drain();
    expect(order).toEqual(["try 2"]);
  });

  it("applies each fact once when several relays drain the same outbox", async () => {
    const applied: number[] = [];
    const consumer = consumerOf("a", ["order.placed"], async (_, { tx, seq }) => {
      await tx.insert(settings).values({ key: `seq-${seq}`, value: {} });
      applied.push(seq);
    });
    const relays = [1, 2, 3].map(() => relayWith([consumer]));
    const payload = { orderId, shopperId, marketId: productId as never, productIds: [], farmIds: [] };
    for (let i = 0; i < 120; i++) await publishFact(test.db, { topic: "order.placed", payload });
    await Promise.all(relays.map((relay) => relay.drain()));
    // One of them may have passed over rows that another still had in hand.
    for (const relay of relays) await relay.drain();
    expect(await test.db.$count(settings)).toBe(120);
    expect(new Set(applied).size).toBe(120);
    expect(await openCount()).toBe(0);
  });

  it("wakes up by the bus", async () => {
    const bus = createInProcessBus();
    const seen = Promise.withResolvers<void>();
    const consumer = consumerOf("a", ["product.changed"], () => seen.resolve());
    const settings = { pollMs: 3_600_000 };
    const relay = createOutboxRelay({
      handle: test.handle,
      bus,
      clock,
      log: silentLogger,
      consumers: [consumer],
      settings,
    });
    relay.start();
    await relay.drain();
    await publishFact(test.db, changed);
    await bus.publish("outbox", {});
    await seen.promise;
    await relay.stop();
    expect(relay.stats()).toMatchObject({ isRunning: false, isProcessing: false, handled: 1 });
  });

  it("handles a purchase behind 5,000 searches at once", async () => {
    const values = Array.from({ length: 5_000 }, (_, i) => ({
      topic: "action.tracked",
      payload: { ...anAction({ action: "SEARCH" }), seq: i + 1, recordedAt: clock.now().toISOString() },
      priority: 2,
      availableAt: new Date(0),
    }));
    for (let at = 0; at < values.length; at += 1_000)
      await test.db.insert(outbox).values(values.slice(at, at + 1_000));
    const purchase = Promise.withResolvers<number>();
    let searches = 0;
    const consumer = consumerOf("a", ["action.tracked"], async (fact, { tx }) => {
      if (fact.topic !== "action.tracked") return;
      if (fact.payload.action !== "SEARCH") return purchase.resolve(searches);
      searches += 1;
      // It comes while the first batch of searches is under way, and is there when that is committed.
      if (searches === 1) await appendAction(tx, anAction({ action: "COMPLETE_PURCHASE" }));
    });
    const relay = relayWith([consumer], { minBatch: 10 });
    relay.start();
    const searchesBefore = await purchase.promise;
    await relay.stop();
    expect(searchesBefore).toBe(10);
  });
});
