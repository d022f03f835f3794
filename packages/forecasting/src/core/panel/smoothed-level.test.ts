import { describe, expect, it } from "vitest";
import { normalNoise } from "../testing/noise.ts";
import { smoothedLevel, steadyLevel } from "./smoothed-level.ts";

const seen = (values: Float64Array): Uint8Array => new Uint8Array(values.length).fill(1);
const quiet = (): Float64Array => normalNoise(60, 5).map((value) => 3 + 0.1 * value);

describe("the level that is left", () => {
  it("is the value itself where all are the same, and of a single one", () => {
    for (const level of [smoothedLevel, steadyLevel]) {
      expect(level(Float64Array.of(2, 2, 2, 2), seen(new Float64Array(4)), 0.3)).toBeCloseTo(2, 12);
      expect(level(Float64Array.of(7), Uint8Array.of(1), 0.3)).toBe(7);
    }
  });

  it("stays steady through one odd week, which moves a plain one", () => {
    const odd = quiet();
    odd[59] = 6;
    expect(smoothedLevel(odd, seen(odd), 0.2)).toBeGreaterThan(3.5);
    expect(steadyLevel(odd, seen(odd), 0.2)).toBeCloseTo(3, 0.9);
    odd[59] = 3;
    odd[0] = 9;
    expect(steadyLevel(odd, seen(odd), 0.02)).toBeLessThan(3.1);
    expect(smoothedLevel(odd, seen(odd), 0.02)).toBeGreaterThan(4);
  });

  it("follows a level that changed for good", () => {
    const stepped = quiet().map((value, t) => (t < 30 ? value : value + 0.5));
    expect(steadyLevel(stepped, seen(stepped), 0.2)).toBeCloseTo(3.5, 0.9);
  });

  it("does not look at filled gaps", () => {
    const values = Float64Array.of(1, 1, 1, 1, 50, 50);
    const observed = Uint8Array.of(1, 1, 1, 1, 0, 0);
    for (const level of [smoothedLevel, steadyLevel]) expect(level(values, observed, 0.5)).toBeCloseTo(1, 12);
  });
});
