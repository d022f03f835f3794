import { describe, expect, it } from "vitest";
import { normalNoise } from "../testing/noise.ts";
import { laggedProducts, powerOf } from "./fft.ts";

describe("fast transforms", () => {
  it.each([1, 2, 3, 7, 64, 101, 360])(
    "tell the power of %i values as the sums that they stand for do",
    (n) => {
      const values = normalNoise(n, 5);
      const power = powerOf(values);
      expect(power).toHaveLength(Math.floor(n / 2) + 1);
      power.forEach((value, k) => {
        let cos = 0;
        let sin = 0;
        values.forEach((one, t) => {
          cos += one * Math.cos((2 * Math.PI * k * t) / n);
          sin += one * Math.sin((2 * Math.PI * k * t) / n);
        });
        expect(value).toBeCloseTo(cos * cos + sin * sin, 8);
      });
    },
  );

  it("tell sums of products of values apart as adding them up does", () => {
    const values = normalNoise(150, 6);
    laggedProducts(values, 149).forEach((value, lag) => {
      let sum = 0;
      for (let t = lag; t < values.length; t++) sum += values[t]! * values[t - lag]!;
      expect(value).toBeCloseTo(sum, 8);
    });
  });
});
