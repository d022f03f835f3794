import { describe, expect, it } from "vitest";
import { fft } from "../season/fft.ts";
import { spectralPeaks } from "../season/spectral-peaks.ts";
import { splitSeasons, yearOnYear } from "../demand/seasons.ts";
import { normalNoise } from "../testing/noise.ts";
import { salesPatterns, type DatedSales } from "./patterns.ts";
import { analyseTrends } from "./trends-together.ts";

const dayOf = (at: number, from = "2024-01-01"): string =>
  new Date(Date.parse(`${from}T00:00:00Z`) + at * 86_400_000).toISOString().slice(0, 10);

describe("trends of many series together", () => {
  const flat = (seed: number): number[] => [...normalNoise(60, seed)].map((e) => 100 + 10 * e);
  const rising = (seed: number): number[] => flat(seed).map((value, t) => value + 1.2 * t);

  it("call noise stable in 95 of 100 seeds and more", () => {
    const found = analyseTrends(Array.from({ length: 100 }, (_, seed) => flat(seed + 1)));
    expect(found.filter(({ type }) => type === "stable").length).toBeGreaterThanOrEqual(95);
  });

  it("find the few that rise among many that do not, and hardly one that does not", () => {
    const series = [
      ...Array.from({ length: 20 }, (_, at) => rising(at + 500)),
      ...Array.from({ length: 380 }, (_, at) => flat(at + 1)),
    ];
    const found = analyseTrends(series).map(({ type }) => type);
    expect(found.slice(0, 20).filter((type) => type === "rising").length).toBeGreaterThanOrEqual(19);
    expect(found.slice(20).filter((type) => type !== "stable").length).toBeLessThanOrEqual(3);
  });

  it("say nothing of what hardly sells, nor of nothing", () => {
    expect(analyseTrends([rising(1).map((value) => value / 1_000)], { leastVolume: 50 })).toMatchObject([
      { type: "stable", confidence: 0 },
    ]);
    expect(analyseTrends([])).toEqual([]);
    expect(analyseTrends([[], [NaN, NaN]])).toMatchObject([{ type: "stable" }, { type: "stable" }]);
  });
});

describe("patterns of sales", () => {
  const daily = (lift: number, seed = 8): DatedSales[] =>
    Array.from({ length: 730 }, (_, t) => {
      const day = dayOf(t);
      const pays = [1, 15].includes(Number(day.slice(8)));
      const level = [50, 50, 60, 60, 90, 140, 100][t % 7]! * (pays ? 1 + lift : 1);
      return { day, sold: level * Math.exp(0.1 * normalNoise(730, seed)[t]!) };
    });

  it("are a quarter more on the 1st and 15th, give or take seven points, and more at weekends", () => {
    const found = salesPatterns(daily(0.25));
    const pay = found.find(({ kind }) => kind === "pay-day")!;
    expect(Math.abs(pay.effect - 0.25)).toBeLessThan(0.07);
    expect(found.map(({ kind }) => kind)).toEqual(["weekend", "pay-day"]);
  });

  it("are found on market days alone, a week apart, and none is where none was planted", () => {
    const noise = normalNoise(156, 21);
    const weekly = (lift: number): DatedSales[] =>
      Array.from({ length: 156 }, (_, week) => {
        const day = dayOf(7 * week, "2023-01-07");
        return { day, sold: 80 * (Number(day.slice(8)) <= 10 ? 1 + lift : 1) * Math.exp(0.1 * noise[week]!) };
      });
    const benefits = salesPatterns(weekly(0.3)).find(({ kind }) => kind === "benefit-days")!;
    expect(Math.abs(benefits.effect - 0.3)).toBeLessThan(0.1);
    expect(salesPatterns(weekly(0))).toEqual([]);
    expect(salesPatterns([])).toEqual([]);
  });

  it("are the quarters of a year that differ, by the hemisphere", () => {
    const seasonal = Array.from({ length: 1_096 }, (_, t) => ({
      day: dayOf(t, "2022-01-01"),
      sold: [5, 6, 7].includes(new Date(Date.parse(dayOf(t, "2022-01-01"))).getUTCMonth())
        ? 30 + (t % 3)
        : 10 + (t % 3),
    }));
    const strongest = (hemisphere: "north" | "south") => salesPatterns(seasonal, { hemisphere })[0]!.kind;
    expect(strongest("north")).toBe("summer");
    expect(strongest("south")).toBe("winter");
  });
});

