/**
 * How many orders a second the whole path from a full cart to a placed order takes: `pnpm --filter @almanac/orders bench`.
 * Runs on PGlite in memory, and on PostgreSQL where BENCH_DATABASE_URL names an empty database.
 * Writes docs/benches/checkout.md.
 */
import { writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { migrate, openDatabase, type DatabaseHandle } from "@almanac/db";
import type { ShopperId } from "@almanac/kernel";
import { silentLogger } from "@almanac/trpc";
import { createPaymentSimulator } from "../src/payment-simulator.ts";
import { checkBooks } from "../src/store/books.ts";
import { addShoppers, fillCarts, openStall, stall, stallClock } from "../src/testing.ts";
import { placeOrder } from "../src/workflows/place.ts";

const orderCount = Number(process.argv[2] ?? 400);
const concurrencies = [1, 16];

interface Run {
  readonly database: string;
  readonly concurrency: number;
  readonly ordersPerSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly problems: number;
}

async function measureAll(name: string, handle: DatabaseHandle): Promise<Run[]> {
  try {
    await migrate(handle);
    const plenty = { tomato: 100_000_000, basil: 1_000_000, mozzarella: 1_000_000 };
    await openStall(handle.db, { stockBase: plenty, capacityOrders: 1_000_000 });
    const runs: Run[] = [];
    for (const concurrency of concurrencies) {
      const run = await measure(name, handle, concurrency);
      console.log(JSON.stringify(run));
      runs.push(run);
    }
    return runs;
  } finally {
    await handle.close();
  }
}

async function measure(database: string, handle: DatabaseHandle, concurrency: number): Promise<Run> {
  const warmUp = await addShoppers(handle.db, 20, `warm-up-${concurrency}`);
  const shopperIds = await addShoppers(handle.db, orderCount, `bench-${concurrency}`);
  await fillCarts(handle.db, [...warmUp, ...shopperIds], ["tomato", "basil", "mozzarella"]);
  const clock = stallClock();
  const trade = { handle, clock, payments: createPaymentSimulator({ handle, clock }), log: silentLogger };
  const place = (shopperId: ShopperId) =>
    placeOrder(trade, { shopperId, pickupSlotId: stall.slotId(11), idempotencyKey: "bench-key" });
  for (const shopperId of warmUp) await place(shopperId);

  const waiting = [...shopperIds];
  const durations: number[] = [];
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      for (let shopperId = waiting.pop(); shopperId; shopperId = waiting.pop()) {
        const before = performance.now();
        await place(shopperId);
        durations.push(performance.now() - before);
      }
    }),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  durations.sort((a, b) => a - b);
  const at = (share: number) => Math.round(durations[Math.floor(share * (durations.length - 1))] ?? 0);
  const { problems } = await checkBooks(handle.db);
  const ordersPerSecond = Math.round(orderCount / seconds);
  return {
    database,
    concurrency,
    ordersPerSecond,
    p50Ms: at(0.5),
    p95Ms: at(0.95),
    problems: problems.length,
  };
}

const runs = await measureAll(
  "PGlite (in memory, in a worker thread)",
  await openDatabase({ dataDir: "memory" }),
);
const url = process.env["BENCH_DATABASE_URL"];
if (url) runs.push(...(await measureAll("PostgreSQL (on the same machine)", await openDatabase({ url }))));

const report = `# Placing orders

**Question.** How many orders a second does one process place, and how long does a shopper wait?

**What runs.** ${orderCount} shoppers, each with a cart of three lines from three farms, place it in the same pickup slot: hold,
authorisation by the payment simulator, order, stock, ledger and facts, all as in the product, three transactions an
order. All orders take the same three stock rows, which is the worst case for locks. Afterwards the books are checked.

**Machine.** ${cpus().length} cores (${cpus()[0]?.model.trim() ?? "unknown"}), ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}; other work was running beside it.

**Command.** \`pnpm --filter @almanac/orders bench\`, with \`BENCH_DATABASE_URL\` set to an empty PostgreSQL database for the second half.

| database | shoppers at once | orders/s | p50 ms | p95 ms | problems in the books |
| --- | --- | --- | --- | --- | --- |
${runs
  .map(
    (run) =>
      `| ${run.database} | ${run.concurrency} | ${run.ordersPerSecond} | ${run.p50Ms} | ${run.p95Ms} | ${run.problems} |`,
  )
  .join("\n")}
`;
writeFileSync(fileURLToPath(new URL("../../../docs/benches/checkout.md", import.meta.url)), report);
