import { migrate, openDatabase } from "@almanac/db";
import { createInProcessBus } from "@almanac/events";
import { days, seededRng } from "@almanac/kernel";
import { createShopWindow } from "@almanac/signals";
import { silentLogger } from "@almanac/trpc";
import { recommendForShopper, scoreAll } from "../src/core/lists/recommend.ts";
import { createRecsysService } from "../src/service.ts";
import { situate, type Situation } from "../src/service/situation.ts";
import { createShopperReader } from "../src/service/shopper-reader.ts";
import { readOrders } from "../src/store/orders.ts";
import { buildWorld } from "../src/service/world.ts";
import { marketIdOf, shopperIdsOf, writeWorld } from "./world.ts";

/**
 * How fast recommendations are served from a generated market. Works in a database that is thrown away: the embedded one, or
 * an empty one named by TEST_DATABASE_URL.
 */

const size = { products: 10_000, shoppers: 5_000, orders: 100_000, views: 200_000 };
const now = new Date("2025-08-13T13:00:00Z");
const clock = { now: () => now };
const log = silentLogger;
const calls = Number(process.argv[2] ?? 400);

const samples = new Map<string, number[]>();

function note(name: string, ms: number): void {
  const known = samples.get(name);
  if (known) known.push(ms);
  else samples.set(name, [ms]);
}

async function timed<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  const startedAt = performance.now();
  const result = await work();
  note(name, performance.now() - startedAt);
  return result;
}

function quantile(values: readonly number[], share: number): string {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(1);
}

const url = process.env["TEST_DATABASE_URL"];
const handle = await openDatabase(url ? { url } : { dataDir: "memory" });
await migrate(handle);
await timed("writing the market", () => writeWorld(handle, size, now));
const bus = createInProcessBus();
const shopWindow = createShopWindow({ handle, bus, clock, log });
await timed("loading the shop window", () => shopWindow.load());
await timed("building: reading the orders", async () => {
  const since = new Date(now.getTime() - days(730));
  for await (const page of readOrders(handle.db, { since, until: now, recentAfter: now })) void page;
});
/** Processor time of this thread between two ticks: on a busy machine the clock measures the others. */
let longestStep = 0;
let lastStep = process.threadCpuUsage();
const steps = setInterval(() => {
  const step = process.threadCpuUsage(lastStep);
  lastStep = process.threadCpuUsage();
  longestStep = Math.max(longestStep, (step.user + step.system) / 1_000);
}, 1);
const cpuBefore = process.cpuUsage();
const world = await timed("building, all of it", () => buildWorld(handle.db, shopWindow, now));
const cpu = process.cpuUsage(cpuBefore);
clearInterval(steps);
note("building, longest step of the main thread (processor)", longestStep);
note("building, time of this process's processor", (cpu.user + cpu.system) / 1_000);
const service = createRecsysService({ handle, bus, clock, log, shopWindow });
await service.start();

const rng = seededRng(5);
const readShopper = createShopperReader({ handle, changes: shopWindow.changes });
const shoppers = await shopperIdsOf(handle);
const marketId = await marketIdOf(handle);
const productIds = shopWindow.all().map(({ product }) => product.id);
const kinds = {
  forShopper: (ask) => service.forShopper(ask),
  similarItems: (ask) => service.similarItems({ ...ask, productId: rng.pick(productIds) }),
  boughtTogether: (ask) => service.boughtTogether({ ...ask, productId: rng.pick(productIds) }),
  trending: (ask) => service.trending(ask),
  home: (ask) => service.home(ask),
} satisfies Record<
  string,
  (ask: { shopperId: (typeof shoppers)[number]; marketId: typeof marketId }) => Promise<unknown>
>;

/** The hybrid in memory alone, each shopper once a round: what a core can serve. */
async function inProcess(): Promise<string> {
  const asked = Array.from({ length: 500 }, (_, at) => shoppers[(at * 7919) % shoppers.length]!);
  const situations: Situation[] = [];
  for (const shopperId of asked)
    situations.push(await situate({ shopperId, marketId }, { world, readShopper, clock, shop: shopWindow }));
  const round = (isCounted: boolean): void => {
    for (const one of situations) {
      const { request, slateOptions } = one;
      const availability = (product: number): boolean => one.isOfferedAt(product);
      const startedAt = performance.now();
      recommendForShopper(world.snapshot, { ...request, limit: 20 }, { ...slateOptions, availability });
      if (isCounted) note("in process: the hybrid, 20 places", performance.now() - startedAt);
    }
  };
  for (let warm = 0; warm < 3; warm++) round(false);
  const before = process.threadCpuUsage();
  const rounds = 10;
  for (let counted = 0; counted < rounds; counted++) round(true);
  const { user, system } = process.threadCpuUsage(before);
  const perShopper = (user + system) / (rounds * asked.length);
  return `in process, ${asked.length} shoppers in turn: ${perShopper.toFixed(0)} microseconds of processor each, ${(1e6 / perShopper).toFixed(0)} shoppers a second of one core`;
}

/** A list with all that is remembered forgotten before: what trends, who is alike, what is offered, and the taste. */
async function coldly(ask: {
  shopperId: (typeof shoppers)[number];
  marketId: typeof marketId;
}): Promise<void> {
  const cold = {
    ...world,
    offered: new Map(),
    calendar: {},
    snapshot: { ...world.snapshot, memo: new Map() },
  };
  const one = await situate(ask, { world: cold, readShopper, clock, shop: shopWindow });
  const availability = (product: number): boolean => one.isOfferedAt(product);
  const asked = { ...one.request, limit: 20 };
  const { items } = recommendForShopper(cold.snapshot, asked, { ...one.slateOptions, availability });
  const ids = items.map(({ productId }) => productId as (typeof productIds)[number]);
  await shopWindow.checkedCards(handle.db, ids, { now, marketId });
}

const oneCore = await inProcess();
await service.home({ shopperId: rng.pick(shoppers), marketId });
for (let call = 0; call < calls; call++) {
  const ask = { shopperId: rng.pick(shoppers), marketId };
  for (const [kind, work] of Object.entries(kinds)) await timed<unknown>(`request ${kind}`, () => work(ask));
  const where = await timed("inside: reading the shopper", () =>
    situate(ask, { world, readShopper, clock, shop: shopWindow }),
  );
  await timed("cold: a list of which nothing is remembered", () => coldly(ask));
  const page = Array.from({ length: 20 }, () => rng.pick(productIds));
  await timed("inside: checking twenty cards", () =>
    shopWindow.checkedCards(handle.db, page, { now, marketId }),
  );
  scoreAll(world.snapshot, where.request, {
    measure(algorithm, work) {
      const startedAt = performance.now();
      const result = work();
      note(`algorithm ${algorithm}`, performance.now() - startedAt);
      return result;
    },
  });
}

console.log(oneCore);
console.log(`${handle.driver}, ${calls} calls of each kind, milliseconds`);
console.log("| what | p50 | p95 | p99 |\n| --- | --- | --- | --- |");
for (const [name, values] of samples)
  console.log(`| ${name} | ${[0.5, 0.95, 0.99].map((share) => quantile(values, share)).join(" | ")} |`);
await service.stop();
await shopWindow.close();
await handle.close();
