import {
  bigserial,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  serial,
  text,
} from "drizzle-orm/pg-core";
import type { UserId } from "@almanac/kernel";
import { idColumn, moment } from "./columns.ts";

/** Ways to weigh the terms of search. A row is never changed; version 0 is the shipped one and has no row. */
export const rankingVersions = pgTable("ranking_versions", {
  number: serial().primaryKey(),
  weights: jsonb().$type<Record<string, number>>().notNull(),
  note: text().notNull(),
  /** The version it was made from. */
  basedOn: integer().notNull(),
  authorUserId: idColumn<UserId>().notNull(),
  createdAt: moment().notNull(),
});

/** Which version went live when. The last row says what search goes by; without one it is version 0. */
export const rankingSwitches = pgTable(
  "ranking_switches",
  {
    seq: bigserial({ mode: "number" }).primaryKey(),
    version: integer().notNull(),
    /** What was live before. */
    previous: integer().notNull(),
    kind: text().$type<"published" | "rolled_back">().notNull(),
    actorUserId: idColumn<UserId>().notNull(),
    switchedAt: moment().notNull(),
  },
  (table) => [index().on(table.version)],
);

/** What a nightly fit of the learned ranker came to. Without enough searches there is a row, and no model in it. */
export const rankingModels = pgTable(
  "ranking_models",
  {
    number: serial().primaryKey(),
    /** Absent where there was not enough to learn from. */
    model: text(),
    verdict: text().$type<"better" | "not_better" | "not_enough_data">().notNull(),
    /** Searches with a click that it was fitted to. */
    searches: integer().notNull(),
    /** Share of those that led to an order. */
    orderShare: doublePrecision().notNull().default(0),
    /** On later searches than it has seen; absent without a model. */
    heldOut: jsonb().$type<StoredHeldOut>(),
    /** Chance that each place is looked at, as it was taken to be. */
    examination: jsonb().$type<number[]>().notNull().default([]),
    fromAt: moment().notNull(),
    untilAt: moment().notNull(),
    fittedAt: moment().notNull(),
    fitMs: integer().notNull().default(0),
  },
  (table) => [index().on(table.fittedAt)],
);

/** Clicks a search that each ranking is expected to get, out of the log of others. */
export interface StoredHeldOut {
  searches: number;
  clicks: number;
  control: number;
  learned: number;
  /** Learned less control, with its 95 % interval. */
  difference: number;
  low: number;
  high: number;
}
