/** One of the servers that http-cost.ts compares, in a process of its own: tells its port, and its CPU time when asked. */
import type { AddressInfo } from "node:net";
import type { AppRouter } from "@almanac/api-router";
import { openDatabase } from "@almanac/db";
import { createIdentity } from "@almanac/identity";
import { systemClock } from "@almanac/kernel";
import { createConnectionBook } from "@almanac/realtime";
import { createRateLimiter, procedure, router, silentLogger } from "@almanac/trpc";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { fastify, type FastifyInstance } from "fastify";
import { z } from "zod";
import { openContext, type ContextParts } from "../src/context.ts";
import { createHttpApp } from "../src/http/app.ts";
import { createTrpcHandler } from "../src/http/trpc.ts";
import { sendWebResponse, toWebRequest } from "../src/http/web-bridge.ts";
import { createMetrics } from "../src/health/metrics.ts";

const items = Array.from({ length: 20 }, (_, i) => ({
  id: `01980000-0000-7000-8000-0000000000${10 + i}`,
  slug: `tomato-${i}`,
  name: `Tomato number ${i}`,
  priceCents: 490 + i,
}));

/** What a Fastify route with the same answer costs: nothing but Fastify. */
function bareApp(): FastifyInstance {
  const app = fastify();
  app.get("/trpc/shelf.list", () => ({ result: { data: { items } } }));
  return app;
}

/** The same answer by the router, with all that the server does for a call: who asks, limits, rights, input, figures. */
async function routerApp(adapter: string): Promise<FastifyInstance> {
  const handle = await openDatabase({ dataDir: process.argv[3] ?? "" });
  const clock = systemClock;
  const log = silentLogger;
  const limiter = createRateLimiter({ factor: 1_000_000 });
  const identity = createIdentity({
    handle,
    clock,
    log,
    limiter,
    secret: "x".repeat(32),
    baseUrl: "http://localhost:3000",
    sendMail: () => Promise.resolve(),
    allowDemoSignIn: true,
  });
  const parts: ContextParts = {
    handle,
    clock,
    log,
    limiter,
    identity,
    site: { publicUrl: undefined, trustProxy: false },
  };
  const list = procedure("public")
    .input(z.object({ limit: z.number().int().min(1).max(50) }))
    .query(({ input }) => ({ items: items.slice(0, input.limit) }));
  // The handler asks for the whole router's type and treats every router alike.
  const appRouter = router({ shelf: router({ list }) }) as unknown as AppRouter;
  const book = createConnectionBook({ handle, clock, log, nodeId: "bench" });
  const metrics = createMetrics();
  const thin = createTrpcHandler({ appRouter, parts, book, observe: metrics.observeProcedure });
  const stock: typeof thin = async (incoming, outgoing) => {
    const req = toWebRequest(incoming, outgoing, { origin: "http://localhost", maxBodyBytes: 1_000 });
    const createContext = async () => (await openContext(parts, incoming, req.headers, "http")).context;
    const response = await fetchRequestHandler({ endpoint: "/trpc", req, router: appRouter, createContext });
    await sendWebResponse(response, outgoing);
  };
  return createHttpApp({
    log,
    metrics,
    isOriginAllowed: () => true,
    findImageFile: () => Promise.resolve(undefined),
    direct: { prefix: "/trpc/", handler: adapter === "stock" ? stock : thin },
  });
}

const [kind = "bare"] = process.argv.slice(2);
const app = kind === "bare" ? bareApp() : await routerApp(kind);
await app.listen({ port: 0, host: "127.0.0.1" });
process.on("message", () => process.send?.({ cpu: process.cpuUsage() }));
process.send?.({ port: (app.server.address() as AddressInfo).port });
process.on("disconnect", () => process.exit(0));
