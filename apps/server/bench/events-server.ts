/** The server of events-http.ts: the router's `events.track` as it is served, for callers that may call as often as they like. */
import type { AddressInfo } from "node:net";
import type { AppRouter } from "@almanac/api-router";
import { insertMany, migrate, openDatabase } from "@almanac/db";
import { actionEvents, shoppers } from "@almanac/db/schema";
import { counterNames, createInProcessBus, readCounts } from "@almanac/events";
import { eventsRoutes } from "@almanac/events/router";
import type { Identity } from "@almanac/identity";
import { newId, systemClock, type ShopperId } from "@almanac/kernel";
import { createConnectionBook } from "@almanac/realtime";
import { anonymousCaller, createRateLimiter, router, silentLogger } from "@almanac/trpc";
import { sql } from "drizzle-orm";
import { createHttpApp } from "../src/http/app.ts";
import { createTrpcHandler } from "../src/http/trpc.ts";
import { createMetrics } from "../src/health/metrics.ts";

const url = process.env["BENCH_DATABASE_URL"];
const handle = await openDatabase(url ? { url, pool: { maxConnections: 10 } } : { dataDir: "memory" });
await migrate(handle);
await handle.db.execute(sql`truncate outbox, outbox_consumed, open_events, action_events, counters`);
const shopperIds = Array.from({ length: 500 }, () => newId<ShopperId>());
await insertMany(
  handle.db,
  shoppers,
  shopperIds.map((id) => ({ id })),
);

// Who calls is found out by a query of its own in service; here each call is another visitor's.
let calls = 0;
const identity: Pick<Identity, "openVisit"> = {
  openVisit() {
    const shopperId = shopperIds[calls++ % shopperIds.length] as ShopperId;
    return Promise.resolve({
      caller: { ...anonymousCaller, shopperId },
      setCookies: [],
      ensureShopper: () => Promise.resolve(shopperId),
      visitorId: () => shopperId,
      giveVisitorCookie: () => undefined,
    });
  },
};
const clock = systemClock;
const log = silentLogger;
const metrics = createMetrics();
const book = createConnectionBook({ handle, clock, log, nodeId: "bench" });
const routes = router({ events: eventsRoutes({ bus: createInProcessBus() }).events });
const handler = createTrpcHandler({
  // The handler asks for the whole router's type and treats every router alike.
  appRouter: routes as unknown as AppRouter,
  parts: {
    handle,
    clock,
    log,
    limiter: createRateLimiter({ factor: 1_000_000 }),
    identity: identity as Identity,
    site: { publicUrl: undefined, trustProxy: false },
  },
  book,
  observe: metrics.observeProcedure,
});
const app = createHttpApp({
  log,
  metrics,
  isOriginAllowed: () => true,
  findImageFile: () => Promise.resolve(undefined),
  direct: { prefix: "/trpc/", handler },
});
await app.listen({ port: 0, host: "127.0.0.1" });

async function usage() {
  const { user, system } = process.cpuUsage();
  const counts = await readCounts(handle.db, [counterNames.eventsShed]);
  const logged = await handle.db.$count(actionEvents);
  return { cpuMs: (user + system) / 1_000, logged, shed: counts.get(counterNames.eventsShed)?.count ?? 0 };
}
process.on("message", () => void usage().then((answer) => process.send?.(answer)));
process.on("disconnect", () => process.exit(0));
process.send?.({ port: (app.server.address() as AddressInfo).port, driver: handle.driver });
