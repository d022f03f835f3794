import { describe, expect, it } from "vitest";
import { prepare } from "../prepare.ts";
import { chanceBelow, countQuantile, countShape } from "./counts.ts";

describe("rare demand in pieces", () => {
  it("has the quantiles of the negative-binomial distribution of mean 6 and size 3", () => {
    // Variance mu + mu^2 / size = 18, dispersion 3. The distribution function, from gamma functions: F(5) = .532, F(9) = .819, F(14) = .956.
    const shape = { unit: 1, dispersion: 3 };
    expect([0.5, 0.8, 0.95].map((share) => countQuantile(shape, 6, share))).toEqual([5, 9, 14]);
    expect(chanceBelow(shape, 6, 6)).toBeCloseTo(0.53178, 4);
    expect(chanceBelow(shape, 6, 0)).toBe(0);
  });

  it("comes in whole pieces where the history does, whatever its scale", () => {
    const { unit } = countShape(prepare({ values: [0, 0, 3, 0, 1, 0, 0, 2, 0, 0] })!);
    expect(unit).toBeCloseTo(1 / 3, 12);
  });

  it("comes in fiftieths of a usual demand where it is weighed, or large", () => {
    expect(countShape(prepare({ values: [0, 0.5, 0, 0, 1.5, 0] })!).unit).toBeCloseTo(1 / 1.5 / 50, 12);
    expect(countShape(prepare({ values: [0, 9000, 0, 0, 11_000, 0] })!).unit).toBeCloseTo(200 / 11_000, 12);
  });

  it("is lumpier where sizes differ", () => {
    const even = countShape(prepare({ values: [0, 1, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0] })!);
    const bulky = countShape(prepare({ values: [0, 0, 0, 12, 0, 0, 0, 0, 0, 1, 0, 0] })!);
    expect(bulky.dispersion).toBeGreaterThan(2 * even.dispersion);
  });

  it("never fails to answer: no demand, no mean, no end", () => {
    const shape = countShape(prepare({ values: [0, 0, 0] })!);
    expect(countQuantile(shape, 0, 0.95)).toBe(0);
    expect(Number.isFinite(countQuantile(shape, 1e9, 0.95))).toBe(true);
  });
});
