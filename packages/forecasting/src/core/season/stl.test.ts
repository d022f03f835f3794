import { describe, expect, it } from "vitest";
import { normalNoise } from "../testing/noise.ts";
import { mstl } from "./mstl.ts";
import { stl } from "./stl.ts";

const correlation = (a: Float64Array, b: Float64Array): number => {
  const mean = (x: Float64Array): number => x.reduce((s, v) => s + v, 0) / x.length;
  const [ma, mb] = [mean(a), mean(b)];
  const cross = (x: Float64Array, y: Float64Array, mx: number, my: number): number =>
    x.reduce((s, v, i) => s + (v - mx) * (y[i]! - my), 0);
  return cross(a, b, ma, mb) / Math.sqrt(cross(a, a, ma, ma) * cross(b, b, mb, mb));
};
const season = Float64Array.from(
  { length: 144 },
  (_, t) => 10 * Math.sin((t * Math.PI) / 6) + 4 * Math.cos((t * Math.PI) / 3),
);
const trended = normalNoise(144, 4).map((e, t) => 100 + 0.3 * t + season[t]! + 1.5 * e);

describe("STL", () => {
  it("recovers the season that was put in, and its parts sum to the series", () => {
    for (const options of [
      {},
      { robust: true },
      { seasonalWidth: "periodic" },
      { seasonalWidth: 13 },
    ] as const) {
      const { trend, seasonal, remainder } = stl(trended, 12, options);
      expect(correlation(seasonal, season)).toBeGreaterThan(0.98);
      trended.forEach((value, t) =>
        expect(Math.abs(trend[t]! + seasonal[t]! + remainder[t]! - value)).toBeLessThan(1e-9),
      );
    }
  });

  it("reproduces a line and a fixed season exactly", () => {
    const exact = Float64Array.from({ length: 60 }, (_, t) => 5 + 2 * t + [3, -1, -2, 0][t % 4]!);
    const { seasonal, remainder } = stl(exact, 4);
    seasonal.forEach((value, t) => expect(value).toBeCloseTo([3, -1, -2, 0][t % 4]!, 6));
    remainder.forEach((value) => expect(Math.abs(value)).toBeLessThan(1e-6));
  });

  it("leaves an outlier in the remainder when it is robust", () => {
    const spoilt = trended.slice();
    spoilt[70]! += 80;
    const robust = stl(spoilt, 12, { robust: true });
    const plain = stl(spoilt, 12);
    expect(robust.remainder[70]).toBeGreaterThan(70);
    expect(plain.remainder[70]).toBeLessThan(robust.remainder[70]!);
    expect(correlation(robust.seasonal, season)).toBeGreaterThan(0.98);
  });

  it("is unchanged by a shift and scales with the unit", () => {
    const base = stl(trended, 12);
    const moved = stl(
      trended.map((value) => 4 * value + 16),
      12,
    );
    base.seasonal.forEach((value, t) => expect(moved.seasonal[t]! / 4).toBeCloseTo(value, 9));
  });
});

describe("MSTL", () => {
  it("tells a day from a week in hours", () => {
    const day = Float64Array.from({ length: 24 * 7 * 6 }, (_, t) => 8 * Math.sin((t * Math.PI) / 12));
    const week = day.map((_, t) => 5 * Math.sin((2 * Math.PI * t) / 168));
    const noise = normalNoise(day.length, 9);
    const values = day.map((value, t) => 50 + value + week[t]! + noise[t]!);
    const { trend, seasonals, remainder } = mstl(values, [24, 168]);
    expect(correlation(seasonals[0]!, day)).toBeGreaterThan(0.98);
    expect(correlation(seasonals[1]!, week)).toBeGreaterThan(0.95);
    values.forEach((value, t) =>
      expect(trend[t]! + seasonals[0]![t]! + seasonals[1]![t]! + remainder[t]!).toBeCloseTo(value, 9),
    );
  });
});
