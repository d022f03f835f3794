import {
  bigint,
  customType,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  text,
} from "drizzle-orm/pg-core";
import type { ProductId, ShopperId } from "@almanac/kernel";
import { idColumn, moment } from "./columns.ts";
import { shoppers } from "./identity.ts";

const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => "bytea" });

/** What learns from the event log line by line, and how far it is; see packages/models. One row each. */
export const onlineLearners = pgTable("online_learners", {
  name: text().primaryKey(),
  /** The log is learned from after this place, up to and with `position`. */
  fromSeq: bigint({ mode: "number" }).notNull(),
  position: bigint({ mode: "number" }).notNull(),
  /** Counts, judgement and guard, as the learner itself keeps them. */
  state: jsonb().$type<object>().notNull(),
  builtAt: moment().notNull(),
  learnedAt: moment().notNull(),
  /** What the latest rebuild found when it was held against this. */
  check: jsonb().$type<object>(),
});

/** The things that choices are between, as they were at the latest rebuild. */
export const onlineItems = pgTable("online_items", {
  productId: idColumn<ProductId>().primaryKey(),
  /** From 0, without gaps. */
  place: integer().notNull().unique(),
  /** Single precision, little-endian. */
  vector: bytea().notNull(),
  /** Different people who took it. */
  people: doublePrecision().notNull(),
});

/** Tastes learned line by line. Goes with its shopper. */
export const onlineTastes = pgTable(
  "online_tastes",
  {
    shopperId: idColumn<ShopperId>()
      .primaryKey()
      .references(() => shoppers.id, { onDelete: "cascade" }),
    /** Double precision, little-endian. */
    taste: bytea().notNull(),
    /** Places of the things that were taken, each once. */
    taken: integer().array().notNull(),
    events: integer().notNull(),
    /** Day of the latest event since 1970, and how many were learned from on it. */
    day: integer().notNull(),
    today: integer().notNull(),
    learnedAt: moment().notNull(),
  },
  (table) => [index().on(table.learnedAt)],
);
