import { describe, expect, it } from "vitest";
import { stabilityIndex } from "./drift.ts";

describe("the population stability index", () => {
  it("is 0 for the same shares, however many rows", () => {
    expect(stabilityIndex([10, 10], [10, 10])).toBe(0);
    expect(stabilityIndex([1_000, 3_000], [100_000, 300_000])).toBeLessThan(1e-6);
  });

  it("is worked by hand for a shift, the same in both directions", () => {
    // Shares .75 and .25 against .25 and .75, after half a row more: 2 * .5 * ln 3.
    expect(stabilityIndex([2.5, 0.5], [0.5, 2.5])).toBeCloseTo(Math.log(3), 12);
    expect(stabilityIndex([900, 100], [500, 500])).toBeCloseTo(stabilityIndex([500, 500], [900, 100]), 12);
  });

  it("stays finite where a bin has emptied", () => {
    expect(stabilityIndex([100, 100], [200, 0])).toBeGreaterThan(0.25);
    expect(stabilityIndex([100, 100], [200, 0])).toBeLessThan(10);
  });

  it.each([
    [[1], [1, 2]],
    [[], []],
    [[-1], [1]],
  ])("refuses %j against %j", (before, after) => {
    expect(() => stabilityIndex(before, after)).toThrow();
  });
});
