import { AppError } from "@almanac/kernel";
import type { SqlConnection } from "./driver/client.ts";
import { readMigrations } from "./migrations.ts";
import type { Migration } from "./migrations.ts";
import type { DatabaseHandle } from "./open.ts";

/** Any number that nobody else uses for a session lock on the same database. */
const lockKey = 7_204_519_833;

/**
 * Brings the schema up to this build. Each migration is one transaction. Any number of processes may call it at once:
 * a session lock lets one work, and the others then find nothing to do.
 *
 * @param given migrations in their order; those of this build where absent
 * @returns the names of the migrations that ran here
 * @throws AppError `schema_mismatch` if a migration that already ran differs from the one in this build
 */
export async function migrate(handle: DatabaseHandle, given?: readonly Migration[]): Promise<string[]> {
  const migrations = given ?? (await readMigrations());
  return handle.reserve(async (connection) => {
    // Waiting for another process to migrate may take longer than a statement usually may.
    await connection.exec("set statement_timeout = 0");
    await connection.query("select pg_advisory_lock($1::bigint)", [lockKey]);
    try {
      return await migrateLocked(connection, migrations);
    } finally {
      await connection.query("select pg_advisory_unlock($1::bigint)", [lockKey]);
      await connection.exec("reset statement_timeout");
    }
  });
}

/** The names of the migrations that `migrate` would run, without running them. */
export async function migrationsPending(handle: DatabaseHandle): Promise<string[]> {
  const migrations = await readMigrations();
  return handle.reserve(async (connection) => {
    const { rows } = await connection.query<{ there: boolean }>(
      "select to_regclass('public.almanac_migrations') is not null as there",
    );
    const applied = rows[0]?.there ? await readApplied(connection) : new Map<string, string>();
    return pendingOf(migrations, applied).map(({ name }) => name);
  });
}

async function migrateLocked(connection: SqlConnection, migrations: readonly Migration[]): Promise<string[]> {
  await connection.exec(`
    create table if not exists almanac_migrations (
      name text primary key,
      hash text not null,
      applied_at timestamptz not null default now()
    )`);
  const pending = pendingOf(migrations, await readApplied(connection));
  for (const migration of pending) await run(connection, migration);
  return pending.map(({ name }) => name);
}

async function run(connection: SqlConnection, { name, sql, hash }: Migration): Promise<void> {
  await connection.exec("begin");
  try {
    await connection.exec(sql);
    await connection.query("insert into almanac_migrations (name, hash) values ($1, $2)", [name, hash]);
    await connection.exec("commit");
  } catch (error) {
    await connection.exec("rollback");
    throw error;
  }
}

async function readApplied(connection: SqlConnection): Promise<Map<string, string>> {
  const { rows } = await connection.query<{ name: string; hash: string }>(
    "select name, hash from almanac_migrations",
  );
  return new Map(rows.map(({ name, hash }) => [name, hash]));
}

function pendingOf(migrations: readonly Migration[], applied: ReadonlyMap<string, string>): Migration[] {
  for (const { name, hash } of migrations) {
    const known = applied.get(name);
    if (known !== undefined && known !== hash) {
      throw new AppError(
        "schema_mismatch",
        `This database was made by another version of Almanac: its migration ${name} is not the one of this version, so ` +
          "nothing was touched. Start with another data folder (--data <folder>) or an empty database, or start the " +
          "version that made it.",
        { details: { migration: name } },
      );
    }
  }
  return migrations.filter(({ name }) => !applied.has(name));
}
