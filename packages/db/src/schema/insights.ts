import { bigserial, doublePrecision, index, pgTable, text } from "drizzle-orm/pg-core";
import type { ShopperId } from "@almanac/kernel";
import { ofShopper } from "./belonging.ts";
import { idColumn, moment } from "./columns.ts";
import { shoppers } from "./identity.ts";

/** How a shopper behaves, worked out each night; see packages/insights for the segments and their rules. */
export const shopperProfiles = pgTable(
  "shopper_profiles",
  {
    shopperId: idColumn<ShopperId>()
      .primaryKey()
      .references(() => shoppers.id, { onDelete: "cascade" }),
    segment: text().notNull(),
    /** When the shopper came into the segment. */
    since: moment().notNull(),
    /** 0 to 1. */
    engagement: doublePrecision().notNull(),
    computedAt: moment().notNull(),
  },
  (table) => [index().on(table.segment)],
);

/** Who went from which segment to which; the first segment of somebody is no move. */
export const segmentMoves = pgTable(
  "segment_moves",
  {
    seq: bigserial({ mode: "number" }).primaryKey(),
    shopperId: ofShopper(),
    fromSegment: text().notNull(),
    toSegment: text().notNull(),
    movedAt: moment().notNull(),
  },
  (table) => [index().on(table.movedAt), index().on(table.shopperId)],
);
