import { existsSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { createInProcessApi } from "@almanac/api-router";
import { findImageFile } from "@almanac/catalog";
import { migrate, openDatabase, type DatabaseHandle } from "@almanac/db";
import { findLoadedWorld, isEmptyDatabase, loadWorld, type LoadedWorld } from "@almanac/demo";
import { counterNames, readCounts } from "@almanac/events";
import { hasOperator } from "@almanac/identity";
import { shiftedClock, systemClock, type Clock } from "@almanac/kernel";
import { judgeMarketDays } from "@almanac/planning/router";
import type { Logger } from "@almanac/trpc";
import { banner } from "./settings/banner.ts";
import type { ContextParts } from "./context.ts";
import type { Env } from "./settings/env.ts";
import {
  diskHealth,
  liveHealth,
  migrationsHealth,
  modelsHealth,
  queueHealth,
  searchHealth,
  shopWindowHealth,
} from "./health/health-parts.ts";
import { createHealthReporter } from "./health/health.ts";
import { recommendationsHealth, watchRecommendations } from "./health/recommendations-health.ts";
import { createAuthRoute } from "./http/auth.ts";
import { registerCalendars } from "./http/calendar.ts";
import { createLiveEventsHandler } from "./http/live-events.ts";
import { createHttpApp, registerStaticFiles, takeOver } from "./http/app.ts";
import { registerMachineRoutes } from "./http/machine.ts";
import { createRemixApp } from "./http/remix-app.ts";
import { registerRestRoutes } from "./http/rest/register.ts";
import { openStartingServer, type StartingServer } from "./http/starting.ts";
import { createTrpcHandler } from "./http/trpc.ts";
import { listenForUpgrades } from "./live/upgrade.ts";
import { createLogger } from "./health/log.ts";
import { modelFolder, readCommit } from "./settings/model-files.ts";
import { createMetrics } from "./health/metrics.ts";
import { signingSecret } from "./settings/secret.ts";
import { createServices } from "./services.ts";

export interface StartOptions {
  readonly env: Env;
  readonly dataDir: string;
}

export interface RunningServer {
  readonly url: string;
  stop(): Promise<void>;
}

const version = "0.1.0";

/** Opens the database, brings its schema up to date, fills it if it is empty, and serves. */
export async function startServer({ env, dataDir }: StartOptions): Promise<RunningServer> {
  const startedAt = performance.now();
  const log: Logger = createLogger(env);
  const handle = await openDatabase(
    env.DATABASE_URL
      ? { url: env.DATABASE_URL, pool: { maxConnections: env.DATABASE_POOL_SIZE }, log }
      : { dataDir, log },
  );
  let starting: StartingServer | undefined;
  try {
    const movableClock = env.ALMANAC_CLOCK ? shiftedClock(new Date(env.ALMANAC_CLOCK)) : undefined;
    const clock: Clock = movableClock ?? systemClock;
    const address = {
      port: env.PORT,
      host: env.HOST ?? (env.NODE_ENV === "production" ? "0.0.0.0" : "localhost"),
    };
    starting = await openStartingServer(address);
    starting.say("migrating");
    await migrate(handle);
    starting.say("loading");
    const { world, isFresh } = await worldOf(handle, env, clock);
    const baseUrl = env.PUBLIC_URL ?? `http://localhost:${env.PORT}`;
    const services = createServices({
      env,
      handle,
      clock,
      ...(movableClock && { movableClock }),
      log,
      secret: await signingSecret(env, dataDir),
      baseUrl,
      ...(modelFolder(env, dataDir) && { modelFolder: modelFolder(env, dataDir)! }),
      codeCommit: env.ALMANAC_COMMIT ?? (await readCommit(import.meta.dirname)),
    });
    const parts: ContextParts = {
      handle,
      clock,
      log,
      limiter: services.limiter,
      identity: services.identity,
      site: { publicUrl: env.PUBLIC_URL, trustProxy: env.TRUST_PROXY },
    };
    const metrics = createMetrics();
    const health = createHealthReporter({
      handle,
      bus: services.bus,
      clock,
      role: env.ALMANAC_ROLE,
      version,
      parts: {
        queue: () => queueHealth(handle),
        live: () => liveHealth(services.live.book, env.MAX_CONCURRENT_CONNECTIONS),
        search: () => searchHealth(services.search.health()),
        shopWindow: () => shopWindowHealth(services.shopWindow),
        recommendations: () => recommendationsHealth(services.recsys.health()),
        models: () => modelsHealth(services.models.health()),
        disk: () => diskHealth(existsSync(dataDir) ? dataDir : process.cwd()),
        migrations: () => migrationsHealth(handle),
      },
    });
    watchRecommendations(metrics, services.recsys);
    metrics.total(
      "almanac_events_shed_total",
      "Events that were logged but not reacted to as too much was waiting, of all processes",
      async () =>
        (await readCounts(handle.db, [counterNames.eventsShed])).get(counterNames.eventsShed)?.count ?? 0,
    );
    const { identity, appRouter } = services;

    const observe = metrics.observeProcedure;
    const handler = createTrpcHandler({ appRouter, parts, book: services.live.book, observe });
    const app = createHttpApp({
      log,
      direct: { prefix: "/trpc/", handler },
      metrics,
      isOriginAllowed: (incoming) =>
        safeMethods.has(incoming.method ?? "GET") || identity.isOriginAllowed(originHeaders(incoming)),
      findImageFile: (imageId, width) => findImageFile(handle.db, imageId, width),
    });
    registerMachineRoutes(app, health, metrics);
    registerCalendars(app, { handle, clock });
    const serves = (role: "api" | "web"): boolean => env.ALMANAC_ROLE === "all" || env.ALMANAC_ROLE === role;
    // Every role answers this and the router, so that a page of `web` can call its own origin.
    app.all("/api/auth/*", takeOver(createAuthRoute(identity, parts.site), log));
    if (serves("web")) {
      await registerStaticFiles(app, ["storefront", "portal"]);
      const liveCursor = (): string => String(services.live.hub.lastSeq());
      const remix = { parts, createApi: createInProcessApi(appRouter), identity, liveCursor };
      const portal = takeOver(await createRemixApp("portal", remix), log);
      app.all("/portal", portal);
      app.all("/portal/*", portal);
      // The data of the portal's front page has this address of its own.
      app.all("/portal.data", portal);
      app.all("/*", takeOver(await createRemixApp("storefront", remix), log));
    }
    registerRestRoutes(app, { parts, createApi: createInProcessApi(appRouter), health, version });
    if (serves("api"))
      // Without HEAD, which would wait for the end of what has none.
      app.get(
        "/api/realtime/events",
        { exposeHeadRoute: false },
        takeOver(createLiveEventsHandler(services.live.events, parts), log),
      );
    await services.start({ isWorker: env.ALMANAC_ROLE === "all" || env.ALMANAC_ROLE === "worker" });
    // The job looks each hour; a world that is new has a market day behind it already.
    if (isFresh) await judgeMarketDays({ handle, bus: services.bus, clock });
    const upgrades = listenForUpgrades({ server: app.server, appRouter, parts, ...services.live });

    await starting.close();
    await app.listen(address);
    const { port } = app.server.address() as AddressInfo;
    const url = env.PUBLIC_URL ?? `http://localhost:${port}`;
    console.log(
      banner({
        env,
        url,
        dataDir,
        world,
        hasOperator: await hasOperator(handle.db),
        startedInMs: performance.now() - startedAt,
      }),
    );
    return {
      url,
      async stop() {
        health.drain();
        upgrades.stop();
        await app.close();
        await services.stop();
        await handle.close();
      },
    };
  } catch (error) {
    await starting?.close();
    await handle.close();
    throw error;
  }
}

interface WorldFound {
  readonly world: LoadedWorld | undefined;
  /** It was written just now. */
  readonly isFresh: boolean;
}

async function worldOf(handle: DatabaseHandle, env: Env, clock: Clock): Promise<WorldFound> {
  if (env.ALMANAC_DEMO === "off" || !(await isEmptyDatabase(handle)))
    return { world: await findLoadedWorld(handle), isFresh: false };
  const size = env.ALMANAC_DEMO === "on" ? "demo" : env.ALMANAC_DEMO;
  console.log(`Filling the empty database with the ${size} world.`);
  const world = await loadWorld(handle, {
    size,
    clock,
    onProgress: (what, share) => {
      if (process.stdout.isTTY) process.stdout.write(`\r  ${what}: ${Math.round(share * 100)} %   `);
    },
  });
  return { world, isFresh: true };
}

const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);

/** What tells where a request comes from; a header that came twice tells nothing. */
function originHeaders({ headers }: IncomingMessage): { get(name: string): string | null } {
  return {
    get(name) {
      const value = headers[name];
      return typeof value === "string" ? value : null;
    },
  };
}
