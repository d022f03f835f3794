/**
 * What a farmer's reads cost: processor time and statements a call, by procedure, in process, of the demo world.
 *
 *   node apps/server/bench/farm-reads.ts --data <folder of a shop that does not run>
 *   BENCH_DATABASE_URL=postgres://... node apps/server/bench/farm-reads.ts
 *
 * With PostgreSQL the processor time is this process's alone. A shop of before its latest migrations is to be started once.
 */
import { parseArgs } from "node:util";
import { adviceRoutes, lowStockRoutes } from "@almanac/advice/router";
import { openDatabase } from "@almanac/db";
import { farms } from "@almanac/db/schema";
import { createInProcessBus } from "@almanac/events";
import { growingRoutes } from "@almanac/growing/router";
import { invariant, type UserId } from "@almanac/kernel";
import { rememberSales } from "@almanac/planning";
import { planningRoutes } from "@almanac/planning/router";
import { pricingRoutes } from "@almanac/pricing/router";
import { createShopWindow } from "@almanac/signals";
import {
  anonymousCaller,
  createCallerFactory,
  router,
  silentLogger,
  unlimited,
  type RequestContext,
} from "@almanac/trpc";
import { eq } from "drizzle-orm";

const { values: args } = parseArgs({
  options: {
    data: { type: "string" },
    farm: { type: "string", default: "hollow-oak" },
    now: { type: "string", default: "2025-08-13T18:00:00-04:00" },
    rounds: { type: "string", default: "10" },
  },
});
const url = process.env["BENCH_DATABASE_URL"];
const handle = await openDatabase(url ? { url } : { dataDir: args.data ?? ".data" });
const clock = { now: () => new Date(args.now) };
const shopWindow = createShopWindow({
  handle,
  bus: createInProcessBus(),
  clock,
  log: silentLogger,
});
rememberSales(handle.db, shopWindow.changes);

let statements = 0;
const query = handle.client.query.bind(handle.client);
handle.client.query = (...asked) => {
  statements++;
  return query(...asked);
};

const [farm] = await handle.db.select({ id: farms.id }).from(farms).where(eq(farms.slug, args.farm));
invariant(farm, `there is a farm ${args.farm}`);
const farmId = farm.id;
const context: RequestContext = {
  caller: {
    ...anonymousCaller,
    kind: "user",
    userId: "01980000-0000-7000-8000-000000000001" as UserId,
    farmIds: [farmId],
  },
  db: handle.db,
  handle,
  clock,
  log: silentLogger,
  requestId: "bench",
  traceId: "bench",
  transport: "in-process",
  ip: "127.0.0.1",
  limiter: unlimited,
  ensureShopper: () => Promise.reject(new Error("a farmer's reads need no shopper")),
};
const api = createCallerFactory(
  router({
    ...planningRoutes(),
    ...adviceRoutes(),
    ...lowStockRoutes(),
    ...growingRoutes({ shopWindow }),
    ...pricingRoutes(),
  }),
)(context);

const [first] = (await api.planning.forecasts({ farmId })).forecasts;
invariant(first, "the farm has a forecast");
const { productId } = first;
const calls: Record<string, () => Promise<unknown>> = {
  "planning.forecasts": () => api.planning.forecasts({ farmId }),
  "planning.forecast": () => api.planning.forecast({ farmId, productId }),
  "planning.history": () => api.planning.history({ farmId, productId }),
  "advice.list": () => api.advice.list({ farmId }),
  "advice.preview": () => api.advice.preview({ farmId, leaning: 20 }),
  "advice.accuracy": () => api.advice.accuracy({ farmId }),
  "lowStock.list": () => api.lowStock.list({ farmId }),
  "growing.trends": () => api.growing.trends({ farmId }),
  "growing.calendar": () => api.growing.calendar({ farmId, from: "2025-08-01", to: "2025-09-01" }),
  "pricing.suggestions": () => api.pricing.suggestions({ farmId }),
  "pricing.product": () => api.pricing.product({ farmId, productId }),
};
const rounds = Number(args.rounds);
for (const [name, call] of Object.entries(calls)) {
  await call();
  statements = 0;
  const before = process.cpuUsage();
  for (let round = 0; round < rounds; round++) await call();
  const { user, system } = process.cpuUsage(before);
  const ms = (user + system) / 1_000 / rounds;
  console.log(
    `${name.padEnd(22)} ${ms.toFixed(1).padStart(7)} ms of processor, ${statements / rounds} statements`,
  );
}
await handle.close();
process.exit(0);
