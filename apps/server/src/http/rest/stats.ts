import { AppError } from "@almanac/kernel";
import type { HealthReporter } from "../../health/health.ts";
import { resetBody, statsQuery } from "./inputs.ts";
import { readBody, readQuery, type RestHandler } from "./rest-route.ts";

/** `GET /api/recommendations/stats`, for operators: figures over all processes; the memory is this process's. */
export function getStats(health: HealthReporter): RestHandler {
  return async ({ url, api, now }) => {
    refuseKey(url);
    const { detailed } = readQuery(url, statsQuery);
    const [{ recommendations: pushes, ...events }, { activeByTransport, ...websockets }, monitor] =
      await Promise.all([
        api.events.stats({ detailed }),
        api.realtime.stats(),
        detailed ? api.admin.monitor.recommendations() : undefined,
      ]);
    const { status } = await health.report();
    const { heapUsed, heapTotal } = process.memoryUsage();
    return {
      data: {
        events,
        recommendations: {
          ...pushes,
          ...(monitor && { requests: monitor.requests, algorithms: monitor.algorithms }),
        },
        websockets: { ...websockets, ...(detailed && { activeByTransport }) },
        health: {
          status,
          eventBacklog: events.queueSize,
          isProcessing: events.isProcessing,
          websocketServer: "ONLINE",
        },
        display: {
          averageProcessingTime: `${events.averageProcessingTime.toFixed(1)} ms`,
          averageConnectionDuration: `${Math.round(websockets.averageConnectionDuration / 1_000)} s`,
          successRate: `${(pushes.successRate * 100).toFixed(2)} %`,
          ...(events.processing && { processing: inWords(events.processing) }),
          ...(monitor && {
            algorithms: Object.fromEntries(
              monitor.algorithms.map(({ algorithm, meanMs, p50Ms, p95Ms, p99Ms }) => [
                algorithm,
                inWords({ mean: meanMs, p50: p50Ms, p95: p95Ms, p99: p99Ms }),
              ]),
            ),
          }),
        },
      },
      meta: {
        timestamp: now().toISOString(),
        uptime: Math.round(process.uptime()),
        nodeVersion: process.version,
        memoryUsage: { heapUsed, heapTotal },
      },
    };
  };
}

/**
 * `POST /api/recommendations/stats`, for operators: lets the figures begin at zero. The log stays whole, the audit log says
 * who did it, and `admin.stats.showAll` takes it back.
 */
export const resetStats: RestHandler = async ({ request, url, api }) => {
  refuseKey(url);
  return { data: await api.admin.stats.reset(await readBody(request, resetBody)) };
};

/**
 * `DELETE /api/recommendations/stats`, for operators: takes what waits out of the queue, into an archive that
 * `admin.queue.restore` brings back.
 */
export const clearQueue: RestHandler = async ({ url, api }) => {
  refuseKey(url);
  return { data: await api.admin.queue.clear() };
};

/** "1.3 ms" for each duration in milliseconds that there is; counts stay where they are. */
function inWords({
  mean,
  p50,
  p95,
  p99,
}: {
  mean?: number | null;
  p50: number | null;
  p95: number | null;
  p99: number | null;
}): Record<string, string> {
  const known = Object.entries({ mean, p50, p95, p99 }).filter(
    (entry): entry is [string, number] => typeof entry[1] === "number",
  );
  return Object.fromEntries(known.map(([name, ms]) => [name, `${ms.toFixed(ms < 10 ? 2 : 1)} ms`]));
}

/** The secret of old in the address: it ends up in logs and histories, so it opens nothing. */
function refuseKey(url: URL): void {
  if (url.searchParams.has("adminKey")) {
    throw new AppError(
      "sign_in_required",
      "There is no admin key. Sign in as an operator or use an API key.",
      {
        details: { field: "adminKey" },
      },
    );
  }
}
