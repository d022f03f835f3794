import { counters } from "@almanac/db/schema";
import type { Queryable } from "@almanac/db";
import type { Clock } from "@almanac/kernel";
import { inArray, sql } from "drizzle-orm";

/** Names that more than one package counts under. */
export const counterNames = {
  eventsShed: "events.shed",
  /** Events that are in the log though nobody counted them, less those that were counted and are not in it any more. */
  eventsUncounted: "log.uncounted",
  /** `sum` holds microseconds spent by consumers. */
  factsHandled: "relay.handled",
  factFailures: "relay.failures",
  recommendationsOk: "recommendations.ok",
  recommendationsFailed: "recommendations.failed",
  recommendationsThrottled: "recommendations.throttled",
  /** Not pushed, as the action was reacted to too late. */
  recommendationsLate: "recommendations.late",
  /** Not made, as the shopper has no page open. */
  recommendationsUnread: "recommendations.unread",
} as const;

export interface Count {
  readonly count: number;
  readonly sum: number;
}

/** Adds to a count of this hour. Processes add to the same rows, so a total is over all of them and survives restarts. */
export async function addCount(db: Queryable, clock: Clock, name: string, by = 1, sum = 0): Promise<void> {
  await addCounts(db, [{ name, hour: hourOf(clock.now()), by, sum }]);
}

export interface CountChange {
  readonly name: string;
  readonly hour: Date;
  readonly by: number;
  readonly sum?: number;
}

/** The same for several counts in one statement. Sorted, so that two processes lock the rows in the same order. */
export async function addCounts(db: Queryable, changes: readonly CountChange[]): Promise<void> {
  const merged = new Map<string, { name: string; hour: Date; count: number; sum: number }>();
  for (const { name, hour, by, sum = 0 } of changes) {
    const key = `${name} ${hour.getTime()}`;
    let row = merged.get(key);
    if (!row) merged.set(key, (row = { name, hour, count: 0, sum: 0 }));
    row.count += by;
    row.sum += Math.round(sum);
  }
  if (merged.size === 0) return;
  const rows = [...merged.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  await db
    .insert(counters)
    .values(rows)
    .onConflictDoUpdate({
      target: [counters.name, counters.hour],
      set: { count: sql`${counters.count} + excluded.count`, sum: sql`${counters.sum} + excluded.sum` },
    });
}

/** Totals over all hours, for each name asked for; zero where nothing was counted. */
export async function readCounts(db: Queryable, names: readonly string[]): Promise<Map<string, Count>> {
  const totals = new Map<string, Count>(names.map((name) => [name, { count: 0, sum: 0 }]));
  if (names.length === 0) return totals;
  const rows = await db
    .select({
      name: counters.name,
      count: sql`sum(${counters.count})`.mapWith(Number),
      sum: sql`sum(${counters.sum})`.mapWith(Number),
    })
    .from(counters)
    .where(inArray(counters.name, [...names]))
    .groupBy(counters.name);
  for (const { name, count, sum } of rows) totals.set(name, { count, sum });
  return totals;
}

/** The start of the hour, in UTC. */
export function hourOf(at: Date): Date {
  const hour = new Date(at);
  hour.setUTCMinutes(0, 0, 0);
  return hour;
}
