import { auditLog } from "@almanac/db/schema";
import type { Queryable } from "@almanac/db";
import type { EventId, Id } from "@almanac/kernel";
import { idInput, limitInput, procedure, router, seqCursorInput, type RequestContext } from "@almanac/trpc";
import { z } from "zod";
import { wakeRelay, type Bus } from "./bus/bus.ts";
import { entityTypes, userActionTypes } from "./core/actions.ts";
import { eventDetails, eventStats, resetStats } from "./stats/event-stats.ts";
import { clearQueue, discardParkedFact, listArchives, restoreArchive } from "./outbox/queue-archive.ts";
import { listParkedFacts, readQueue, retryParkedFact } from "./outbox/queue.ts";
import { removeBaseline } from "./stats/stats-baseline.ts";
import type { StepTimer } from "./stats/step-timer.ts";
import { trackActions } from "./track.ts";

/** An action as a client reports it. The id is the client's, so that a repeated call stores nothing twice. */
export const trackedEventInput = z.object({
  id: idInput<EventId>(),
  action: z.enum(userActionTypes),
  entityType: z.enum(entityTypes).optional(),
  entityId: z.string().min(1).max(200).optional(),
  metadata: z
    .record(z.string().max(100), z.json())
    .refine((value) => JSON.stringify(value).length <= 4_096, "must not be longer than 4 KB as JSON")
    .optional(),
  occurredAt: z.iso.datetime({ offset: true }).optional(),
  sessionId: z.string().min(1).max(100).optional(),
  /** What the page was looked at with; kept with the metadata. */
  device: z.enum(["phone", "tablet", "computer"]).optional(),
});

export type TrackedEventInput = z.infer<typeof trackedEventInput>;

export interface EventsDeps<Recommendations> {
  bus: Bus;
  maxOpenFacts?: number;
  /** Told how long taking in and logging took. */
  steps?: Pick<StepTimer, "note">;
  /** What to answer with when the client asked for recommendations with its event, at most `limit` of them. */
  recommend?: (
    ctx: RequestContext,
    event: TrackedEventInput,
    options: { readonly limit?: number },
  ) => Promise<Recommendations>;
}

