// What does it take to count a shopper's unread news, beside a number kept in Redis and a question that asks nothing?
//
//   BENCH_DATABASE_URL=postgres://.../empty REDIS_URL=redis://... node packages/alerts/bench/unread.ts [--rounds 2000]
//
// 5,000 shoppers with 200 news each, all unread: 1,000,000 rows, in an empty database that is filled here.
import { parseArgs } from "node:util";
import { createCache, redisSecondLevel } from "@almanac/cache";
import { migrate, openDatabase, rows } from "@almanac/db";
import { idFromName, type ShopperId } from "@almanac/kernel";
import { silentLogger } from "@almanac/trpc";
import { sql } from "drizzle-orm";
import { Redis } from "ioredis";
import { countUnread, setAllRead, setRead } from "../src/store/news.ts";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "2000" } } });
const rounds = Number(values.rounds);
const shopperCount = 5_000;
const newsOfEach = 200;
const shopperAt = (i: number): ShopperId =>
  idFromName<ShopperId>("bench/unread", String(((i * 7_919) % shopperCount) + 1));

const handle = await openDatabase({ url: process.env["BENCH_DATABASE_URL"], log: silentLogger });
const redis = new Redis(process.env["REDIS_URL"] ?? "redis://127.0.0.1:6379", { lazyConnect: true });
await redis.connect();
const { db } = handle;
await migrate(handle);
const ids = Array.from({ length: shopperCount }, (_, i) => shopperAt(i));
await db.execute(sql`
  insert into shoppers (id, origin) select id, 'visitor' from unnest(${sql.param(ids)}::uuid[]) id`);
for (let first = 1; first <= newsOfEach; first += 10) {
  await db.execute(sql`
  insert into notifications (id, shopper_id, type, payload, dedupe_key, created_at)
  select gen_random_uuid(), s.id, 'PRICE_DROP_ALERT', '{"slug":"heirloom-tomato","name":"Heirloom tomato"}',
    s.id || ':price-drop-' || n, now() - n * interval '10 hours'
  from generate_series(${first}::int, ${first + 9}::int) n, shoppers s`);
}
await db.execute(sql`vacuum analyze notifications`);

function quantiles(samples: number[]): string {
  samples.sort((a, b) => a - b);
  const at = (share: number): string => (samples[Math.floor(share * samples.length)]! * 1_000).toFixed(0);
  return `${at(0.5)} | ${at(0.95)}`;
}

/** One after the other, each for another shopper; the first hundred are not counted. */
async function timed(work: (i: number) => Promise<unknown>): Promise<string> {
  const samples: number[] = [];
  for (let i = -100; i < rounds; i++) {
    const startedAt = performance.now();
    await work(Math.abs(i));
    if (i >= 0) samples.push(performance.now() - startedAt);
  }
  return quantiles(samples);
}

const name = `bench-${crypto.randomUUID()}`;
const secondLevel = redisSecondLevel(redis);
const shared = () => createCache<number>({ name, ttlMs: 600_000, secondLevel });
for (const id of ids) await shared().get(id, () => Promise.resolve(newsOfEach));

const cases: [string, (i: number) => Promise<unknown>][] = [
  ["counted by the index", (i) => countUnread(db, shopperAt(i), 100)],
  ["a number in Redis", (i) => shared().get(shopperAt(i), () => Promise.reject(new Error("not kept")))],
  ["`select 1`", () => rows(db, sql`select 1 as one`)],
];
console.log("| what | p50, microseconds | p95 |\n| --- | --- | --- |");
// Twice, so that what the machine does meanwhile shows.
for (const [what, work] of [...cases, ...cases]) console.log(`| ${what} | ${await timed(work)} |`);

// All of them read and unread again: dead entries in the index, as busy days leave them.
const busy = shopperAt(1);
for (let i = 0; i < 20; i++) await setRead(db, busy, await setAllRead(db, busy, new Date(), 1_000), null);
console.log(`| counted, read and unread 20 times | ${await timed(() => countUnread(db, busy, 100))} |`);

for (const id of ids) await redis.del(`almanac:cache:${name}:v1:${id}`);
redis.disconnect();
await handle.close();
