import { seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { addToSketch, bucketOf, microsOf, quantilesOf } from "./latency-sketch.ts";

function sketchOf(micros: readonly number[]): Map<number, number> {
  const sketch = new Map<number, number>();
  for (const value of micros) addToSketch(sketch, bucketOf(value), 1);
  return sketch;
}

/** The smallest of `sorted` that at least `share` do not exceed. */
const nearestRank = (sorted: readonly number[], share: number): number =>
  sorted[Math.ceil(share * sorted.length) - 1]!;

describe("the latency histogram", () => {
  it.each([2, 10, 999, 12_345, 5_000_000, 99_999_999])("represents %d µs within 2.5 %%", (micros) => {
    expect(Math.abs(microsOf(bucketOf(micros)) - micros) / micros).toBeLessThanOrEqual(0.025);
  });

  it("keeps what is too short or too long at its ends", () => {
    for (const micros of [0, -5, Number.NaN, 0.4]) expect(bucketOf(micros)).toBe(0);
    expect(bucketOf(1e12)).toBe(bucketOf(100_000_000));
    expect(bucketOf(1e12)).toBeLessThan(380);
  });

  it("gives percentiles within 2.5 % of the exact ones, in milliseconds", () => {
    const rng = seededRng(7);
    const durations = Array.from({ length: 5_000 }, () => Math.exp(4 + 6 * rng.next()));
    const sorted = durations.toSorted((a, b) => a - b);
    const { p50, p95, p99, count } = quantilesOf(sketchOf(durations));
    expect(count).toBe(5_000);
    for (const [given, share] of [
      [p50, 0.5],
      [p95, 0.95],
      [p99, 0.99],
    ] as const) {
      const exact = nearestRank(sorted, share) / 1_000;
      expect(Math.abs(given! - exact) / exact).toBeLessThanOrEqual(0.025);
    }
  });

  it("says the same of two halves that were merged as of the whole", () => {
    const rng = seededRng(11);
    const durations = Array.from({ length: 1_000 }, () => 1 + rng.next() * 1e6);
    const merged = sketchOf(durations.slice(0, 300));
    for (const [bucket, count] of sketchOf(durations.slice(300))) addToSketch(merged, bucket, count);
    expect(quantilesOf(merged)).toEqual(quantilesOf(sketchOf(durations)));
  });

  it("says nothing before the first duration", () => {
    expect(quantilesOf(new Map())).toEqual({ count: 0, p50: null, p95: null, p99: null });
  });
});
