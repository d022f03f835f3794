import type { FastifyInstance } from "fastify";
import type { HealthReporter } from "../health/health.ts";
import type { Metrics } from "../health/metrics.ts";

/** What machines ask: is it alive, may it get traffic, how is each part, numbers. */
export function registerMachineRoutes(app: FastifyInstance, health: HealthReporter, metrics: Metrics): void {
  app.get("/livez", async (_request, reply) => reply.type("text/plain").send("ok\n"));

  app.get("/readyz", async (_request, reply) => {
    const report = await health.report();
    const isReady = report.status !== "UNHEALTHY" && !health.isDraining();
    return reply
      .code(isReady ? 200 : 503)
      .type("text/plain")
      .send(isReady ? "ready\n" : "not ready\n");
  });

  app.get("/health", async (_request, reply) => {
    const report = await health.report();
    return reply
      .code(report.status === "UNHEALTHY" ? 503 : 200)
      .header("cache-control", "no-store")
      .send(report);
  });

  app.get("/metrics", async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()));
}
