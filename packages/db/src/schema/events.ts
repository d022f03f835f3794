import {
  bigint,
  bigserial,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  real,
  text,
  uuid,
} from "drizzle-orm/pg-core";
import { sql } from "drizzle-orm";
import type { EventId, ProductId, ShopperId, UserId } from "@almanac/kernel";
import { idColumn, moment } from "./columns.ts";

/** What shoppers did, in the order it was written. Append-only; erasing a person nulls `shopperId`. */
export const actionEvents = pgTable(
  "action_events",
  {
    seq: bigserial({ mode: "number" }).primaryKey(),
    /** Made by the sender; a second event with the same id is the same event. */
    id: idColumn<EventId>().notNull().unique(),
    action: text().notNull(),
    shopperId: idColumn<ShopperId>(),
    sessionId: text(),
    entityType: text().$type<"PRODUCT" | "FARM" | "ORDER" | "SEARCH" | "CATEGORY" | "RECOMMENDATION">(),
    entityId: text(),
    metadata: jsonb().$type<Record<string, unknown>>().notNull().default({}),
    source: text().$type<"web" | "api" | "stall" | "demo" | "import">().notNull().default("web"),
    traceId: text().notNull(),
    occurredAt: moment().notNull(),
    recordedAt: moment().notNull().defaultNow(),
  },
  (table) => [
    index().on(table.shopperId, table.seq),
    index().on(table.recordedAt),
    // Of one action only: each event pays for each of its indexes when it is accepted.
    index("action_events_views")
      .on(table.recordedAt)
      .where(sql`action = 'VIEW_PRODUCT'`),
  ],
);

/** Facts to be acted on, written in the transaction that made them true. */
export const outbox = pgTable(
  "outbox",
  {
    seq: bigserial({ mode: "number" }).primaryKey(),
    /** "order.placed", "stock.changed": past tense. */
    topic: text().notNull(),
    payload: jsonb().$type<Record<string, unknown>>().notNull(),
    traceId: text().notNull().default(""),
    /** 0 at once, 1 soon, 2 when there is time. */
    priority: integer().notNull().default(1),
    attempts: integer().notNull().default(0),
    availableAt: moment().notNull().defaultNow(),
    createdAt: moment().notNull().defaultNow(),
    doneAt: moment(),
    /** Tried too often; waits for an operator. */
    parkedAt: moment(),
    lastError: text(),
    /** Set aside by an operator: neither handled nor waiting until the archive is restored. */
    archiveId: uuid(),
  },
  (table) => [
    index("outbox_open")
      .on(table.priority, table.seq)
      .where(sql`done_at is null and parked_at is null and archive_id is null`),
    index("outbox_parked")
      .on(table.seq)
      .where(sql`parked_at is not null`),
    index("outbox_archived")
      .on(table.archiveId)
      .where(sql`archive_id is not null`),
    // Most facts are never marked as done, or not for long.
    index("outbox_done")
      .on(table.doneAt)
      .where(sql`done_at is not null`),
  ],
);

/**
 * Events that nobody reacted to yet, by their places in the log: a row for up to a hundred that were logged together. Those that
 * a relay has to try one by one become facts of the outbox.
 */
export const openEvents = pgTable(
  "open_events",
  {
    seq: bigserial({ mode: "number" }).primaryKey(),
    /** As in the outbox. */
    priority: integer().notNull(),
    eventSeqs: bigint({ mode: "number" }).array().notNull(),
    createdAt: moment().notNull().defaultNow(),
  },
  (table) => [index().on(table.priority, table.seq)],
);

/** Facts that an operator took out of the queue in one act. */
export const queueArchives = pgTable("queue_archives", {
  id: uuid().primaryKey(),
  reason: text().$type<"clear" | "discard">().notNull(),
  actorUserId: idColumn<UserId>(),
  facts: integer().notNull(),
  archivedAt: moment().notNull(),
  restoredAt: moment(),
  restoredBy: idColumn<UserId>(),
});

/**
 * Which consumer has already applied which fact, where each did so in a transaction of its own: what makes a second delivery
 * harmless. Facts that all apply in one transaction are done with it, and need no notes.
 */
export const outboxConsumed = pgTable(
  "outbox_consumed",
  {
    consumer: text().notNull(),
    outboxSeq: bigint({ mode: "number" }).notNull(),
    consumedAt: moment().notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.outboxSeq, table.consumer] })],
);

/** Live messages kept for replay after a lost connection. */
export const liveMessages = pgTable(
  "live_messages",
  {
    /** Also what a reader resumes from. Given out under a lock, so that it is the order of the commits. */
    seq: bigserial({ mode: "number" }).primaryKey(),
    topic: text().notNull(),
    type: text().notNull(),
    payload: jsonb().$type<Record<string, unknown>>().notNull(),
    at: moment().notNull(),
  },
  (table) => [index().on(table.topic, table.seq), index().on(table.at)],
);

