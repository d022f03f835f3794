import { AppError } from "@almanac/kernel";
import type { HealthReporter } from "../../health.ts";
import { resetBody, statsQuery } from "./inputs.ts";
import { readBody, readQuery, type RestCall, type RestHandler } from "./rest-route.ts";

/** `GET /api/recommendations/stats`, for operators: figures over all processes; the memory is this process's. */
export function getStats(health: HealthReporter): RestHandler {
  return async ({ url, api, now }) => {
    refuseKey(url);
    const { detailed } = readQuery(url, statsQuery);
    const [{ recommendations: pushes, ...events }, { activeByTransport, ...websockets }] = await Promise.all([
      api.events.stats(),
      api.realtime.stats(),
    ]);
    const monitor = detailed ? await api.admin.monitor.recommendations() : undefined;
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
 * `POST /api/recommendations/stats`, for operators. The figures are counted from the append-only log, so there is nothing
 * to set to zero: both kinds of reset set the parked facts aside.
 */
export const resetStats: RestHandler = async (call) => {
  refuseKey(call.url);
  const { resetType } = await readBody(call.request, resetBody);
  return { data: { resetType, ...(await setParkedAside(call)) } };
};

/** `DELETE /api/recommendations/stats`, for operators: sets the parked facts aside, each with a row in the audit log. */
export const clearQueue: RestHandler = async (call) => {
  refuseKey(call.url);
  return { data: await setParkedAside(call) };
};

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

async function setParkedAside({
  api,
}: RestCall): Promise<{ before: number; after: number; discarded: number }> {
  const { parked: before } = await api.admin.queue.overview();
  let discarded = 0;
  let cursor: string | undefined;
  do {
    const page = await api.admin.queue.parked({ limit: 100, cursor });
    for (const { seq } of page.items) {
      await api.admin.queue.discard({ seq });
      discarded += 1;
    }
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  const { parked: after } = await api.admin.queue.overview();
  return { before, after, discarded };
}
