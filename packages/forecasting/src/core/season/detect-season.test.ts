import { describe, expect, it } from "vitest";
import { normalNoise } from "../testing/noise.ts";
import { detectSeason, significantPeriods } from "./detect-season.ts";

const wave = (n: number, season: number, seed: number, size = 2): Float64Array =>
  normalNoise(n, seed).map((e, t) => 50 + e + size * Math.sin((2 * Math.PI * t) / season));

describe("finding the length of a season", () => {
  it.each([4, 7, 12, 24, 52])("finds %i periods", (season) => {
    for (const seed of [1, 2, 3]) expect(detectSeason(wave(season * 20, season, seed, 3))).toBe(season);
  });

  it("finds lengths that no calendar has", () => {
    expect(detectSeason(wave(400, 17, 4, 3))).toBe(17);
  });

  it.each([2, 3, 6])("finds %i periods, not those of the calendar that are a multiple", (season) => {
    const pattern = normalNoise(season, 9);
    const noise = normalNoise(30 * season, 10);
    expect(detectSeason(noise.map((e, t) => 8 * pattern[t % season]! + e))).toBe(season);
  });

  it.each([1e-300, 1e-12, 1e15, 1e200, 1e306])("finds the same in a unit of %d", (unit) => {
    expect(detectSeason(wave(240, 12, 1, 6).map((value) => unit * value))).toBe(12);
  });

  it("reads a hundred thousand values", () => {
    expect(detectSeason(wave(100_000, 7, 1, 5))).toBe(7);
  });

  it("says 1 for noise, wandering and remembering series in 19 of 20 cases", () => {
    let found = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const noise = normalNoise(200, seed);
      let level = 0;
      const walk = noise.map((e) => (level += e));
      let memory = 0;
      const remembering = noise.map((e) => (memory = 0.7 * memory + e));
      const swinging = noise.map((e, t) => e - 0.5 * (noise[t - 1] ?? 0));
      for (const series of [noise, walk, remembering, swinging]) if (detectSeason(series) > 1) found++;
    }
    expect(found).toBeLessThanOrEqual(12);
  });

  it("finds the week of what is sold on one day in five only", () => {
    let found = 0;
    for (let seed = 1; seed <= 20; seed++) {
      const draw = normalNoise(400, seed);
      // Weekends sell nearly every other time, other days one time in ten.
      const sold = draw.map((e, t) => (e > (t % 7 > 4 ? 0.1 : 1.28) ? 1 : 0));
      if (detectSeason(sold) === 7) found++;
    }
    expect(found).toBeGreaterThanOrEqual(15);
  });

  it("prefers the day to the week in hours", () => {
    const hours = normalNoise(24 * 7 * 5, 3).map(
      (e, t) => 100 + 8 * Math.sin((t * Math.PI) / 12) + (Math.floor(t / 24) % 7 > 4 ? -3 : 0) + e,
    );
    expect(detectSeason(hours)).toBe(24);
  });

  it("looks through gaps, a trend and an outlier", () => {
    const series = wave(140, 7, 5, 4).map((value, t) => value + t);
    series[50] = NaN;
    series[51] = NaN;
    series[90]! += 400;
    expect(detectSeason(series)).toBe(7);
  });

  it.each([
    ["nothing", []],
    ["one value", [1]],
    ["a constant", Array.from({ length: 60 }, () => 3)],
    ["gaps", Array.from({ length: 60 }, () => NaN)],
    ["two cycles", [1, 2, 3, 4, 5, 6, 7, 1, 2, 3, 4, 5, 6, 7]],
  ])("says 1 for %s", (_, values) => {
    expect(detectSeason(values)).toBe(1);
  });
});

describe("Fisher's test", () => {
  it("finds two planted periods first, and none in noise at 1 %", () => {
    const both = normalNoise(1460, 2).map(
      (e, t) => e + 2 * Math.sin((2 * Math.PI * t) / 7) + 3 * Math.sin((2 * Math.PI * t) / 365),
    );
    const [first, second] = significantPeriods(both);
    expect(first).toBe(365);
    expect(Math.round(second!)).toBe(7);
    const alarms = Array.from(
      { length: 100 },
      (_, seed) => significantPeriods(normalNoise(128, seed + 1)).length,
    );
    expect(alarms.filter((count) => count > 0).length).toBeLessThanOrEqual(4);
  });
});
