import { latencyBuckets } from "@almanac/db/schema";
import type { Queryable } from "@almanac/db";
import { days, hours, type Clock, type Milliseconds } from "@almanac/kernel";
import { and, gt, inArray, lt, sql } from "drizzle-orm";
import { addToSketch, bucketOf, type LatencySketch } from "../core/latency-sketch.ts";
import { hourOf } from "./counters.ts";
import { readBaseline } from "./stats-baseline.ts";

/** Names that durations are kept under, beside those that other packages add. */
export const latencyNames = { factHandled: "relay.handled" } as const;

/** Durations of this process that were not written yet. */
export interface LatencyBook {
  add(name: string, micros: number): void;
  /** What was added since the last call. */
  take(): ReadonlyMap<string, LatencySketch>;
}

export function createLatencyBook(): LatencyBook {
  let waiting = new Map<string, Map<number, number>>();
  return {
    add(name, micros) {
      const sketch = waiting.get(name) ?? new Map<number, number>();
      waiting.set(name, sketch);
      addToSketch(sketch, bucketOf(micros), 1);
    },
    take() {
      const taken = waiting;
      waiting = new Map();
      return taken;
    },
  };
}

/** Adds durations to this hour's. Sorted, so that two processes lock the rows in the same order. */
export async function addLatencies(
  db: Queryable,
  clock: Clock,
  sketches: ReadonlyMap<string, LatencySketch>,
): Promise<void> {
  const hour = hourOf(clock.now());
  const values = [...sketches]
    .flatMap(([name, sketch]) => [...sketch].map(([bucket, count]) => ({ name, hour, bucket, count })))
    .toSorted((a, b) => (a.name === b.name ? a.bucket - b.bucket : a.name < b.name ? -1 : 1));
  if (values.length === 0) return;
  await db
    .insert(latencyBuckets)
    .values(values)
    .onConflictDoUpdate({
      target: [latencyBuckets.name, latencyBuckets.hour, latencyBuckets.bucket],
      set: { count: sql`${latencyBuckets.count} + excluded.count` },
    });
}

/** Percentiles are those of so long, in whole hours: what is slow now is not hidden by a fast year. */
export const latencyWindowMs: Milliseconds = hours(24);

/**
 * The durations of the last 24 hours by the platform's clock, all processes together, since the figures were last reset.
 *
 * @returns a sketch for each name asked for; empty where nothing was timed
 */
export async function readLatencies(
  db: Queryable,
  clock: Clock,
  names: readonly string[],
): Promise<ReadonlyMap<string, LatencySketch>> {
  const sketches = new Map(names.map((name) => [name, new Map<number, number>()]));
  if (names.length === 0) return sketches;
  const baseline = await readBaseline(db);
  const windowStart = new Date(clock.now().getTime() - latencyWindowMs);
  const found = await db
    .select()
    .from(latencyBuckets)
    .where(and(inArray(latencyBuckets.name, [...names]), gt(latencyBuckets.hour, windowStart)));
  for (const { name, hour, bucket, count } of found) {
    const sketch = sketches.get(name);
    if (sketch) addToSketch(sketch, bucket, count - baseline.latencyBefore(name, hour, bucket, count));
  }
  return sketches;
}

/** Removes histograms that no figure reads any more. Index: latency_buckets by hour. */
export async function removeOldLatencies(db: Queryable, clock: Clock): Promise<void> {
  const before = new Date(clock.now().getTime() - days(8));
  await db.delete(latencyBuckets).where(lt(latencyBuckets.hour, before));
}
