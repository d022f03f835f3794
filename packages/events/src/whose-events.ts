import type { Queryable, Transaction } from "@almanac/db";
import type { ShopperId } from "@almanac/kernel";
import { sql } from "drizzle-orm";

/** Of PostgreSQL's locks with two keys, those with this first key are ours. */
const firstKey = 1_702_258_030;

/**
 * For logging events of these shoppers: until the transaction ends, nobody changes whose they are. Whoever is changing it is waited
 * for, so read whose they are afterwards. Any number log at once.
 */
export async function shareWhoseEvents(tx: Queryable, shopperIds: readonly ShopperId[]): Promise<void> {
  await tx.execute(
    sql`select pg_advisory_xact_lock_shared(${firstKey}, key) from unnest(${sql.param(keysOf(shopperIds))}::int[]) as key`,
  );
}

/**
 * For changing whose the events of these shoppers are, or whether there may be any: what is being logged is waited for, and until
 * the transaction ends no more is. To be called before the transaction locks anything else.
 */
export async function holdWhoseEvents(tx: Transaction, shopperIds: readonly ShopperId[]): Promise<void> {
  await tx.execute(
    sql`select pg_advisory_xact_lock(${firstKey}, key) from unnest(${sql.param(keysOf(shopperIds))}::int[]) as key`,
  );
}

/**
 * 256 locks for all shoppers, as the database has room for some thousands: by the last two digits of an id, which are random.
 * In order, so that two who want several never wait for each other.
 */
const keysOf = (shopperIds: readonly ShopperId[]): number[] =>
  [...new Set(shopperIds.map((id) => parseInt(id.slice(-2), 16)))].toSorted((a, b) => a - b);
