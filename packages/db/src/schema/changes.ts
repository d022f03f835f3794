import { sql } from "drizzle-orm";
import { customType, index, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";

const xid8 = customType<{ data: string; driverData: string }>({ dataType: () => "xid8" });

/**
 * Which products, shoppers, sales and markets changed, written by triggers in the transaction that changes them
 * (`0002_noted_changes.sql`, `0009_noted_sales.sql`): whoever remembers something of them learns from here what to forget. One of
 * kind "all" tells to forget everything. Rows are removed after a while: what could be seen when a "mark" was made, which then
 * becomes one of kind "all" for who had not seen it.
 */
export const notedChanges = pgTable(
  "noted_changes",
  {
    /** The transaction: what a snapshot did not see yet is told by it, in whatever order transactions commit. */
    xid: xid8()
      .notNull()
      .default(sql`pg_current_xact_id()`),
    kind: text().$type<"product" | "shopper" | "sales" | "market" | "all" | "mark">().notNull(),
    /** A product also of "sales"; absent for "all" and for marks. */
    thingId: uuid(),
    /** Of a mark: the snapshot that its transaction had. */
    seen: text(),
    /** By the database's clock. */
    notedAt: moment().notNull().defaultNow(),
  },
  (table) => [index().on(table.xid)],
);