export function eventsRoutes<Recommendations = never>({
  bus,
  maxOpenFacts = 10_000,
  steps,
  recommend,
}: EventsDeps<Recommendations>) {
  return {
    events: router({
      track: procedure("shop", { limit: "track" })
        .input(
          z.object({
            events: z.array(trackedEventInput).min(1).max(100),
            getRecommendations: z.boolean().default(false),
            /** Of the recommendations; as many as the action's row in the table of triggers unless told. */
            limit: z.number().int().min(1).max(100).optional(),
          }),
        )
        .mutation(async ({ ctx, input }) => {
          const { clock, handle, traceId, caller } = ctx;
          const startedAt = performance.now();
          const shopperId = await ctx.ensureShopper();
          const source = caller.kind === "api-key" ? ("api" as const) : ("web" as const);
          const now = clock.now();
          const actions = input.events.map(({ device, ...event }) => ({
            ...event,
            ...(device && { metadata: { ...event.metadata, device } }),
            traceId,
            source,
            occurredAt: event.occurredAt ? new Date(event.occurredAt) : now,
          }));
          const takenAt = performance.now();
          const results = await trackActions(handle, shopperId, actions, { clock, maxOpenFacts });
          steps?.note("ingest", takenAt - startedAt, traceId);
          steps?.note("log", performance.now() - takenAt, traceId);
          if (results.some(({ eventProcessed }) => eventProcessed)) await wakeRelay(bus);
          const last = input.events.at(-1);
          if (!input.getRecommendations || !recommend || !last) return { results };
          const { limit } = input;
          return { results, recommendations: await recommend(ctx, last, { ...(limit && { limit }) }) };
        }),
      stats: procedure("operate.read")
        .input(z.object({ detailed: z.boolean().default(false) }).default({ detailed: false }))
        .query(async ({ ctx, input }) => {
          const [stats, details] = await Promise.all([
            eventStats(ctx.db, ctx.clock),
            input.detailed ? eventDetails(ctx.db, ctx.clock) : undefined,
          ]);
          return { ...stats, ...details };
        }),
    }),
    admin: {
      queue: router({
        overview: procedure("operate.read").query(({ ctx }) => readQueue(ctx.db)),
        parked: procedure("operate.read")
          .input(z.object({ cursor: seqCursorInput, limit: limitInput(100, 50) }))
          .query(async ({ ctx, input }) => {
            const after = input.cursor === undefined ? undefined : Number(input.cursor);
            const items = await listParkedFacts(ctx.db, { limit: input.limit, after });
            const last = items.at(-1);
            const nextCursor = last && items.length === input.limit ? String(last.seq) : undefined;
            return {
              items: items.map((item) => ({ ...item, parkedAt: item.parkedAt.toISOString() })),
              nextCursor,
            };
          }),
        retry: procedure("operate.write", { limit: "write" })
          .input(seqInput())
          .mutation(async ({ ctx, input }) => {
            await ctx.handle.transaction(async (tx) => {
              const { topic } = await retryParkedFact(tx, input.seq);
              await recordAct(tx, ctx, "queue.retry", { ...input, topic });
            });
            await wakeRelay(bus);
            return { seq: input.seq };
          }),
        discard: procedure("operate.write", { limit: "write" })
          .input(seqInput())
          .mutation(async ({ ctx, input }) => {
            const { archiveId } = await ctx.handle.transaction(async (tx) => {
              const discarded = await discardParkedFact(tx, input.seq, actOf(ctx));
              await recordAct(tx, ctx, "queue.discard", { ...input, ...discarded });
              return discarded;
            });
            return { seq: input.seq, archiveId };
          }),

        /** Takes out what waits; it can be restored. Asks for the password again. */
        clear: procedure("operate.write", { limit: "write", stepUp: true }).mutation(({ ctx }) =>
          ctx.handle.transaction(async (tx) => {
            const cleared = await clearQueue(tx, actOf(ctx));
            await recordOn(tx, ctx, { action: "queue.clear", subject: "outbox", details: { ...cleared } });
            return cleared;
          }),
        ),
        archives: procedure("operate.read")
          .input(z.object({ limit: limitInput(100, 20) }).default({ limit: 20 }))
          .query(({ ctx, input }) => listArchives(ctx.db, input)),
        restore: procedure("operate.write", { limit: "write" })
          .input(z.object({ archiveId: idInput<Id<"QueueArchiveId">>() }))
          .mutation(async ({ ctx, input }) => {
            const restored = await ctx.handle.transaction(async (tx) => {
              const done = await restoreArchive(tx, input.archiveId, actOf(ctx));
              const subject = `archive/${input.archiveId}`;
              await recordOn(tx, ctx, { action: "queue.restore", subject, details: { ...done } });
              return done;
            });
            await wakeRelay(bus);
            return restored;
          }),
      }),
      stats: router({
        /** Lets the figures begin at zero; the log stays whole. Asks for the password again. */
        reset: procedure("operate.write", { limit: "write", stepUp: true })
          .input(z.object({ resetType: z.enum(["events", "all"]) }))
          .mutation(({ ctx, input }) =>
            ctx.handle.transaction(async (tx) => {
              const sizes = await resetStats(tx, ctx.clock, input.resetType);
              const details = { ...input, ...sizes };
              await recordOn(tx, ctx, { action: "stats.reset", subject: "stats", details });
              return details;
            }),
          ),
        /** Takes a reset back: the figures are those since the beginning. */
        showAll: procedure("operate.write", { limit: "write" }).mutation(({ ctx }) =>
          ctx.handle.transaction(async (tx) => {
            await removeBaseline(tx);
            await recordOn(tx, ctx, { action: "stats.show_all", subject: "stats", details: {} });
            return { shown: true };
          }),
        ),
      }),
    },
  };
}

function seqInput() {
  return z.object({ seq: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER) });
}

const actOf = ({ caller, clock }: RequestContext) => ({ actorUserId: caller.userId, now: clock.now() });

function recordAct(
  tx: Queryable,
  ctx: RequestContext,
  action: string,
  details: { seq: number; topic: string },
): Promise<void> {
  return recordOn(tx, ctx, { action, subject: `outbox/${details.seq}`, details });
}

/** Identity owns the audit log's reading; writing a row needs nothing from it. */
async function recordOn(
  tx: Queryable,
  ctx: RequestContext,
  act: { action: string; subject: string; details: Record<string, unknown> },
): Promise<void> {
  const { actorUserId, now } = actOf(ctx);
  await tx.insert(auditLog).values({ at: now, actorUserId, ...act });
}
