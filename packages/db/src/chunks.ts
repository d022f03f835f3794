import { getTableColumns } from "drizzle-orm";
import type { PgTable } from "drizzle-orm/pg-core";
import type { Queryable } from "./open.ts";

/** A statement takes at most 65 534 parameters; half of that keeps the text it is parsed from small. */
const parametersPerStatement = 32_000;

/** Calls `work` with at most `size` items at a time, in order, one call after another. Not at all if there are none. */
export async function inChunks<Item>(
  items: readonly Item[],
  size: number,
  work: (chunk: Item[]) => Promise<unknown>,
): Promise<void> {
  for (let start = 0; start < items.length; start += size) await work(items.slice(start, start + size));
}

/** Inserts any number of rows, in as few statements as their columns allow. Pass a transaction for all or nothing. */
export async function insertMany<Table extends PgTable>(
  db: Queryable,
  table: Table,
  rows: readonly Table["$inferInsert"][],
): Promise<void> {
  const size = Math.max(1, Math.floor(parametersPerStatement / Object.keys(getTableColumns(table)).length));
  await inChunks(rows, Math.min(size, 2_000), (chunk) => db.insert(table).values(chunk));
}
