import { describe, expect, it } from "vitest";
import { areaUnderCurve, brierScore, calibrationBins, calibrationError, logLoss } from "./binary.ts";

describe("metrics of probabilities", () => {
  it("count the pairs that are ranked right, ties half", () => {
    // Pairs (positive, negative): .8>.3, .8>.5, .5=.5, .5>.3 -> 3.5 of 4.
    expect(areaUnderCurve([0.8, 0.5, 0.5, 0.3], [1, 1, 0, 0])).toBe(0.875);
    expect(areaUnderCurve([1, 2, 3], [0, 0, 1])).toBe(1);
    expect(areaUnderCurve([1, 2], [1, 1])).toBeNaN();
  });

  it("charge the logarithm of what happened, and a finite price for being sure and wrong", () => {
    expect(logLoss([0.25, 0.5], [1, 0])).toBeCloseTo((Math.log(4) + Math.log(2)) / 2, 12);
    expect(logLoss([0], [1])).toBeCloseTo(-Math.log(1e-15), 9);
    expect(brierScore([0.25, 0.5], [1, 0])).toBeCloseTo((0.5625 + 0.25) / 2, 12);
  });

  it("compare what was told with what came, bin by bin", () => {
    const told = [0.05, 0.05, 0.95, 0.95];
    expect(calibrationBins(told, [0, 1, 1, 1])).toEqual([
      { rows: 2, told: 0.05, came: 0.5 },
      { rows: 2, told: 0.95, came: 1 },
    ]);
    expect(calibrationError(told, [0, 1, 1, 1])).toBeCloseTo(0.5 * 0.45 + 0.5 * 0.05, 12);
    expect(calibrationBins([1], [1])).toEqual([{ rows: 1, told: 1, came: 1 }]);
  });
});
