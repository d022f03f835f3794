/**
 * How long reading everything that is on sale takes, and whether it grows with the number of products alone:
 * `pnpm --filter @almanac/catalog bench`. Runs on PGlite in memory, and on PostgreSQL where BENCH_DATABASE_URL names an
 * empty database. The products are generated: the figure is of the statement, not of any market.
 */
import { cpus, loadavg, totalmem } from "node:os";
import { migrate, openDatabase, type DatabaseHandle } from "@almanac/db";
import { products } from "@almanac/db/schema";
import { listLiveProducts } from "../src/store/live-products.ts";
import { buildFarm, buildManyProducts, buildMarket, testNow } from "../src/testing.ts";

const counts = [1_000, 10_000];
const readings = 7;

async function measure(database: string, handle: DatabaseHandle): Promise<void> {
  try {
    await migrate(handle);
    await buildMarket(handle.db);
    await buildFarm(handle.db);
    let before = 0;
    for (const count of counts) {
      await buildManyProducts(handle.db, { from: before, until: count });
      before = count;
      const whole = await median(async () => {
        const live = await listLiveProducts(handle.db, { now: testNow });
        if (live.length !== count) throw new Error(`${live.length} of ${count} products were read`);
      });
      const bare = await median(() => handle.db.select().from(products));
      console.log(
        `${database}: ${count} products with farm, markets, variants, prices and pictures ${whole.toFixed(0)} ms ` +
          `(their bare rows ${bare.toFixed(0)} ms)`,
      );
    }
  } finally {
    await handle.close();
  }
}

async function median(read: () => PromiseLike<unknown>): Promise<number> {
  await read();
  const took: number[] = [];
  for (let turn = 0; turn < readings; turn++) {
    const startedAt = performance.now();
    await read();
    took.push(performance.now() - startedAt);
  }
  return took.toSorted((a, b) => a - b)[Math.floor(readings / 2)] ?? Number.NaN;
}

const processor = cpus()[0]?.model ?? "an unknown processor";
console.log(
  `${cpus().length} cores (${processor}), ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}, ` +
    `load ${loadavg()[0]?.toFixed(1)}; middle of ${readings} readings`,
);
await measure("PGlite", await openDatabase({ dataDir: "memory" }));
const url = process.env["BENCH_DATABASE_URL"];
if (url) await measure("PostgreSQL", await openDatabase({ url }));
else console.log("PostgreSQL: skipped, BENCH_DATABASE_URL is not set");
