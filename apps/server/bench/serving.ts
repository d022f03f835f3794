/**
 * How fast recommendations and search are answered through tRPC, over HTTP on loopback, by a server in a process of its own;
 * what personalisation adds to a search; and how soon what somebody did shows in what they are recommended.
 *
 *   node apps/server/bench/serving.ts [--products 10000] [--shoppers 5000] [--orders 100000] [--calls 1000] [--only search]
 *
 * BENCH_DATABASE_URL names an empty PostgreSQL database, or one that a run of the same sizes filled; without it, the
 * embedded one. Requests come one after the other, as a page asks; times are the client's.
 */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { request, Agent } from "node:http";
import { cpus, loadavg } from "node:os";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { newId, seededRng } from "@almanac/kernel";

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
const agent = new Agent({ keepAlive: true, maxSockets: 4 });

interface Ready {
  readonly port: number;
  readonly driver: string;
  readonly marketId: string;
  readonly shopperIds: readonly string[];
  readonly productIds: readonly string[];
}

async function startServer(): Promise<{ child: ChildProcess; ready: Ready }> {
  const entry = new URL("serving-server.ts", import.meta.url).pathname;
  const child = fork(entry, [values.products, values.shoppers, values.orders], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const [ready] = (await once(child, "message")) as [Ready];
  return { child, ready };
}

const { child, ready } = await startServer();

async function facts(): Promise<{ cpuMs: number; rss: number }> {
  child.send("facts");
  const [{ cpu, rss }] = (await once(child, "message")) as [{ cpu: NodeJS.CpuUsage; rss: number }];
  return { cpuMs: (cpu.user + cpu.system) / 1_000, rss };
}

/** @returns the answer's data and the milliseconds until its last byte */
async function ask(
  path: string,
  { input, shopperId, isMutation = false }: { input: unknown; shopperId?: string; isMutation?: boolean },
): Promise<{ data: Record<string, unknown>; ms: number }> {
  const text = JSON.stringify(input);
  const search = isMutation ? "" : `?input=${encodeURIComponent(text)}`;
  const startedAt = performance.now();
  const outgoing = request({
    agent,
    host: "127.0.0.1",
    port: ready.port,
    path: `/trpc/${path}${search}`,
    method: isMutation ? "POST" : "GET",
    headers: { "content-type": "application/json", ...(shopperId && { "x-bench-shopper": shopperId }) },
  });
  outgoing.end(isMutation ? text : undefined);
  const [response] = (await once(outgoing, "response")) as [NodeJS.ReadableStream & { statusCode: number }];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const ms = performance.now() - startedAt;
  const body = Buffer.concat(chunks).toString();
  if (response.statusCode !== 200) throw new Error(`${path} answered ${response.statusCode}: ${body}`);
  return { data: (JSON.parse(body) as { result: { data: Record<string, unknown> } }).result.data, ms };
}

function quantiles(samples: readonly number[]): string {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (share: number): string =>
    (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(1);
  return [0.5, 0.95, 0.99].map(at).join(" | ");
}

async function measure(name: string, call: (turn: number) => Promise<number>): Promise<number[]> {
  for (let turn = 0; turn < Math.min(200, calls / 4); turn++) await call(calls + turn);
  const before = await facts();
  const samples: number[] = [];
  for (let turn = 0; turn < calls; turn++) samples.push(await call(turn));
  const { cpuMs } = await facts();
  console.log(`| ${name} | ${quantiles(samples)} | ${((cpuMs - before.cpuMs) / calls).toFixed(2)} |`);
  return samples;
}

const rng = seededRng(11);
const words = "tomato carrot spinach cheddar basil apple strawberry honey bread cider leek pepper".split(" ");
const kinds = "heirloom wild red golden sweet early winter organic baby".split(" ");
const slips = "tomatto carot spinnach chedar basl aple strawbery".split(" ");
const shopperAt = (turn: number): string => ready.shopperIds[(turn * 7919) % ready.shopperIds.length]!;

function queryAt(turn: number): string {
  const kind = turn % 4;
  if (kind === 0) return words[turn % words.length]!;
  if (kind === 1) return `${kinds[turn % kinds.length]!} ${words[(turn * 5) % words.length]!}`;
  return kind === 2 ? slips[turn % slips.length]! : words[(turn * 3) % words.length]!.slice(0, 4);
}

const load = loadavg().map((value) => value.toFixed(1));
console.log(
  `${values.products} products, ${values.shoppers} shoppers, ${values.orders} orders, ${ready.driver}; ${calls} requests of ` +
    `each kind, milliseconds; Node ${process.version}, ${cpus().length} cores, load ${load.join(" ")}`,
);
console.log("| through tRPC | p50 | p95 | p99 | CPU of the server |\n| --- | --- | --- | --- | --- |");

if (values.only !== "search") {
  await measure("`recsys.forShopper`: the hybrid, 20 places", async (turn) => {
    const input = { marketId: ready.marketId };
    return (await ask("recsys.forShopper", { input, shopperId: shopperAt(turn) })).ms;
  });
  await measure("`recsys.home`: seven lists", async (turn) => {
    const input = { marketId: ready.marketId };
    return (await ask("recsys.home", { input, shopperId: shopperAt(turn) })).ms;
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
    await ask("events.track", { input: { events }, shopperId, isMutation: true });
    const { data, ms } = await ask("recsys.forShopper", { input: { limit: 40 }, shopperId });
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
    const word = words[turn % words.length]!;
    return (await ask("search.suggest", { input: { q: word.slice(0, 2 + (turn % 4)) } })).ms;
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
      await ask("search.suggest", { ...person, input: { q: input.q.slice(0, 3) } });
      await setTimeout(pauseMs);
    }
    const first = turn % 2 === 0;
    const one = await ask("search.query", first ? person : { input });
    const two = await ask("search.query", first ? { input } : person);
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

console.log(`\nThe server holds ${((await facts()).rss / 1e6).toFixed(0)} MB.`);
child.disconnect();
agent.destroy();
