import { sql } from "drizzle-orm";
import type { PgTransactionConfig } from "drizzle-orm/pg-core";
import { isSerializationFailure } from "./driver/query-error.ts";
import type { DatabaseHandle, Database, Transaction } from "./open.ts";

/** Waits until no other transaction holds the lock of this name, and keeps it until this transaction ends. */
export async function advisoryLock(tx: Transaction, name: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`);
}

/** Takes the lock of this name until the transaction ends, if it is free. False, at once, if it is not. */
export async function tryAdvisoryLock(tx: Transaction, name: string): Promise<boolean> {
  const result = await tx.execute<{ taken: boolean }>(
    sql`select pg_try_advisory_xact_lock(hashtextextended(${name}, 0)) as taken`,
  );
  return result.rows[0]?.taken ?? false;
}

export interface RetryOptions extends PgTransactionConfig {
  /** Attempts in all. Default 5. */
  attempts?: number;
}

/**
 * Runs `work` in a transaction, and again from the start when it lost against another one (serialization failure or
 * deadlock). `work` must therefore do nothing outside of the database. The last failure is thrown.
 */
export async function retryTransaction<T>(
  on: DatabaseHandle | Database,
  work: (tx: Transaction) => Promise<T>,
  { attempts = 5, ...config }: RetryOptions = {},
): Promise<T> {
  const db = "db" in on ? on.db : on;
  // drizzle sends `set transaction` for any object, and the server refuses it without a setting.
  const settings = Object.values(config).some((value) => value !== undefined) ? config : undefined;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction(work, settings);
    } catch (error) {
      if (attempt >= attempts || !isSerializationFailure(error)) throw error;
    }
  }
}
