/** What `recommendations/stats` answers, for the OpenAPI page. A test holds every answer against it. */
import { userActionTypes } from "@almanac/events";
import { z } from "zod";

const count = z.int().min(0);
const moment = z.iso.datetime();
const ms = z.number().min(0);
const share = z.number().min(0).max(1);
const onlyDetailed = { description: "With detailed=true" };

/** Milliseconds; null while nothing was measured. */
const percentiles = z.object({ count, p50: ms.nullable(), p95: ms.nullable(), p99: ms.nullable() });
const timed = {
  calls: count,
  meanMs: ms.nullable(),
  p50Ms: ms.nullable(),
  p95Ms: ms.nullable(),
  p99Ms: ms.nullable(),
};
const inWords = z.record(z.string(), z.string());

export const statsSchema = z.object({
  events: z.object({
    total: count,
    last24h: count,
    lastHour: count,
    byType: z.record(z.enum(userActionTypes), count),
    averageProcessingTime: ms,
    queueSize: count,
    parked: count.meta({ description: "Failed so often that a person has to look" }),
    shed: count.meta({ description: "Stored, and nothing reacted to them" }),
    isProcessing: z.boolean(),
    since: moment.nullable().meta({ description: "When the figures were last made to begin at zero" }),
    processing: percentiles.optional().meta(onlyDetailed),
    steps: z.record(z.string(), percentiles).optional().meta(onlyDetailed),
    hourly: z
      .array(z.object({ hour: moment, events: count }))
      .optional()
      .meta(onlyDetailed),
  }),
  recommendations: z.object({
    totalTriggered: count,
    ok: count,
    failed: count,
    throttled: count,
    late: count,
    unread: count.meta({ description: "Not made, as the shopper had no page open" }),
    successRate: share.meta({ description: "ok / (ok + failed)" }),
    requests: z
      .array(z.object({ kind: z.string(), ...timed }))
      .optional()
      .meta(onlyDetailed),
    algorithms: z
      .array(z.object({ algorithm: z.string(), ...timed }))
      .optional()
      .meta(onlyDetailed),
  }),
  websockets: z.object({
    totalConnections: count,
    activeConnections: count,
    averageConnectionDuration: ms,
    subscriptionBreakdown: z.record(z.string(), count).meta({ description: "Subscriptions by topic" }),
    activeByTransport: z.object({ websocket: count, trpc: count, sse: count }).optional().meta(onlyDetailed),
  }),
  health: z.object({
    status: z.enum(["HEALTHY", "DEGRADED", "UNHEALTHY"]),
    eventBacklog: count,
    isProcessing: z.boolean(),
    websocketServer: z.literal("ONLINE"),
  }),
  display: z.object({
    averageProcessingTime: z.string(),
    averageConnectionDuration: z.string(),
    successRate: z.string(),
    processing: inWords.optional().meta(onlyDetailed),
    algorithms: z.record(z.string(), inWords).optional().meta(onlyDetailed),
  }),
});

export const resetSchema = z.object({ resetType: z.enum(["events", "all"]), before: count, after: count });

const queueSize = z.object({ open: count, parked: count });

export const clearedSchema = z.object({
  archiveId: z
    .uuid()
    .nullable()
    .meta({ description: "What admin.queue.restore takes; none if nothing waited" }),
  moved: count,
  before: queueSize,
  after: queueSize,
});
