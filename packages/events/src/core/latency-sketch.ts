/**
 * A histogram of durations with buckets that grow by 5 %: bucket i holds (1.05^(i-1), 1.05^i] microseconds. Two sketches
 * merge by adding their counts, whatever process or hour they come from, and every quantile is off by at most 2.5 % of
 * itself. Masson, Rim, Lee (2019), "DDSketch: a fast and fully-mergeable quantile sketch with relative-error guarantees",
 * PVLDB 12(12), with the range fixed to 1 microsecond .. 100 seconds, so that a sketch has at most 379 buckets.
 */
export type LatencySketch = ReadonlyMap<number, number>;

const growth = 1.05;
const logGrowth = Math.log(growth);
const lastBucket = Math.ceil(Math.log(100_000_000) / logGrowth);

/** The bucket of a duration in microseconds; shorter than one counts as one, longer than 100 seconds as 100 seconds. */
export function bucketOf(micros: number): number {
  if (!(micros > 1)) return 0;
  return Math.min(lastBucket, Math.ceil(Math.log(micros) / logGrowth));
}

/** What a bucket stands for, in microseconds: the value whose distance to both ends is the same share of them. */
export function microsOf(bucket: number): number {
  return bucket === 0 ? 1 : (2 * growth ** bucket) / (growth + 1);
}

/** Adds `by` (may be negative, to take an earlier state away) to a bucket; buckets that reach zero are gone. */
export function addToSketch(sketch: Map<number, number>, bucket: number, by: number): void {
  const count = (sketch.get(bucket) ?? 0) + by;
  if (count > 0) sketch.set(bucket, count);
  else sketch.delete(bucket);
}

export interface LatencyQuantiles {
  readonly count: number;
  /** Milliseconds; `null` before the first duration. */
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

/** Median, 95th and 99th percentile by nearest rank: the smallest duration that at least that share do not exceed. */
export function quantilesOf(sketch: LatencySketch): LatencyQuantiles {
  const buckets = [...sketch].toSorted(([a], [b]) => a - b);
  const count = buckets.reduce((sum, [, n]) => sum + n, 0);
  const at = (share: number): number | null => {
    let seen = 0;
    for (const [bucket, n] of buckets) {
      seen += n;
      if (seen >= share * count) return microsOf(bucket) / 1_000;
    }
    return null;
  };
  return { count, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
