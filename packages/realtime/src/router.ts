import { tracked } from "@trpc/server";
import { procedure, router, type Caller } from "@almanac/trpc";
import { z } from "zod";
import type { ConnectionBook } from "./doors/connections.ts";
import { channelsOfAll } from "./core/topics.ts";
import { toDelivery, type LiveHub } from "./hub/hub.ts";
import { askForDirectLine } from "./hub/direct-line.ts";
import { laneDeliveries, readPlace, runDirectLane } from "./hub/lane.ts";
import { defaultTopics, topicsInput, type LiveMessage } from "./messages.ts";
import { connectionAck } from "./doors/connection-ack.ts";
import { lastLiveSeq, listLiveMessages, listOperatorAlerts, type LiveRecord } from "./store.ts";
import { issueTicket } from "./doors/tickets.ts";

export interface RealtimeDeps {
  hub: LiveHub;
  book: ConnectionBook;
}

const liveInput = z
  .object({
    topics: topicsInput.min(1).optional(),
    /** The id of the last message received: what came after it is replayed first. */
    lastEventId: z.string().max(20).nullish(),
  })
  .default({});

const pollLimit = 200;

export function realtimeRoutes({ hub, book }: RealtimeDeps) {
  return {
    realtime: router({
      live: procedure("public")
        .input(liveInput)
        .subscription(({ ctx, input, signal }) => {
          const topics = input.topics ?? [...defaultTopics];
          // Refused here, before the stream begins, rather than in it.
          const channels = channelsOfAll(topics, ctx.caller);
          const lane = { hub, db: ctx.db, channels, caller: ctx.caller };
          return streamMessages(lane, {
            cursor: input.lastEventId,
            greeting: { now: ctx.clock.now(), sessionId: ctx.requestId },
            topics,
            book,
            signal: signal ?? new AbortController().signal,
          });
        }),

      /**
       * For clients that can hold no connection (RT-08): without a cursor it answers where to begin. `startsOver` says that
       * the cursor is of another life of the database: everything is to be read anew.
       */
      poll: procedure("public")
        .input(
          z
            .object({ topics: topicsInput.min(1).optional(), cursor: z.string().max(20).nullish() })
            .default({}),
        )
        .query(async ({ ctx, input }): Promise<PollAnswer> => {
          const channels = channelsOfAll(input.topics ?? [...defaultTopics], ctx.caller);
          // There for the next minutes, as one whose connection broke.
          hub.presence.follow(channels)();
          const newest = await lastLiveSeq(ctx.db);
          const { afterSeq, startsOver } = await readPlace({ hub, db: ctx.db }, input.cursor);
          if (startsOver) return { messages: [], cursor: String(newest), startsOver: true };
          if (afterSeq === undefined) return { messages: [], cursor: String(newest) };
          const records = await listLiveMessages(ctx.db, { afterSeq, channels, limit: pollLimit });
          const messages = records.flatMap((record) => toDelivery(record).message ?? []);
          const last = records.length === pollLimit ? records.at(-1)?.seq : undefined;
          return { messages, cursor: String(last ?? Math.max(newest, afterSeq, records.at(-1)?.seq ?? 0)) };
        }),

      ticket: procedure("shop", { limit: "write" }).mutation(async ({ ctx }) => {
        const shopperId = await ctx.ensureShopper();
        const holder: Caller = { ...ctx.caller, shopperId };
        const { ticket, expiresAt } = await issueTicket(ctx.db, ctx.clock, holder);
        return { ticket, expiresAt: expiresAt.toISOString() };
      }),

      stats: procedure("operate.read").query(({ ctx }) => book.stats(ctx.db)),

      /** What operators were told in the last two weeks, newest first. */
      alerts: procedure("operate.read")
        .input(z.object({ limit: z.int().min(1).max(100).default(20) }).default({ limit: 20 }))
        .query(async ({ ctx, input }) => (await listOperatorAlerts(ctx.db, input.limit)).flatMap(toAlert)),
    }),
  };
}

interface PollAnswer {
  messages: LiveMessage[];
  cursor: string;
  startsOver?: true;
}

/** By the clock of whoever told it, where that is written. */
function toAlert(record: LiveRecord) {
  const { message } = toDelivery(record);
  if (message?.type !== "SYSTEM_ALERT") return [];
  const { level, text, at } = message.payload;
  return [{ id: message.id, level, text, at: typeof at === "string" ? at : message.ts }];
}

interface StreamOptions {
  cursor: string | null | undefined;
  greeting: { readonly now: Date; readonly sessionId: string };
  topics: readonly string[];
  book: ConnectionBook;
  signal: AbortSignal;
}

/** Begins with where it begins, so that a connection that breaks before its first message resumes there too. */
async function* streamMessages(
  lane: Omit<Parameters<typeof laneDeliveries>[0], "signal" | "afterSeq">,
  { cursor, greeting, topics, book, signal }: StreamOptions,
) {
  const unlist = book.follow(topics);
  try {
    const { afterSeq = lane.hub.lastSeq(), startsOver } = await readPlace(lane, cursor);
    const ack = connectionAck({ ...greeting, cursor: afterSeq, startsOver });
    const directLine = askForDirectLine(ack);
    yield tracked<LiveMessage>(ack.id, ack);
    const rest = { ...lane, afterSeq, signal };
    const sink = directLine();
    if (sink) {
      await runDirectLane({ ...rest, sink });
      return;
    }
    for await (const { seq, message } of laneDeliveries(rest)) {
      if (message) yield tracked<LiveMessage>(String(seq), message);
    }
  } finally {
    unlist();
  }
}
