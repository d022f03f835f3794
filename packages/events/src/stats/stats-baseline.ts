import { counters, latencyBuckets, settings } from "@almanac/db/schema";
import type { Queryable } from "@almanac/db";
import { eq, like, or, sql } from "drizzle-orm";
import { z } from "zod";
import { hourOf, readCounts, type Count } from "./counters.ts";

/** `events`: what shoppers did and how long it took to handle; `all`: what was recommended as well. */
export type StatsResetType = "events" | "all";

const baselineShape = z.object({
  /** When events were last set to zero. */
  eventsAt: z.string().nullable(),
  counts: z.record(z.string(), z.object({ count: z.number(), sum: z.number() })),
  /** By name: when it was set to zero, and the histogram that this hour already had. */
  latencies: z.record(z.string(), z.object({ at: z.string(), buckets: z.record(z.string(), z.number()) })),
});

type StoredBaseline = z.infer<typeof baselineShape>;

const key = "stats.baseline";
const nothing: StoredBaseline = { eventsAt: null, counts: {}, latencies: {} };

/** What is taken off the figures since an operator set them to zero. The log and the counters themselves stay whole. */
export interface StatsBaseline {
  readonly eventsAt: Date | undefined;
  countBefore(name: string): Count;
  /** How many of a bucket's `count` in that hour are from before the reset. */
  latencyBefore(name: string, hour: Date, bucket: number, count: number): number;
}

export async function readBaseline(db: Queryable): Promise<StatsBaseline> {
  const { eventsAt, counts, latencies } = await readStored(db);
  return {
    eventsAt: eventsAt === null ? undefined : new Date(eventsAt),
    countBefore: (name) => counts[name] ?? { count: 0, sum: 0 },
    latencyBefore(name, hour, bucket, count) {
      const reset = latencies[name];
      if (!reset) return 0;
      const resetHour = hourOf(new Date(reset.at)).getTime();
      if (hour.getTime() < resetHour) return count;
      return hour.getTime() === resetHour ? Math.min(count, reset.buckets[String(bucket)] ?? 0) : 0;
    },
  };
}

/** Totals since the last reset, for each name asked for. */
export async function readFigures(db: Queryable, names: readonly string[]): Promise<Map<string, Count>> {
  const [totals, baseline] = [await readCounts(db, names), await readBaseline(db)];
  return new Map(
    [...totals].map(([name, { count, sum }]) => {
      const before = baseline.countBefore(name);
      return [name, { count: Math.max(0, count - before.count), sum: Math.max(0, sum - before.sum) }];
    }),
  );
}

/**
 * Lets the figures begin at zero now: remembers where each counter stands.
 *
 * @param waiting events by counter name that are in the log but not handled yet, which the totals count too
 */
export async function setBaseline(
  tx: Queryable,
  { type, now, waiting }: { type: StatsResetType; now: Date; waiting: ReadonlyMap<string, number> },
): Promise<void> {
  const stored = await readStored(tx);
  const counts: StoredBaseline["counts"] = { ...stored.counts };
  for (const { name, count, sum } of await countersOf(tx, type)) counts[name] = { count, sum };
  for (const [name, n] of waiting) {
    const known = counts[name] ?? { count: 0, sum: 0 };
    counts[name] = { ...known, count: known.count + n };
  }
  const at = now.toISOString();
  const latencies: StoredBaseline["latencies"] = { ...stored.latencies };
  for (const { name, hour, bucket, count } of await latenciesOf(tx, type)) {
    const known = latencies[name]?.at === at ? latencies[name].buckets : {};
    const isThisHour = hour.getTime() === hourOf(now).getTime();
    latencies[name] = { at, buckets: isThisHour ? { ...known, [bucket]: count } : known };
  }
  const value: StoredBaseline = { eventsAt: at, counts, latencies };
  await tx
    .insert(settings)
    .values({ key, value, updatedAt: now })
    .onConflictDoUpdate({ target: settings.key, set: { value, updatedAt: now } });
}

/** Shows everything again that was ever counted. */
export async function removeBaseline(tx: Queryable): Promise<void> {
  await tx.delete(settings).where(eq(settings.key, key));
}

const prefixes: Record<StatsResetType, readonly string[]> = {
  events: ["events.%", "relay.%"],
  all: ["events.%", "relay.%", "recommendations.%"],
};

function countersOf(db: Queryable, type: StatsResetType) {
  return db
    .select({
      name: counters.name,
      count: sql`sum(${counters.count})`.mapWith(Number),
      sum: sql`sum(${counters.sum})`.mapWith(Number),
    })
    .from(counters)
    .where(or(...prefixes[type].map((prefix) => like(counters.name, prefix))))
    .groupBy(counters.name);
}

function latenciesOf(db: Queryable, type: StatsResetType) {
  return db
    .select()
    .from(latencyBuckets)
    .where(or(...prefixes[type].map((prefix) => like(latencyBuckets.name, prefix))));
}

async function readStored(db: Queryable): Promise<StoredBaseline> {
  const [row] = await db.select({ value: settings.value }).from(settings).where(eq(settings.key, key));
  return row ? baselineShape.parse(row.value) : nothing;
}
