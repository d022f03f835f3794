import { drizzle } from "drizzle-orm/pglite";
import type { PgliteQueryResultHKT, PgliteTransaction } from "drizzle-orm/pglite";
import type { PGlite } from "@electric-sql/pglite";
import type { ExtractTablesWithRelations } from "drizzle-orm";
import type { PgDatabase, PgTransactionConfig } from "drizzle-orm/pg-core";
import { invariant } from "@almanac/kernel";
import type { Driver, SqlClient, SqlConnection } from "./driver/client.ts";
import { GuardedClient } from "./driver/guarded-client.ts";
import { EmbeddedDriver } from "./embedded/driver.ts";
import { checkHealth } from "./health.ts";
import type { DatabaseHealth } from "./health.ts";
import type { DatabaseLog } from "./log.ts";
import { PostgresDriver } from "./postgres/driver.ts";
import type { PoolSettings } from "./postgres/settings.ts";
import * as schema from "./schema/index.ts";

export type Schema = typeof schema;

/** The drizzle handle that functions take: the database itself or a transaction on it, over either driver. */
export type Database = PgDatabase<PgliteQueryResultHKT, Schema, ExtractTablesWithRelations<Schema>>;

/** For functions that must run inside a transaction. Its own `transaction` is a savepoint. */
export type Transaction = PgliteTransaction<Schema, ExtractTablesWithRelations<Schema>>;

/** Either of the two; the same as `Database`, named for what it says to a reader. */
export type Queryable = Database;

export interface OpenDatabaseOptions {
  /** `postgres://user:password@host:port/database`. Without it the database is embedded. */
  url?: string;
  /** Folder of the embedded database, or "memory". */
  dataDir?: string;
  /** Archive made by `dump`, to start an embedded database from. */
  archivePath?: string;
  pool?: PoolSettings;
  log?: DatabaseLog;
}

export interface DatabaseHandle {
  readonly db: Database;
  readonly driver: "pglite" | "postgres";
  /** The connection underneath, in PGlite's shape, for libraries that bring their own SQL. */
  readonly client: SqlClient;
  /** Runs `work` in a transaction: committed when it returns, rolled back when it throws. */
  transaction<T>(work: (tx: Transaction) => Promise<T>, config?: PgTransactionConfig): Promise<T>;
  /** Lends one connection, outside of a transaction. On PGlite everyone else waits meanwhile. */
  reserve<T>(work: (connection: SqlConnection) => Promise<T>): Promise<T>;
  /** Calls `callback` for each notification on the channel. A lost connection is renewed; what was sent meanwhile is missed. */
  listen(channel: string, callback: (payload: string) => void): Promise<() => Promise<void>>;
  /** The whole embedded database as an archive; absent on PostgreSQL. */
  dump?: () => Promise<Uint8Array>;
  /** Asks the database for a sign of life; never throws. */
  health(): Promise<DatabaseHealth>;
  /** Waits for what is under way, then closes. Calling it again does nothing. */
  close(): Promise<void>;
}

/**
 * Opens PostgreSQL if there is a `url`, otherwise the embedded database in `dataDir`. The schema is not touched:
 * `migrate` does that.
 *
 * @throws AppError `data_folder_in_use` if a live process has the folder, `database_unavailable` if there is no server
 */
export async function openDatabase(options: OpenDatabaseOptions): Promise<DatabaseHandle> {
  if (options.url !== undefined) {
    return handleOver(await PostgresDriver.open(options.url, options.pool ?? {}, options.log));
  }
  invariant(options.dataDir !== undefined, "openDatabase needs a url or a dataDir");
  const driver = await EmbeddedDriver.open({ dataDir: options.dataDir, archivePath: options.archivePath });
  return { ...handleOver(driver), dump: () => driver.dump() };
}

function handleOver(driver: Driver): DatabaseHandle {
  const client = new GuardedClient(driver);
  // drizzle's types ask for PGlite's class, but its session calls only `query` and `transaction`.
  const drizzleClient: object = client;
  const db = drizzle({ client: drizzleClient as PGlite, schema, casing: "snake_case" });
  return {
    db,
    driver: driver.name,
    client,
    transaction: (work, config) => db.transaction(work, config),
    reserve: (work) => client.reserve(work),
    listen: (channel, callback) => driver.listen(channel, callback),
    health: () => checkHealth(driver),
    close: () => driver.close(),
  };
}
