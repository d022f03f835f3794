/**
 * How fast recommendations and search are answered through tRPC, over HTTP on loopback, by a server in a process of its own;
 * what personalisation adds to a search; and how soon what somebody did shows in what they are recommended.
 *
 *   node apps/server/bench/serving.ts [--products 10000] [--shoppers 5000] [--orders 100000] [--calls 1000] [--only search]
 *
 * BENCH_DATABASE_URL names an empty PostgreSQL database, or one that a run of the same sizes filled; without it, the
 * embedded one. Requests come one after the other, as a page asks; times are the client's.
 */
import { cpus, loadavg } from "node:os";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { newId, seededRng } from "@almanac/kernel";
import { quantile } from "./live/processes.ts";
import { beginningAt, openServing, queryAt } from "./serving-client.ts";

const { values } = parseArgs({
  options: {
    products: { type: "string", default: "10000" },
    shoppers: { type: "string", default: "5000" },
    orders: { type: "string", default: "100000" },
    calls: { type: "string", default: "1000" },
    only: { type: "string" },
  },
});
const calls = Number(values.calls);
/** A person types on for longer than this between two letters. */
const pauseMs = 50;

const server = await openServing({
  products: Number(values.products),
  shoppers: Number(values.shoppers),
  orders: Number(values.orders),
});
const { ready } = server;

const quantiles = (samples: readonly number[]): string =>
  [0.5, 0.95, 0.99].map((share) => quantile(samples, share).toFixed(1)).join(" | ");

async function measure(name: string, call: (turn: number) => Promise<number>): Promise<number[]> {
  for (let turn = 0; turn < Math.min(200, calls / 4); turn++) await call(calls + turn);
  const before = await server.usage();
  const samples: number[] = [];
  for (let turn = 0; turn < calls; turn++) samples.push(await call(turn));
  const { cpuMs } = await server.usage();
  console.log(`| ${name} | ${quantiles(samples)} | ${((cpuMs - before.cpuMs) / calls).toFixed(2)} |`);
  return samples;
}

const rng = seededRng(11);
const shopperAt = (turn: number): string => ready.shopperIds[(turn * 7919) % ready.shopperIds.length]!;

const load = loadavg().map((value) => value.toFixed(1));
console.log(
  `${values.products} products, ${values.shoppers} shoppers, ${values.orders} orders, ${ready.driver}; ${calls} requests of ` +
    `each kind, milliseconds; Node ${process.version}, ${cpus().length} cores, load ${load.join(" ")}`,
);
console.log("| through tRPC | p50 | p95 | p99 | CPU of the server |\n| --- | --- | --- | --- | --- |");

if (values.only !== "search") {
  await measure("`recsys.forShopper`: the hybrid, 20 places", async (turn) => {
    const input = { marketId: ready.marketId };
    return (await server.ask("recsys.forShopper", { input, shopperId: shopperAt(turn) })).ms;
  });
  await measure("`recsys.home`: seven lists", async (turn) => {
    const input = { marketId: ready.marketId };
    return (await server.ask("recsys.home", { input, shopperId: shopperAt(turn) })).ms;
  });
  await measureFeedback();
}
if (values.only !== "recommendations") await measureSearch();

/** What a shopper just looked at leads to something in the very next list: how long after the event was accepted? */
async function measureFeedback(): Promise<void> {
  let shown = 0;
  let asked = 0;
  await measure("feedback: from an accepted event to a list that knows of it", async (turn) => {
    const shopperId = shopperAt(turn * 3 + 1);
    const productId = rng.pick(ready.productIds);
    const events = [{ id: newId(), action: "VIEW_PRODUCT", entityType: "PRODUCT", entityId: productId }];
    await server.ask("events.track", { input: { events }, shopperId, isMutation: true });
    const { data, ms } = await server.ask("recsys.forShopper", { input: { limit: 40 }, shopperId });
    const items = data["items"] as { explain: { reason: string }[]; metadata?: { seedProductId?: string } }[];
    asked++;
    if (items.some(({ metadata }) => metadata?.seedProductId === productId)) shown++;
    return ms;
  });
  console.log(`\n${shown} of ${asked} lists name the product that was looked at as a reason.\n`);
  if (values.only !== "recommendations")
    console.log("| through tRPC | p50 | p95 | p99 | CPU of the server |\n| --- | --- | --- | --- | --- |");
}

/** The same queries for everybody and for a shopper, taking turns, so that both meet the same machine. */
async function measureSearch(): Promise<void> {
  await measurePairs("of whom nothing was asked before", { shift: 0, isTyped: false });
  await measurePairs("who typed it", { shift: 2 * calls, isTyped: true });
  await measure("`search.suggest`", async (turn) => {
    return (await server.ask("search.suggest", { input: { q: beginningAt(turn) } })).ms;
  });
}

/** @param options.shift other shoppers than those before: by so many turns */
async function measurePairs(
  who: string,
  { shift, isTyped }: { shift: number; isTyped: boolean },
): Promise<void> {
  const plain: number[] = [];
  const personal: number[] = [];
  await measure(`\`search.query\`, a shopper ${who}, and everybody, in turn`, async (turn) => {
    const input = { q: queryAt(turn) };
    const person = { input, shopperId: shopperAt(turn + shift) };
    if (isTyped) {
      await server.ask("search.suggest", { ...person, input: { q: input.q.slice(0, 3) } });
      await setTimeout(pauseMs);
    }
    const first = turn % 2 === 0;
    const one = await server.ask("search.query", first ? person : { input });
    const two = await server.ask("search.query", first ? { input } : person);
    personal.push(first ? one.ms : two.ms);
    plain.push(first ? two.ms : one.ms);
    return one.ms + two.ms;
  });
  const measured = plain.length - calls;
  console.log(`| \`search.query\`, the same for everybody | ${quantiles(plain.slice(measured))} | |`);
  console.log(`| \`search.query\`, for a shopper ${who} | ${quantiles(personal.slice(measured))} | |`);
  const added = personal.slice(measured).map((ms, at) => ms - plain[measured + at]!);
  console.log(`| what personalisation adds, pair by pair | ${quantiles(added)} | |`);
}

console.log(`\nThe server holds ${((await server.usage()).rssBytes / 1e6).toFixed(0)} MB.`);
server.stop();
