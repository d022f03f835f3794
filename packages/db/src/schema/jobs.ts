import { bigserial, index, integer, jsonb, pgTable, text } from "drizzle-orm/pg-core";
import { sql } from "drizzle-orm";
import { moment } from "./columns.ts";

/** Work to be done outside of a request, by whichever worker is free; see packages/jobs. */
export const jobs = pgTable(
  "jobs",
  {
    seq: bigserial({ mode: "number" }).primaryKey(),
    name: text().notNull(),
    data: jsonb().$type<Record<string, unknown>>().notNull().default({}),
    /** A second job with the same key is the same job; schedules use one per tick. */
    key: text().unique(),
    /** By the platform's clock. */
    runAt: moment().notNull(),
    attempts: integer().notNull().default(0),
    /** A worker has it until then, by the database's clock; after that it has died. */
    leasedUntil: moment(),
    doneAt: moment(),
    /** Tried too often. */
    failedAt: moment(),
    lastError: text(),
    createdAt: moment().notNull().defaultNow(),
  },
  (table) => [
    index("jobs_open")
      .on(table.runAt, table.seq)
      .where(sql`done_at is null and failed_at is null`),
    index().on(table.doneAt),
  ],
);
