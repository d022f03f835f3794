import { sql } from "drizzle-orm";
import { customType, index, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";

const xid8 = customType<{ data: string; driverData: string }>({ dataType: () => "xid8" });

/**
 * Which products and shoppers changed, written by triggers in the transaction that changes them (`0002_noted_changes.sql`): whoever
 * remembers something of them learns from here what to forget. Rows are removed after a while, and one of kind "all" then tells to
 * forget everything.
 */
export const notedChanges = pgTable(
  "noted_changes",
  {
    /** The transaction: what a snapshot did not see yet is told by it, in whatever order transactions commit. */
    xid: xid8()
      .notNull()
      .default(sql`pg_current_xact_id()`),
    kind: text().$type<"product" | "shopper" | "all">().notNull(),
    /** Absent for "all". */
    thingId: uuid(),
    /** By the database's clock. */
    notedAt: moment().notNull().defaultNow(),
  },
  (table) => [index().on(table.xid)],
);
