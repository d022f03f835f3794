import {
  bigserial,
  boolean,
  check,
  customType,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { sql } from "drizzle-orm";
import type { FarmId, ShopperId, UserId } from "@almanac/kernel";
import { idColumn, moment } from "./columns.ts";
import { farms } from "./catalog.ts";
import { shoppers } from "./identity.ts";

const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => "bytea" });

/** What a model is for; see packages/models. */
export type ModelType =
  | "RECOMMENDATION"
  | "CHURN_PREDICTION"
  | "DEMAND_FORECAST"
  | "PRICE_OPTIMIZATION"
  | "SEASONAL_PATTERN"
  | "CUSTOM";

/** One input of a model: a number within bounds, or unknown where that is allowed. */
export interface StoredInput {
  name: string;
  kind: "number";
  min: number;
  max: number;
  isOptional: boolean;
}

/** A version is written once, whole, and never changed. */
export const modelVersions = pgTable(
  "model_versions",
  {
    id: uuid().primaryKey(),
    name: text().notNull(),
    version: integer().notNull(),
    type: text().$type<ModelType>().notNull(),
    /** "global", or the id of the farm that the model is for. */
    scope: text().notNull().default("global"),
    /** SHA-256 of the artefact, in hexadecimal: where it lies and what it has to be. */
    artefactHash: text().notNull(),
    artefactBytes: integer().notNull(),
    format: text().notNull(),
    signature: jsonb().$type<StoredInput[]>().notNull(),
    /** Inputs with the answers that the model gave when it was made; checked to the last bit at each load. */
    golden: jsonb().$type<{ input: Record<string, number | null>; score: number }[]>().notNull(),
    settings: jsonb().$type<Record<string, unknown>>().notNull(),
    /** How it did beside its baselines; its shape is the format's. */
    metrics: jsonb().$type<Record<string, unknown>>().notNull(),
    /** Histograms of each input in training, for drift. */
    reference: jsonb().$type<Record<string, { edges: number[]; counts: number[] }>>().notNull(),
    dataHash: text().notNull(),
    windowFrom: moment(),
    windowTo: moment().notNull(),
    codeCommit: text().notNull(),
    seed: integer().notNull(),
    runId: uuid(),
    createdAt: moment().notNull(),
  },
  (table) => [
    uniqueIndex().on(table.name, table.scope, table.version),
    check(
      "model_type_known",
      sql`${table.type} in ('RECOMMENDATION', 'CHURN_PREDICTION', 'DEMAND_FORECAST', 'PRICE_OPTIMIZATION', 'SEASONAL_PATTERN', 'CUSTOM')`,
    ),
    check("artefact_hash_hex", sql`${table.artefactHash} ~ '^[0-9a-f]{64}$'`),
  ],
);

/** Artefacts by their hash, where no folder keeps them. */
export const modelArtefacts = pgTable("model_artefacts", {
  hash: text().primaryKey(),
  bytes: bytea().notNull(),
  storedAt: moment().notNull(),
});

/** Which version was live from when to when: the champion is the row that has not ended. */
export const modelActivations = pgTable(
  "model_activations",
  {
    seq: bigserial({ mode: "number" }).primaryKey(),
    type: text().$type<ModelType>().notNull(),
    scope: text().notNull(),
    versionId: uuid()
      .notNull()
      .references(() => modelVersions.id),
    kind: text().$type<"activated" | "promoted" | "rolled_back">().notNull(),
    actorUserId: idColumn<UserId>(),
    activatedAt: moment().notNull(),
    endedAt: moment(),
  },
  (table) => [
    uniqueIndex("one_active_model")
      .on(table.type, table.scope)
      .where(sql`ended_at is null`),
    index().on(table.versionId),
  ],
);

/** A challenger beside the champion: in its shadow first, then for a share of units. */
export const modelRollouts = pgTable(
  "model_rollouts",
  {
    id: uuid().primaryKey(),
    type: text().$type<ModelType>().notNull(),
    scope: text().notNull(),
    challengerId: uuid()
      .notNull()
      .references(() => modelVersions.id),
    championId: uuid()
      .notNull()
      .references(() => modelVersions.id),
    /** What units are dealt by. */
    seed: text().notNull(),
    /** 0 is shadow: it answers, and nobody is told. */
    percent: integer().notNull(),
    status: text().$type<"running" | "completed" | "stopped" | "rolled_back">().notNull(),
    /** Demo and test only: makes the challenger this much slower. */
    delayMs: integer().notNull().default(0),
    endReason: text(),
    startedAt: moment().notNull(),
    /** When the share was last changed: guardrails count from then. */
    steppedAt: moment().notNull(),
    endedAt: moment(),
  },
  (table) => [
    uniqueIndex("one_open_rollout")
      .on(table.type, table.scope)
      .where(sql`ended_at is null`),
    index().on(table.challengerId),
    index().on(table.championId),
    check("rollout_percent", sql`${table.percent} between 0 and 100`),
  ],
);

