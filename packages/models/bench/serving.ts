/**
 * Does serving models hold the process up? Its loop is watched while nobody asks, then predictions come at a steady rate while
 * nothing else happens, while a training reads the database and learns in its thread, while everybody is scored, and while
 * versions go to and fro. Prints one table; data are simulated, so it says how fast, not how good.
 *
 *   pnpm --filter @almanac/models bench                          the embedded database, in this process
 *   pnpm --filter @almanac/models bench --url postgres://...     an empty database of a server
 *   pnpm --filter @almanac/models bench --swaps --url ...        only the last row: versions that go to and fro
 *
 * On a machine that others use, give the thread the first say while it runs: chrt -R -r -p 1 <the process id that it prints>
 */
import { mkdtemp, rm } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { insertMany, migrate, openDatabase } from "@almanac/db";
import { markets, orders, shoppers } from "@almanac/db/schema";
import { createInProcessBus } from "@almanac/events";
import { days, idFromName, newId, type MarketId, type OrderId, type ShopperId } from "@almanac/kernel";
import { silentLogger } from "@almanac/trpc";
import { folderArtefacts } from "../src/versions/artefacts.ts";
import { activateVersion, rollBack, type RegistryDeps } from "../src/versions/registry.ts";
import { scoreAll } from "../src/serving/scoring.ts";
import { createModelService } from "../src/serving/service.ts";
import { simulatedHistories } from "../src/testing.ts";
import { requestRun, runTraining } from "../src/runs/training.ts";

const until = new Date("2025-08-13T13:00:00Z");
const shopperCount = 1_000;
const clock = { now: () => new Date(until) };
const folder = await mkdtemp(join(tmpdir(), "almanac-bench-"));
const { values: args } = parseArgs({
  options: { url: { type: "string" }, swaps: { type: "boolean", default: false } },
});
const handle = await openDatabase(
  args.url === undefined ? { dataDir: join(folder, "db") } : { url: args.url, pool: { maxConnections: 5 } },
);
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
  const run = await runTraining({ ...deps, codeCommit: "bench", log: silentLogger }, runId);
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

interface Load {
  readonly name: string;
  readonly perSecond: number;
  readonly withReasons?: boolean;
  readonly work: () => Promise<unknown>;
}

/** Delay of the loop while nobody asks, which the others are told beside. */
let idleDelayMs = Number.NaN;

/** Asks so many times a second until the work is done. */
async function under({ name, perSecond, withReasons = true, work }: Load): Promise<void> {
  const loop = monitorEventLoopDelay({ resolution: 10 });
  const taken: number[] = [];
  let failed = 0;
  let isOver = false;
  const asked: Promise<void>[] = [];
  const startedAt = performance.now();
  loop.enable();
  const thread = watchThread();
  const load = (async () => {
    for (let n = 0; perSecond > 0 && !isOver; n++) {
      const due = startedAt + (n * 1_000) / perSecond;
      const early = due - performance.now();
      // Even where it is behind: a load that never lets go would measure itself.
      await (early > 0 ? delay(early) : new Promise(setImmediate));
      const from = performance.now();
      asked.push(
        models.predict({ name: "churn", input, unit: `unit-${n % 500}`, withReasons }).then(
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
  const delayMs = Math.max(0, loop.percentile(99) / 1e6 - 10);
  if (perSecond === 0) idleDelayMs = delayMs;
  const of = (share: number): string => (taken.length === 0 ? "" : quantile(taken, share).toFixed(2));
  const cells = [
    name,
    seconds.toFixed(1),
    (taken.length / seconds).toFixed(0),
    failed,
    of(0.5),
    of(0.95),
    of(0.99),
    delayMs.toFixed(1),
    `${(delayMs - idleDelayMs).toFixed(1)}`,
    quantile(stretches, 0.99).toFixed(1),
    Math.max(...stretches).toFixed(1),
  ];
  console.log(`| ${cells.join(" | ")} |`);
}

try {
  console.log(`process ${process.pid}`);
  const placed = await fill();
  const first = await train(1);
  const second = await train(2);
  const [cpu] = cpus();
  console.log(
    `${shopperCount} shoppers, ${placed} orders, ${handle.driver}; ${cpu?.model}, Node ${process.version}\n`,
  );
  console.log(
    "| while | s | predictions a second | failed | p50 ms | p95 ms | p99 ms | loop delay p99 ms | beyond nobody's | own stretches p99 ms | worst ms |",
  );
  console.log("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
  if (!args.swaps) {
    await under({ name: "nobody asks", perSecond: 0, work: () => delay(8_000) });
    await under({ name: "nothing else happens", perSecond: 100, work: () => delay(8_000) });
    await under({
      name: "nothing else happens, without reasons",
      perSecond: 100,
      withReasons: false,
      work: () => delay(8_000),
    });
    await under({ name: "a model trains", perSecond: 100, work: () => train(3) });
    await under({ name: "everybody is scored", perSecond: 100, work: () => scoreAll(deps) });
  }
  const swaps: number[] = [];
  const goToAndFro = async (): Promise<void> => {
    await activateVersion(deps, first);
    for (let turn = 0; turn < 20; turn++) {
      await activateVersion(deps, second);
      await delay(100);
      const from = performance.now();
      await rollBack(deps, "churn");
      swaps.push(performance.now() - from);
      await delay(100);
    }
  };
  await under({ name: "versions go to and fro", perSecond: 500, withReasons: false, work: goToAndFro });
  console.log(
    `\nrolling back: p50 ${quantile(swaps, 0.5).toFixed(1)} ms, worst ${Math.max(...swaps).toFixed(1)} ms, of ${swaps.length}`,
  );
} finally {
  await models.stop();
  await handle.close();
  await rm(folder, { recursive: true, force: true });
}
