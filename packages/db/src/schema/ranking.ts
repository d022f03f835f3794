import { bigserial, index, integer, jsonb, pgTable, serial, text } from "drizzle-orm/pg-core";
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
