import {
  boolean,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uuid,
} from "drizzle-orm/pg-core";
import type { MarketId, ShopperId, UserId } from "@almanac/kernel";
import { idColumn, moment } from "./columns.ts";

/** One arm as it is stored; see packages/experiments. The first is the control. */
export interface StoredArm {
  key: string;
  name: string;
  weight: number;
  config: Record<string, string | number | boolean>;
}

/** What is tried on shoppers. A running one is never changed but in its rollout and its stopped arms. */
export const experiments = pgTable(
  "experiments",
  {
    id: uuid().primaryKey(),
    key: text().notNull().unique(),
    name: text().notNull(),
    hypothesis: text().notNull().default(""),
    kind: text().$type<"ab" | "holdout" | "interleaving">().notNull().default("ab"),
    surface: text().$type<"search" | "recommendations">().notNull(),
    status: text().$type<"draft" | "running" | "stopped">().notNull().default("draft"),
    /** What shoppers are dealt by. */
    seed: text().notNull(),
    arms: jsonb().$type<StoredArm[]>().notNull(),
    stoppedArms: jsonb().$type<string[]>().notNull().default([]),
    /** When each of them was stopped, oldest first; `at` is an ISO time. Absent for those stopped before this was kept. */
    armStops: jsonb().$type<{ arm: string; at: string }[]>().notNull().default([]),
    /** Share of shoppers who may take part, 0 to 1. */
    rollout: doublePrecision().notNull().default(1),
    namespaceName: text(),
    namespaceFrom: doublePrecision(),
    namespaceTo: doublePrecision(),
    /** Empty means all. */
    marketIds: jsonb().$type<MarketId[]>().notNull().default([]),
    primaryMetric: text().notNull(),
    guardrails: jsonb().$type<{ metric: string; margin: number }[]>().notNull().default([]),
    plannedUnits: integer(),
    /** What the first decisive look said of each arm. */
    decisions: jsonb().$type<{ arm: string; direction: "better" | "worse" }[]>().notNull().default([]),
    /** Why it was stopped, for people. */
    stopReason: text(),
    /** Simulated shoppers are among the exposed: a figure of it proves the plumbing. */
    hasSimulated: boolean().notNull().default(false),
    createdBy: idColumn<UserId>(),
    createdAt: moment().notNull(),
    startedAt: moment(),
    stoppedAt: moment(),
  },
  (table) => [index().on(table.status)],
);

/** Who was first shown which arm. Written when it was rendered, never after the experiment was stopped. */
export const experimentExposures = pgTable(
  "experiment_exposures",
  {
    experimentId: uuid()
      .notNull()
      .references(() => experiments.id, { onDelete: "cascade" }),
    shopperId: idColumn<ShopperId>().notNull(),
    arm: text().notNull(),
    marketId: idColumn<MarketId>(),
    exposedAt: moment().notNull(),
    /** Was shown two arms, as a visitor and with an account: counts for the account's, and says how clean the comparison is. */
    isCrossed: boolean().notNull().default(false),
  },
  (table) => [primaryKey({ columns: [table.experimentId, table.shopperId] }), index().on(table.shopperId)],
);

/** Arms that hold against the hash, for shoppers who saw another one before they signed in. */
export const experimentAssignments = pgTable(
  "experiment_assignments",
  {
    experimentId: uuid()
      .notNull()
      .references(() => experiments.id, { onDelete: "cascade" }),
    shopperId: idColumn<ShopperId>().notNull(),
    arm: text().notNull(),
    notedAt: moment().notNull(),
  },
  (table) => [primaryKey({ columns: [table.experimentId, table.shopperId] }), index().on(table.shopperId)],
);

/** A look at the primary metric, as the intervals were then. */
export const experimentLooks = pgTable(
  "experiment_looks",
  {
    experimentId: uuid()
      .notNull()
      .references(() => experiments.id, { onDelete: "cascade" }),
    /** Shoppers exposed by then. */
    units: integer().notNull(),
    at: moment().notNull(),
    intervals: jsonb().$type<StoredInterval[]>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.experimentId, table.units] })],
);

export interface StoredInterval {
  arm: string;
  value: number;
  low: number;
  high: number;
}
