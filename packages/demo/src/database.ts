import { existsSync } from "node:fs";
import { migrate, migrationsPending, openDatabase, type DatabaseHandle } from "@almanac/db";
import { createFirstOperator } from "@almanac/identity";
import type { Clock, UserId } from "@almanac/kernel";

/** Where a world lives: a PostgreSQL address, or the folder of an embedded database. */
export type WorldPlace = { readonly url: string } | { readonly dataDir: string };

/**
 * Opens the database, brings its schema up to date, and closes it when the work is done or has failed.
 *
 * @throws AppError `data_folder_in_use` while a server has the folder, `database_unavailable` without a server to talk to
 */
export async function withDatabase<T>(
  place: WorldPlace,
  work: (handle: DatabaseHandle) => Promise<T>,
): Promise<T> {
  const handle = await openDatabase(place);
  try {
    await migrate(handle);
    return await work(handle);
  } finally {
    await handle.close();
  }
}

/** What there is, for somebody who wonders why nothing starts. Changes nothing; a missing folder is not made. */
export async function inspectDatabase(
  place: WorldPlace,
): Promise<{ kind: "absent" } | { kind: "open"; driver: string; isCurrent: boolean }> {
  if ("dataDir" in place && !existsSync(place.dataDir)) return { kind: "absent" };
  const handle = await openDatabase(place);
  try {
    return { kind: "open", driver: handle.driver, isCurrent: (await migrationsPending(handle)).length === 0 };
  } finally {
    await handle.close();
  }
}

/** The person who can make others, or an existing account promoted to that; see `createFirstOperator`. */
export function createOperator(
  handle: DatabaseHandle,
  person: { email: string; name: string; password: string },
  { clock }: { clock: Clock },
): Promise<{ userId: UserId; isNew: boolean }> {
  return handle.transaction((tx) => createFirstOperator(tx, person, { clock }));
}