/** Who follows the live lane, or did some minutes ago; see packages/realtime. */
export const livePresence = pgTable("live_presence", {
  shopperId: idColumn<ShopperId>().primaryKey(),
  seenAt: moment().notNull(),
});

/** Single-use tickets for sockets that cannot send a cookie. Only a hash is kept. */
export const liveTickets = pgTable("live_tickets", {
  tokenHash: text().primaryKey(),
  shopperId: idColumn<ShopperId>(),
  userId: idColumn<UserId>(),
  /** Who asked for it, as resolved then: the rights that the socket gets. */
  caller: jsonb().$type<Record<string, unknown>>().notNull(),
  expiresAt: moment().notNull(),
  usedAt: moment(),
});

/** Counts that several processes add to, by hour: "events.VIEW_PRODUCT", "recommendations.ok". */
export const counters = pgTable(
  "counters",
  {
    name: text().notNull(),
    hour: moment().notNull(),
    count: bigint({ mode: "number" }).notNull().default(0),
    sum: bigint({ mode: "number" }).notNull().default(0),
  },
  (table) => [primaryKey({ columns: [table.name, table.hour] })],
);

/** How long things took, as a histogram that several processes add to, by hour; see packages/events, core/latency-sketch. */
export const latencyBuckets = pgTable(
  "latency_buckets",
  {
    name: text().notNull(),
    hour: moment().notNull(),
    bucket: integer().notNull(),
    count: bigint({ mode: "number" }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.name, table.hour, table.bucket] }), index().on(table.hour)],
);

/** Small facts about this installation: the demo's seed, the clock's shift, finished imports. */
export const settings = pgTable("settings", {
  key: text().primaryKey(),
  value: jsonb().$type<Record<string, unknown>>().notNull(),
  updatedAt: moment().notNull().defaultNow(),
});

/** A shopper's taste, folded from events and orders; see packages/signals. */
export const tasteProfiles = pgTable("taste_profiles", {
  shopperId: idColumn<ShopperId>().primaryKey(),
  state: jsonb().$type<Record<string, unknown>>().notNull(),
  /** Categories and farms that the shopper asked to forget. */
  hidden: jsonb()
    .$type<{ categories: string[]; farms: string[] }>()
    .notNull()
    .default({ categories: [], farms: [] }),
  lastEventSeq: bigint({ mode: "number" }).notNull().default(0),
  updatedAt: moment().notNull().defaultNow(),
});

/** One search and what came of it (SearchPerformance). */
export const searchLog = pgTable(
  "search_log",
  {
    id: uuid().primaryKey(),
    shopperId: idColumn<ShopperId>(),
    query: text().notNull(),
    algorithm: text().notNull(),
    arm: text().notNull().default("control"),
    /** The probability with which this arm was drawn, in (0, 1]: what off-policy estimates divide by. */
    armPropensity: doublePrecision().notNull().default(1),
    /** Version of the weights; see `rankingVersions`. */
    rankingVersion: integer().notNull().default(0),
    isPersonalised: text().$type<"yes" | "no">().notNull(),
    resultsCount: integer().notNull(),
    /** What was searched for instead, when the query seemed mistyped. */
    correctedQuery: text(),
    shownIds: uuid().array().notNull(),
    /** The five terms of each of `shownIds`, as they were: 5 numbers a product, in the order of `rankingTerms`. */
    shownTerms: real().array().notNull().default([]),
    /** What each of `shownIds` cost, for one of its comparable measure. */
    shownPrices: integer().array().notNull().default([]),
    /** Where two rankings were interleaved: "a" or "b" for each of `shownIds`. */
    shownTeams: text(),
    /** Position of the first of `shownIds` in the whole result; the others follow. */
    firstPosition: integer().notNull().default(1),
    clickPosition: integer(),
    clickedProductId: idColumn<ProductId>(),
    orderId: uuid(),
    executionMs: integer().notNull(),
    searchedAt: moment().notNull(),
  },
  (table) => [
    index().on(table.shopperId, table.searchedAt),
    index().on(table.algorithm, table.searchedAt),
    index().on(table.searchedAt),
  ],
);

/** Mail that was captured instead of sent, readable by operators in the portal. */
export const capturedMail = pgTable(
  "captured_mail",
  {
    id: uuid().primaryKey(),
    kind: text().notNull(),
    recipient: text().notNull(),
    subject: text().notNull(),
    text: text().notNull(),
    html: text().notNull().default(""),
    headers: jsonb().$type<Record<string, string>>().notNull().default({}),
    attachments: jsonb().$type<{ name: string; mime: string; content: string }[]>().notNull().default([]),
    sentAt: moment().notNull(),
  },
  (table) => [index().on(table.sentAt)],
);
