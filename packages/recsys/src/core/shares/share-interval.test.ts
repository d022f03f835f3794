import { describe, expect, it } from "vitest";
import { shareInterval } from "./share-interval.ts";

describe("a share with its interval", () => {
  it("is Wilson's: 10 of 100 lies between .0552 and .1744", () => {
    const { share, lower, upper } = shareInterval(10, 100);
    expect(share).toBe(0.1);
    // Worked by hand from the formula, four decimals.
    expect(lower).toBeCloseTo(0.0552, 4);
    expect(upper).toBeCloseTo(0.1744, 4);
  });

  it("stays within 0 and 1 at both ends, and says nothing without trials", () => {
    expect(shareInterval(0, 30).lower).toBe(0);
    expect(shareInterval(0, 30).upper).toBeGreaterThan(0.1);
    expect(shareInterval(30, 30).upper).toBe(1);
    expect(shareInterval(0, 0)).toEqual({ share: 0, lower: 0, upper: 1 });
  });

  it("gets narrower with more trials", () => {
    const width = (trials: number): number => {
      const { lower, upper } = shareInterval(trials / 10, trials);
      return upper - lower;
    };
    expect(width(1_000)).toBeLessThan(width(100) / 3);
  });
});
