/**
 * The server that the benches of serving ask, in a process of its own: everything that a server has, the live lane too, over a
 * generated market, but for sessions: a header says who asks. Usage: serving-server.ts <products> <shoppers> <orders>; BENCH_DATABASE_URL names an
 * empty database, or one that a run of the same sizes has filled.
 */
import type { AddressInfo } from "node:net";
import { migrate, openDatabase, rows } from "@almanac/db";
import { createIdentity } from "@almanac/identity";
import { newId, shiftedClock, type ShopperId, type UserId } from "@almanac/kernel";
import { marketIdOf, shopperIdsOf, writeWorld } from "@almanac/recsys/bench-world";
import { anonymousCaller, createRateLimiter, silentLogger } from "@almanac/trpc";
import { sql } from "drizzle-orm";
import type { ContextParts } from "../src/context.ts";
import { readEnv } from "../src/settings/env.ts";
import { createHttpApp } from "../src/http/app.ts";
import { createTrpcHandler } from "../src/http/trpc.ts";
import { createMetrics } from "../src/health/metrics.ts";
import { listenForUpgrades } from "../src/live/upgrade.ts";
import { createServices } from "../src/services.ts";

const [products = 10_000, shoppers = 5_000, orders = 100_000] = process.argv.slice(2).map(Number);
const now = new Date("2025-08-13T13:00:00Z");
const clock = shiftedClock(now);
const log = silentLogger;
const url = process.env["BENCH_DATABASE_URL"];
const handle = await openDatabase(url ? { url } : { dataDir: "memory" });
await migrate(handle);
const [filled] = await rows<{ count: number }>(handle.db, sql`select count(*)::int as count from products`);
if (filled?.count !== products)
  await writeWorld(handle, { products, shoppers, orders, views: 2 * orders }, now);

const secret = "x".repeat(32);
const baseUrl = "http://localhost";
const env = readEnv({ NODE_ENV: "test", AUTH_SECRET: secret, RATE_LIMIT_FACTOR: "1000000" });
const services = createServices({ env, handle, clock, log, secret, baseUrl });
await services.start({ isWorker: true });
const identity = createIdentity({
  handle,
  clock,
  log,
  secret,
  baseUrl,
  limiter: createRateLimiter({}),
  sendMail: () => Promise.resolve(),
  allowDemoSignIn: false,
});
const operatorId = newId<UserId>();
const parts: ContextParts = {
  handle,
  clock,
  log,
  limiter: services.limiter,
  site: { publicUrl: undefined, trustProxy: false },
  identity: {
    ...identity,
    openVisit: (headers) => {
      const read = headers instanceof Request ? headers.headers : headers;
      const shopperId = (read.get("x-bench-shopper") ?? undefined) as ShopperId | undefined;
      const asOperator = read.get("x-bench-operator") !== null;
      return Promise.resolve({
        caller: {
          ...anonymousCaller,
          ...(shopperId && { shopperId }),
          ...(asOperator && { kind: "user", userId: operatorId, roles: ["operator"] }),
        },
        ensureShopper: () => Promise.resolve(shopperId!),
        visitorId: () => (asOperator ? undefined : shopperId),
        giveVisitorCookie: () => undefined,
        setCookies: [],
      });
    },
  },
};
const metrics = createMetrics();
const app = createHttpApp({
  log,
  metrics,
  isOriginAllowed: () => true,
  findImageFile: () => Promise.resolve(undefined),
  // As a server serves it (`start.ts`).
  direct: {
    prefix: "/trpc/",
    handler: createTrpcHandler({
      appRouter: services.appRouter,
      parts,
      book: services.live.book,
      observe: metrics.observeProcedure,
    }),
  },
});
listenForUpgrades({ server: app.server, appRouter: services.appRouter, parts, ...services.live });
await app.listen({ port: 0, host: "127.0.0.1" });
process.on("message", () => process.send?.({ cpu: process.cpuUsage(), rss: process.memoryUsage.rss() }));
process.on("disconnect", () => process.exit(0));
process.send?.({
  port: (app.server.address() as AddressInfo).port,
  driver: handle.driver,
  marketId: await marketIdOf(handle),
  shopperIds: (await shopperIdsOf(handle)).slice(0, 5_000),
  productIds: services.shopWindow
    .all()
    .filter(({ product }) => services.shopWindow.isAvailable(product.id))
    .map(({ product }) => product.id),
});