/** One training, from the order to what came of it. */
export const modelRuns = pgTable(
  "model_runs",
  {
    id: uuid().primaryKey(),
    name: text().notNull(),
    scope: text().notNull(),
    reason: text().$type<"asked" | "weekly" | "first" | "drift">().notNull(),
    seed: integer().notNull(),
    status: text().$type<"QUEUED" | "RUNNING" | "DONE" | "INSUFFICIENT_DATA" | "FAILED">().notNull(),
    /** Share that is done, 0 to 1. */
    progress: doublePrecision().notNull().default(0),
    rowsLearned: integer(),
    windowFrom: moment(),
    windowTo: moment(),
    /** What came of it, for people. */
    verdict: text(),
    report: jsonb().$type<Record<string, unknown>>(),
    versionId: uuid().references(() => modelVersions.id),
    requestedBy: idColumn<UserId>(),
    requestedAt: moment().notNull(),
    startedAt: moment(),
    finishedAt: moment(),
  },
  (table) => [index().on(table.name, table.requestedAt), index().on(table.versionId)],
);

/** What models answered. Inputs are features alone: nobody's name, mail, phone or id is in them. */
export const modelPredictions = pgTable(
  "model_predictions",
  {
    seq: bigserial({ mode: "number" }).primaryKey(),
    versionId: uuid()
      .notNull()
      .references(() => modelVersions.id, { onDelete: "cascade" }),
    rolloutId: uuid(),
    arm: text().$type<"champion" | "challenger" | "shadow">().notNull(),
    input: jsonb().$type<Record<string, number | null>>().notNull(),
    /** Absent where the model failed. */
    score: doublePrecision(),
    executionMs: doublePrecision().notNull(),
    isError: boolean().notNull().default(false),
    at: moment().notNull(),
  },
  (table) => [
    index().on(table.versionId, table.at),
    index().on(table.rolloutId, table.at),
    index().on(table.at),
  ],
);

/** How far what comes in has moved from what a version learned from. */
export const modelDrifts = pgTable(
  "model_drifts",
  {
    seq: bigserial({ mode: "number" }).primaryKey(),
    versionId: uuid()
      .notNull()
      .references(() => modelVersions.id, { onDelete: "cascade" }),
    rows: integer().notNull(),
    /** Population stability index by input, and of the score under "score". */
    indices: jsonb().$type<Record<string, number>>().notNull(),
    drifted: jsonb().$type<string[]>().notNull(),
    at: moment().notNull(),
  },
  (table) => [index().on(table.versionId, table.at)],
);

/** Acts on models, each hashed with the one before, so that an altered row shows. */
export const modelAudit = pgTable("model_audit", {
  /** Without gaps, from 1. */
  seq: integer().primaryKey(),
  at: moment().notNull(),
  actorUserId: idColumn<UserId>(),
  action: text().notNull(),
  subject: text().notNull(),
  details: jsonb().$type<Record<string, unknown>>().notNull(),
  previousHash: text().notNull(),
  hash: text().notNull(),
});

/** What is expected of a shopper, by the live models; worked out each night. */
export const shopperOutlooks = pgTable(
  "shopper_outlooks",
  {
    shopperId: idColumn<ShopperId>()
      .primaryKey()
      .references(() => shoppers.id, { onDelete: "cascade" }),
    /** "active"; "away" for longer than counts as gone; "resting" while the market is closed; "new" without an order. */
    state: text().$type<"active" | "away" | "resting" | "new">().notNull(),
    /** That no order comes within `windowDays` open days; absent unless active. */
    churnProbability: doublePrecision(),
    windowDays: integer(),
    isAtRisk: boolean().notNull(),
    reasons: jsonb().$type<string[]>().notNull(),
    churnVersionId: uuid(),
    /** Money of the next half year, with what it may be in four of five cases. */
    valueCents: doublePrecision(),
    valueLowCents: doublePrecision(),
    valueHighCents: doublePrecision(),
    expectedOrders: doublePrecision(),
    lifetimeVersionId: uuid(),
    computedAt: moment().notNull(),
  },
  (table) => [index().on(table.isAtRisk, table.churnProbability)],
);

/** What is expected of a farm's customers together, by the farm's own live version or else by the general one. */
export const farmOutlooks = pgTable("farm_outlooks", {
  farmId: idColumn<FarmId>()
    .primaryKey()
    .references(() => farms.id, { onDelete: "cascade" }),
  /** Which version told it. */
  versionId: uuid().notNull(),
  customers: integer().notNull(),
  active: integer().notNull(),
  away: integer().notNull(),
  resting: integer().notNull(),
  /** Of the coming half-year. */
  expectedOrders: doublePrecision().notNull(),
  valueCents: doublePrecision().notNull(),
  groups: jsonb()
    .$type<Record<"often" | "now and then" | "hardly", { people: number; cents: number }>>()
    .notNull(),
  computedAt: moment().notNull(),
});
