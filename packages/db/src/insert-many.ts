import { getTableColumns, sql } from "drizzle-orm";
import { CasingCache } from "drizzle-orm/casing";
import { PgJsonb, type PgColumn, type PgTable } from "drizzle-orm/pg-core";
import { inChunks } from "./chunks.ts";
import type { Queryable } from "./open.ts";

/** Keeps one statement's rows below a few megabytes, so that neither thread is kept for long. */
const rowsPerStatement = 2_000;

type Row = Readonly<Record<string, unknown>>;
type Given = readonly [key: string, column: PgColumn];

const names = new CasingCache("snake_case");

/**
 * Inserts any number of rows, a few thousand with each statement. Pass a transaction for all or nothing. The rows go as one
 * text: a parameter for each value costs drizzle and the embedded database a multiple of the insert itself.
 */
export async function insertMany<Table extends PgTable>(
  db: Queryable,
  table: Table,
  rows: readonly Table["$inferInsert"][],
): Promise<void> {
  const columns = Object.entries(getTableColumns(table) as Record<string, PgColumn>);
  await inChunks<Row & Table["$inferInsert"]>(rows, rowsPerStatement, async (chunk) => {
    const given = columns.filter(([key]) => chunk.some((row) => row[key] !== undefined));
    if (!isAlike(chunk, columns, given)) return db.insert(table).values(chunk);
    const named = given.map(([, column]) => sql.identifier(names.getColumnCasing(column)));
    return db.execute(sql`
      insert into ${table} (${sql.join(named, sql`, `)})
      select ${sql.join(named, sql`, `)}
      from json_populate_recordset(null::${table}, ${textOf(chunk, given)}::text::json)`);
  });
}

/** Whether one list of columns says what is left out: by all rows, or as nothing where nothing is the default. */
function isAlike(rows: readonly Row[], columns: readonly Given[], given: readonly Given[]): boolean {
  const keys = new Set(given.map(([key]) => key));
  return (
    given.length > 0 &&
    columns.every(([key, column]) => {
      if (!keys.has(key)) return !column.defaultFn && !column.onUpdateFn;
      return !column.generated && (!column.hasDefault || rows.every((row) => row[key] !== undefined));
    })
  );
}

function textOf(rows: readonly Row[], given: readonly Given[]): string {
  const namedAs = given.map(([key, column]) => [key, column, names.getColumnCasing(column)] as const);
  return JSON.stringify(
    rows.map((row) => {
      const told: Record<string, unknown> = {};
      for (const [key, column, name] of namedAs) told[name] = toJson(column, row[key]);
      return told;
    }),
  );
}

/** As the database reads it within JSON, the same value that it would read from a parameter. */
function toJson(column: PgColumn, value: unknown): unknown {
  if (value === undefined || value === null) return null;
  // Whatever it is, also a text, it is JSON already.
  if (column instanceof PgJsonb) return value;
  const told: unknown = column.mapToDriverValue(value);
  if (typeof told === "string") return told.toWellFormed();
  if (typeof told === "number") return Number.isFinite(told) ? told : String(told);
  if (told instanceof Uint8Array)
    return `\\x${Buffer.from(told.buffer, told.byteOffset, told.byteLength).toString("hex")}`;
  return told;
}
