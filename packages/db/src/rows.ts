import type { SQL } from "drizzle-orm";
import type { Queryable } from "./open.ts";

/**
 * Runs SQL written by hand and answers its rows, with columns named as the statement names them. Dates and times come
 * as text, 64-bit integers as numbers where exact; the type parameter is a promise of the caller, not checked.
 */
export async function rows<Row extends object>(db: Queryable, statement: SQL): Promise<Row[]> {
  const result = await db.execute(statement);
  return result.rows as Row[];
}