describe("the spectrum of a series", () => {
  it("has a planted week and year as its two highest peaks", () => {
    const noise = normalNoise(1_461, 4);
    const series = Array.from(
      noise,
      (e, t) =>
        50 + 0.01 * t + 10 * Math.sin((2 * Math.PI * t) / 365) + 6 * Math.sin((2 * Math.PI * t) / 7) + 4 * e,
    );
    const [year, week] = spectralPeaks(series);
    expect(Math.abs(year!.period - 365)).toBeLessThan(4);
    expect(Math.abs(week!.period - 7)).toBeLessThan(0.01);
    expect(Math.abs(year!.amplitude - 10)).toBeLessThan(0.5);
    expect(spectralPeaks(series)).toHaveLength(2);
  });

  it("has none in white noise at one in a hundred, whatever its length", () => {
    for (const length of [60, 300]) {
      const alarms = Array.from({ length: 1_000 }, (_, seed) =>
        spectralPeaks(normalNoise(length, seed + 1), { most: 1 }),
      ).filter((peaks) => peaks.length > 0);
      expect(alarms.length).toBeLessThanOrEqual(16);
    }
  });

  it("knows what belongs to the shape of a week, and has nothing for too little or none", () => {
    const shape = [1, 1, 1, 1, 2, 9, 4];
    const peaks = spectralPeaks(Array.from({ length: 364 }, (_, t) => shape[t % 7]!));
    expect(Math.abs(peaks[0]!.period - 7)).toBeLessThan(0.05);
    expect(peaks.slice(1, 3).every(({ harmonicOf }) => harmonicOf !== undefined)).toBe(true);
    expect(spectralPeaks([1, 2, 3])).toEqual([]);
    expect(spectralPeaks(new Float64Array(100))).toEqual([]);
    expect(spectralPeaks(Array.from({ length: 100 }, (_, t) => 3 * t))).toEqual([]);
  });

  it("is that of the definition", () => {
    const values = normalNoise(16, 3);
    const real = values.slice();
    const imaginary = new Float64Array(16);
    fft(real, imaginary);
    for (let k = 0; k < 16; k++) {
      const sum = values.reduce((total, value, t) => total + value * Math.cos((2 * Math.PI * k * t) / 16), 0);
      expect(real[k]).toBeCloseTo(sum, 9);
    }
  });
});

describe("a season beside the one before", () => {
  const season = (first: string, level: number, weeks: number): DatedSales[] =>
    Array.from({ length: weeks }, (_, week) => ({
      day: dayOf(7 * week, first),
      sold: level * (1 + Math.sin((Math.PI * week) / 14)),
    }));
  const rest = (from: string, weeks: number): DatedSales[] =>
    Array.from({ length: weeks }, (_, week) => ({ day: dayOf(7 * week, from), sold: 0 }));

  it("is compared by weeks since its first harvest: two weeks late and a fifth more is a fifth more", () => {
    const sales = [
      ...season("2024-06-01", 100, 14),
      ...rest("2024-09-07", 38),
      ...season("2025-06-14", 120, 6),
    ];
    const seasons = splitSeasons(sales);
    expect(seasons.map(({ firstDay, weeks }) => [firstDay, weeks.length])).toEqual([
      ["2024-06-01", 14],
      ["2025-06-14", 6],
    ]);
    const found = yearOnYear(seasons)!;
    expect(found.change).toBeCloseTo(0.2, 6);
    expect(found).toMatchObject({ weeks: 6, laterDays: 13 });
  });

  it("is not, with one season or too few weeks", () => {
    expect(yearOnYear(splitSeasons(season("2024-06-01", 100, 14)))).toBeUndefined();
    expect(
      yearOnYear(splitSeasons([...season("2024-06-01", 100, 14), ...season("2025-06-14", 120, 2)])),
    ).toBeUndefined();
    expect(splitSeasons([])).toEqual([]);
  });
});
