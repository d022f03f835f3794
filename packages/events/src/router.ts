import { auditLog } from "@almanac/db/schema";
import type { Queryable } from "@almanac/db";
import type { EventId } from "@almanac/kernel";
import { cursorInput, idInput, limitInput, procedure, router, type RequestContext } from "@almanac/trpc";
import { z } from "zod";
import { wakeRelay, type Bus } from "./bus.ts";
import { entityTypes, userActionTypes } from "./core/actions.ts";
import { eventStats } from "./event-stats.ts";
import { discardParkedFact, listParkedFacts, readQueue, retryParkedFact } from "./queue.ts";
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
});

export type TrackedEventInput = z.infer<typeof trackedEventInput>;

export interface EventsDeps<Recommendations> {
  bus: Bus;
  maxOpenFacts?: number;
  /** What to answer with when the client asked for recommendations with its event. */
  recommend?: (ctx: RequestContext, event: TrackedEventInput) => Promise<Recommendations>;
}

export function eventsRoutes<Recommendations = never>({
  bus,
  maxOpenFacts = 10_000,
  recommend,
}: EventsDeps<Recommendations>) {
  return {
    events: router({
      track: procedure("shop", { limit: "track" })
        .input(
          z.object({
            events: z.array(trackedEventInput).min(1).max(100),
            getRecommendations: z.boolean().default(false),
          }),
        )
        .mutation(async ({ ctx, input }) => {
          const { clock, handle, traceId, caller } = ctx;
          const shopperId = await ctx.ensureShopper();
          const source = caller.kind === "api-key" ? ("api" as const) : ("web" as const);
          const actions = input.events.map((event) => ({
            ...event,
            traceId,
            source,
            occurredAt: event.occurredAt ? new Date(event.occurredAt) : clock.now(),
          }));
          const results = await trackActions(handle, shopperId, actions, { clock, maxOpenFacts });
          if (results.some(({ eventProcessed }) => eventProcessed)) await wakeRelay(bus);
          const last = input.events.at(-1);
          if (!input.getRecommendations || !recommend || !last) return { results };
          return { results, recommendations: await recommend(ctx, last) };
        }),
      stats: procedure("operate.read").query(({ ctx }) => eventStats(ctx.db, ctx.clock)),
    }),
    admin: {
      queue: router({
        overview: procedure("operate.read").query(({ ctx }) => readQueue(ctx.db)),
        parked: procedure("operate.read")
          .input(z.object({ cursor: cursorInput, limit: limitInput(100, 50) }))
          .query(async ({ ctx, input }) => {
            const after = input.cursor === undefined ? undefined : Number.parseInt(input.cursor, 10) || 0;
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
            await ctx.handle.transaction(async (tx) => {
              const { topic } = await discardParkedFact(tx, ctx.clock, input.seq);
              await recordAct(tx, ctx, "queue.discard", { ...input, topic });
            });
            return { seq: input.seq };
          }),
      }),
    },
  };
}

function seqInput() {
  return z.object({ seq: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER) });
}

/** Identity owns the audit log's reading; writing a row needs nothing from it. */
async function recordAct(
  tx: Queryable,
  { caller, clock }: RequestContext,
  action: string,
  details: { seq: number; topic: string },
): Promise<void> {
  await tx.insert(auditLog).values({
    at: clock.now(),
    actorUserId: caller.userId,
    action,
    subject: `outbox/${details.seq}`,
    details,
  });
}
