/**
 * Does serving models hold the process up? Predictions at a steady rate while nothing else happens, while a training reads
 * the database and learns in its thread, and while versions go to and fro. Prints one table; data are simulated, so it says how
 * fast, not how good.
 *
 *   pnpm --filter @almanac/models bench
 */
import { mkdtemp, rm } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { insertMany, migrate, openDatabase } from "@almanac/db";
import { markets, orders, shoppers } from "@almanac/db/schema";
import { createInProcessBus } from "@almanac/events";
import { days, idFromName, newId, type MarketId, type OrderId, type ShopperId } from "@almanac/kernel";
import { silentLogger } from "@almanac/trpc";
import { folderArtefacts } from "../src/artefacts.ts";
import { activateVersion, rollBack, type RegistryDeps } from "../src/registry.ts";
import { scoreAll } from "../src/scoring.ts";
import { createModelService } from "../src/service.ts";
import { simulatedHistories } from "../src/testing.ts";
import { requestRun, runTraining } from "../src/training.ts";

const until = new Date("2025-08-13T13:00:00Z");
const shopperCount = 1_000;
const clock = { now: () => new Date(until) };
const folder = await mkdtemp(join(tmpdir(), "almanac-bench-"));
const handle = await openDatabase({ dataDir: join(folder, "db") });
await migrate(handle);
const bus = createInProcessBus();
const models = createModelService({
  handle,
  bus,
  clock,
  log: silentLogger,
  artefacts: folderArtefacts(join(folder, "models")),
});
const deps: RegistryDeps = { handle, bus, clock, models };

async function fill(): Promise<number> {
  const marketId = idFromName<MarketId>("bench", "market");
  await handle.db.insert(markets).values({
    id: marketId,
    slug: "bench",
    name: "Bench",
    timeZone: "UTC",
    latitude: 0,
    longitude: 0,
  });
  const { histories } = simulatedHistories({ shoppers: shopperCount, seed: 1, until, weeks: 104 });
  const idOf = (at: number): ShopperId => idFromName<ShopperId>("bench/shopper", String(at));
  const createdAt = new Date(until.getTime() - days(800));
  await insertMany(
    handle.db,
    shoppers,
    histories.map((_, at) => ({ id: idOf(at), createdAt })),
  );
  const rows = histories.flatMap(({ orders: own }, at) =>
    own.map(({ at: placed, cents }, n) => ({
      id: newId<OrderId>(placed),
      number: `B-${at}-${n}`,
      shopperId: idOf(at),
      marketId,
      status: "collected" as const,
      subtotalCents: cents,
      totalCents: cents,
      holdCents: cents,
      idempotencyKey: `${at}/${n}`,
      requestHash: "",
      placedAt: new Date(placed),
      updatedAt: new Date(placed),
    })),
  );
  await insertMany(handle.db, orders, rows);
  return rows.length;
}

async function train(seed: number): Promise<string> {
  const { runId } = await requestRun(deps, { name: "churn", seed, reason: "asked" });
  const run = await runTraining({ ...deps, codeCommit: "bench" }, runId);
  return run.versionId!;
}

const input = { openDaysSinceOrder: 12, typicalGapDays: 9, gapRatio: 1.3, orders90: 7, ordersTotal: 30 };
const quantile = (values: number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))] ??
  Number.NaN;

/**
 * What this thread itself did between two looks, 5 ms apart: a stretch that holds it up shows here as it is, however busy the
 * machine is with others. Milliseconds of processor time.
 */
function watchThread(): { stop(): number[] } {
  const stretches: number[] = [];
  const spent = (): number => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1_000;
  };
  let before = spent();
  const timer = setInterval(() => {
    const now = spent();
    stretches.push(now - before);
    before = now;
  }, 5);
  return {
    stop() {
      clearInterval(timer);
      return stretches;
    },
  };
}

/** Asks so many times a second until the work is done. */
async function under(name: string, perSecond: number, work: () => Promise<unknown>): Promise<void> {
  const loop = monitorEventLoopDelay({ resolution: 10 });
  const taken: number[] = [];
  let failed = 0;
  let isOver = false;
  const asked: Promise<void>[] = [];
  const startedAt = performance.now();
  loop.enable();
  const thread = watchThread();
  const load = (async () => {
    for (let n = 0; !isOver; n++) {
      const due = startedAt + (n * 1_000) / perSecond;
      const early = due - performance.now();
      // Even where it is behind: a load that never lets go would measure itself.
      await (early > 0 ? delay(early) : new Promise(setImmediate));
      const from = performance.now();
      asked.push(
        models.predict({ name: "churn", input, unit: `unit-${n % 500}` }).then(
          () => void taken.push(performance.now() - from),
          () => void (failed += 1),
        ),
      );
    }
  })();
  await work();
  isOver = true;
  await load;
  await Promise.all(asked);
  loop.disable();
  const stretches = thread.stop();
  const seconds = (performance.now() - startedAt) / 1_000;
  // The monitor counts from its own resolution of 10 ms.
  const ms = (share: number): string => Math.max(0, loop.percentile(share) / 1e6 - 10).toFixed(1);
  console.log(
    `| ${name} | ${seconds.toFixed(1)} | ${(taken.length / seconds).toFixed(0)} | ${failed} | ${quantile(taken, 0.5).toFixed(2)} | ${quantile(taken, 0.95).toFixed(2)} | ${quantile(taken, 0.99).toFixed(2)} | ${ms(99)} | ${quantile(stretches, 0.99).toFixed(1)} | ${Math.max(...stretches).toFixed(1)} |`,
  );
}

try {
  const placed = await fill();
  const first = await train(1);
  const second = await train(2);
  const [cpu] = cpus();
  console.log(
    `${shopperCount} shoppers, ${placed} orders, embedded database; ${cpu?.model}, Node ${process.version}\n`,
  );
  console.log(
    "| while | s | predictions a second | failed | p50 ms | p95 ms | p99 ms | loop delay p99 ms | own stretches p99 ms | worst ms |",
  );
  console.log("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
  await under("nothing else happens", 100, () => delay(8_000));
  await under("a model trains", 100, () => train(3));
  await under("everybody is scored", 100, () => scoreAll(deps));
  const swaps: number[] = [];
  await under("versions go to and fro", 500, async () => {
    for (let turn = 0; turn < 20; turn++) {
      await activateVersion(deps, turn % 2 === 0 ? second : first);
      const from = performance.now();
      await rollBack(deps, "churn");
      swaps.push(performance.now() - from);
      await delay(150);
    }
  });
  console.log(
    `\nrolling back: p50 ${quantile(swaps, 0.5).toFixed(1)} ms, worst ${Math.max(...swaps).toFixed(1)} ms, of ${swaps.length}`,
  );
} finally {
  await models.stop();
  await handle.close();
  await rm(folder, { recursive: true, force: true });
}
