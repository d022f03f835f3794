import { sql } from "drizzle-orm";
import { index, jsonb, pgTable, text } from "drizzle-orm/pg-core";
import type { Id } from "@almanac/kernel";
import { ofShopper } from "./belonging.ts";
import { idColumn, moment } from "./columns.ts";

export type NewsId = Id<"news">;

/** News: what a shopper was told live, kept until 90 days later for whoever was not on the page. */
export const notifications = pgTable(
  "notifications",
  {
    /** Ordered by time: a row's id is made of its `created_at`, which is how old rows are found. */
    id: idColumn<NewsId>().primaryKey(),
    shopperId: ofShopper(),
    /** Of the live message, such as "PRICE_DROP_ALERT". */
    type: text().notNull(),
    payload: jsonb().$type<Record<string, unknown>>().notNull(),
    /** The shopper and what they were told of: nobody is told twice. */
    dedupeKey: text().notNull().unique(),
    createdAt: moment().notNull(),
    readAt: moment(),
  },
  (table) => [
    // Read backwards: the newest first.
    index().on(table.shopperId, table.createdAt, table.id),
    index("notifications_unread_index")
      .on(table.shopperId)
      .where(sql`read_at is null`),
  ],
);
