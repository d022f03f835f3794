import { getTableColumns, getTableName, sql } from "drizzle-orm";
import type { PgTable } from "drizzle-orm/pg-core";
import { inChunks, type Queryable } from "@almanac/db";

const rowsPerStatement = 5_000;

/**
 * Inserts many rows as one JSON parameter a statement. Three to five times as fast as bound parameters on the embedded
 * database, which spends its time on parsing the statement otherwise. Rows must be complete but for columns with a default
 * that all of them leave out.
 *
 * @param rows keyed by the schema's property names; dates, arrays and JSON as they are
 */
export async function insertBulk<Table extends PgTable>(
  db: Queryable,
  table: Table,
  rows: readonly Table["$inferInsert"][],
): Promise<void> {
  const first = rows[0];
  if (!first) return;
  const known = new Set(Object.keys(getTableColumns(table)));
  const keys = Object.keys(first).filter((key) => known.has(key));
  const columnNames = keys.map(snakeCase);
  const columns = sql.raw(columnNames.map((column) => `"${column}"`).join(", "));
  const name = sql.identifier(getTableName(table));
  await inChunks(rows, rowsPerStatement, async (chunk) => {
    const json = JSON.stringify(
      chunk.map((row: Record<string, unknown>) => {
        const values: Record<string, unknown> = {};
        for (const [at, key] of keys.entries()) values[columnNames[at]!] = row[key] ?? null;
        return values;
      }),
    );
    await db.execute(
      sql`insert into ${name} (${columns}) select ${columns} from json_populate_recordset(null::${name}, ${json}::json)`,
    );
  });
}

const snakeCase = (key: string): string => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
