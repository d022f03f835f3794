/**
 * How many events a second are accepted with durable writes, how fast a full outbox drains, and how long a purchase waits
 * behind 5,000 searches. Runs on PGlite in memory, and on PostgreSQL where BENCH_DATABASE_URL names an empty database:
 * node packages/events/bench/load.ts [seconds]
 */
import { cpus } from "node:os";
import { insertMany, migrate, openDatabase } from "@almanac/db";
import { shoppers } from "@almanac/db/schema";
import { newId, systemClock, type EventId, type ShopperId } from "@almanac/kernel";
import { silentLogger } from "@almanac/trpc";
import { sql } from "drizzle-orm";
import { createInProcessBus } from "../src/bus/bus-in-process.ts";
import type { Consumer } from "../src/relay/consumer.ts";
import type { UserActionType } from "../src/core/actions.ts";
import { appendActions } from "../src/outbox/outbox.ts";
import { createOutboxRelay } from "../src/relay/relay.ts";
import { anAction } from "../src/testing.ts";
import { trackActions } from "../src/track.ts";

const seconds = Number(process.argv[2] ?? 8);
const callers = 64;
const url = process.env["BENCH_DATABASE_URL"];
const handle = await openDatabase(url ? { url, pool: { maxConnections: 10 } } : { dataDir: "memory" });
await migrate(handle);
const { db } = handle;
const clock = systemClock;

const shopperIds = Array.from({ length: 500 }, () => newId<ShopperId>());
await insertMany(
  db,
  shoppers,
  shopperIds.map((id) => ({ id })),
);

let made = 0;
const action = (name: UserActionType) => ({
  ...anAction({ id: newId<EventId>(), action: name, occurredAt: clock.now() }),
  shopperId: shopperIds[made++ % shopperIds.length],
});

interface Accepted {
  readonly perSecond: number;
  readonly p95Ms: number;
  readonly cpuShare: number;
}

/** Callers that each wait for their answer before the next call, with a batch of so many events a call. */
async function accept(batch: number, grouped: boolean): Promise<Accepted> {
  const endsAt = performance.now() + seconds * 1_000;
  const startedAt = performance.now();
  const cpuBefore = process.cpuUsage();
  const waits: number[] = [];
  let accepted = 0;
  const caller = async (index: number): Promise<void> => {
    while (performance.now() < endsAt) {
      const inputs = Array.from({ length: batch }, () => action("SEARCH"));
      const at = performance.now();
      if (grouped) {
        const shopperId = shopperIds[index] ?? newId<ShopperId>();
        await trackActions(handle, shopperId, inputs, { clock, maxOpenFacts: 10_000 });
      } else {
        // The baseline: each call in a transaction of its own.
        await handle.transaction((tx) =>
          appendActions(
            tx,
            inputs.map((input) => ({ input })),
          ),
        );
      }
      waits.push(performance.now() - at);
      accepted += batch;
    }
  };
  await Promise.all(Array.from({ length: callers }, (_, index) => caller(index)));
  const tookMs = performance.now() - startedAt;
  const cpu = process.cpuUsage(cpuBefore);
  waits.sort((a, b) => a - b);
  return {
    perSecond: (accepted / tookMs) * 1_000,
    p95Ms: waits[Math.floor(waits.length * 0.95)] ?? 0,
    cpuShare: (cpu.user + cpu.system) / 1_000 / tookMs,
  };
}

const clear = () => db.execute(sql`truncate outbox, outbox_consumed, open_events, action_events, counters`);

async function fill(count: number, name: UserActionType): Promise<void> {
  for (let at = 0; at < count; at += 1_000) {
    await appendActions(
      db,
      Array.from({ length: Math.min(1_000, count - at) }, () => ({ input: action(name) })),
    );
  }
}

/** Two consumers that write a row each for every event; as sets, or one by one as a baseline. */
function writers(asSets: boolean): Consumer[] {
  return ["a", "b"].map((name): Consumer => {
    const write = async (tx: Parameters<Consumer["handle"]>[1]["tx"], seqs: readonly number[]) => {
      const given = JSON.stringify(seqs.map((seq) => ({ key: `${name}-${seq}` })));
      await tx.execute(sql`
        insert into settings (key, value)
        select key, '{}'::jsonb from jsonb_to_recordset(${given}::jsonb) as x(key text)`);
    };
    return {
      name: `bench.${name}`,
      topics: ["action.tracked"],
      handle: (_, { tx, seq }) => write(tx, [seq]),
      ...(asSets && {
        handleMany: (facts, { tx }) =>
          write(
            tx,
            facts.map(({ seq }) => seq),
          ),
      }),
    };
  });
}

async function drain(asSets: boolean): Promise<number> {
  await clear();
  await db.execute(sql`delete from settings`);
  await fill(10_000, "SEARCH");
  const relay = createOutboxRelay({
    handle,
    bus: createInProcessBus(),
    clock,
    log: silentLogger,
    consumers: writers(asSets),
  });
  const at = performance.now();
  await relay.drain();
  return performance.now() - at;
}

/** From the commit of a purchase to its being handled, while 5,000 searches wait and are worked on. */
async function purchaseBehindSearches(): Promise<number> {
  await clear();
  await db.execute(sql`delete from settings`);
  await fill(5_000, "SEARCH");
  const handled = Promise.withResolvers<number>();
  const watcher: Consumer = {
    name: "bench.watch",
    topics: ["action.tracked"],
    handle(fact, { afterCommit }) {
      if (fact.topic === "action.tracked" && fact.payload.action === "COMPLETE_PURCHASE")
        afterCommit(() => handled.resolve(performance.now()));
      return Promise.resolve();
    },
  };
  const consumers = [...writers(true), watcher];
  const relay = createOutboxRelay({ handle, bus: createInProcessBus(), clock, log: silentLogger, consumers });
  relay.start();
  await new Promise((resolve) => setTimeout(resolve, 100));
  await appendActions(db, [{ input: action("COMPLETE_PURCHASE") }]);
  const at = performance.now();
  const tookMs = (await handled.promise) - at;
  await relay.stop();
  return tookMs;
}

const n = (value: number): string => Math.round(value).toLocaleString("en");
console.log(
  `${handle.driver}, Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}; ${callers} callers, ${seconds} s each\n`,
);
console.log(
  "| accepting | events/s | a call, p95 ms | of one core, this process |\n| --- | --- | --- | --- |",
);
for (const [name, batch, grouped] of [
  ["a transaction each, 1 event a call", 1, false],
  ["group commit, 1 event a call", 1, true],
  ["a transaction each, 100 events a call", 100, false],
  ["group commit, 100 events a call", 100, true],
] as const) {
  await clear();
  const { perSecond, p95Ms, cpuShare } = await accept(batch, grouped);
  console.log(`| ${name} | ${n(perSecond)} | ${n(p95Ms)} | ${cpuShare.toFixed(2)} |`);
}
console.log("\n| reacting | ms |\n| --- | --- |");
console.log(`| 10,000 events, two writing consumers, fact by fact | ${n(await drain(false))} |`);
console.log(`| 10,000 events, two writing consumers, as sets | ${n(await drain(true))} |`);
const waits: number[] = [];
for (let round = 0; round < 5; round++) waits.push(await purchaseBehindSearches());
console.log(`| a purchase behind 5,000 searches, worst of 5 | ${n(Math.max(...waits))} |`);
await handle.close();
