import { describe, expect, it } from "vitest";
import { categoriesOfSeason, isCategoryInSeason, seasonOfDay } from "./season-categories.ts";
import { seasonPhase, seasonStrip, seasonWords } from "./season-phase.ts";
import { summarizeSeason } from "./season-summary.ts";
import { dayIndex, monthDayAt, otherHemisphere, seasonalScore } from "./season.ts";
import type { ProductSeason } from "./season.ts";

const north = 41;
const south = -38;

const tomato: ProductSeason = {
  windows: [{ firstDay: "06-12", peakStart: "07-01", peakEnd: "09-30", lastDay: "10-20" }],
  category: "Vegetables",
};
const citrus: ProductSeason = {
  windows: [{ firstDay: "11-01", peakStart: "12-15", peakEnd: "02-15", lastDay: "03-31" }],
};

describe("seasonal score by harvest window", () => {
  it.each([
    ["2026-08-15", north, 1],
    ["2026-01-15", north, 0],
    ["2026-02-15", south, 1],
    ["2026-08-15", south, 0],
    ["2026-06-11", north, 0],
    ["2026-07-01", north, 1],
    ["2026-09-30", north, 1],
    ["2026-10-21", north, 0],
  ])("gives a tomato on %s at latitude %d the score %d", (day, latitude, score) => {
    expect(seasonalScore(tomato, day, latitude)).toBe(score);
  });

  it("climbs in equal steps to the peak and descends in equal steps to the last day", () => {
    const climb = ["2026-06-12", "2026-06-13", "2026-06-14"].map((day) => seasonalScore(tomato, day, north));
    expect(climb[1]! - climb[0]!).toBeCloseTo(climb[2]! - climb[1]!, 12);
    expect(climb[0]).toBeCloseTo(1 / 20, 12);
    expect(seasonalScore(tomato, "2026-10-20", north)).toBeCloseTo(1 / 21, 12);
  });

  it("crosses New Year", () => {
    expect(seasonalScore(citrus, "2026-12-31", north)).toBe(1);
    expect(seasonalScore(citrus, "2027-01-01", north)).toBe(1);
    expect(seasonalScore(citrus, "2026-07-01", north)).toBe(0);
  });

  it("takes the better of two windows", () => {
    const twice: ProductSeason = { windows: [...tomato.windows, ...citrus.windows] };
    expect(seasonalScore(twice, "2026-08-01", north)).toBe(1);
    expect(seasonalScore(twice, "2026-01-10", north)).toBe(1);
  });

  it("reads windows written in the south as they stand when the market is in the south", () => {
    expect(seasonalScore({ ...citrus, windowsHemisphere: "south" }, "2026-01-15", south)).toBe(1);
  });

  it("keeps greenhouse and stored produce above zero off season, and year-round produce neutral", () => {
    expect(seasonalScore({ ...tomato, supply: "greenhouse" }, "2026-01-15", north)).toBe(0.3);
    expect(seasonalScore({ ...tomato, supply: "stored" }, "2026-08-15", north)).toBe(1);
    expect(seasonalScore({ ...tomato, supply: "year-round" }, "2026-01-15", north)).toBe(0.5);
  });

  it("stays between 0 and 1 and is the same half a year later on the other half of the earth", () => {
    for (let index = 0; index < 365; index++) {
      const score = seasonalScore(tomato, `2026-${monthDayAt(index)}`, north);
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(1);
    }
    expect(otherHemisphere(tomato.windows[0]!)).toEqual({
      firstDay: "12-12",
      peakStart: "01-01",
      peakEnd: "03-30",
      lastDay: "04-20",
    });
  });

  it("counts 29 February as 28 February and refuses a day that does not exist", () => {
    expect(dayIndex("2028-02-29")).toBe(dayIndex("02-28"));
    expect(() => dayIndex("02-30")).toThrow("not a month and day");
    expect(() => dayIndex("13-01")).toThrow("not a month and day");
  });

  it("refuses a window whose days are out of order", () => {
    const odd = { windows: [{ firstDay: "06-01", peakStart: "09-01", peakEnd: "07-01", lastDay: "10-01" }] };
    expect(() => seasonalScore(odd, "2026-08-01", north)).toThrow("a harvest window runs");
  });
});

describe("the four-category map", () => {
  it("decides when a product has no window", () => {
    expect(seasonalScore({ windows: [], category: "Citrus" }, "2026-01-15", north)).toBe(1);
    expect(seasonalScore({ windows: [], category: "Citrus" }, "2026-01-15", south)).toBe(0);
    expect(seasonalScore({ windows: [], category: "Dairy" }, "2026-01-15", north)).toBe(0.5);
    expect(seasonalScore({ windows: [] }, "2026-01-15", north)).toBe(0.5);
  });

  it("is winter on 15 January at 41 N and summer at 38 S, and spring from 1 March", () => {
    expect(seasonOfDay("2026-01-15", north)).toBe("WINTER");
    expect(seasonOfDay("2026-01-15", south)).toBe("SUMMER");
    expect(seasonOfDay("2026-03-01", north)).toBe("SPRING");
    expect(isCategoryInSeason("root vegetables", "2026-10-01", north)).toBe(true);
    expect(categoriesOfSeason.SUMMER).toContain("Melons");
  });
});

describe("the phase of a season in plain words", () => {
  it.each([
    ["2026-03-01", "Back on 12 June"],
    ["2026-05-25", "From 12 June"],
    ["2026-06-12", "First of the season"],
    ["2026-08-15", "Peak now"],
    ["2026-10-06", "2 weeks left"],
    ["2026-10-13", "1 week left"],
    ["2026-10-18", "2 days left"],
    ["2026-10-19", "1 day left"],
    ["2026-10-20", "Last day"],
    ["2026-11-22", "Back on 12 June"],
  ])("says on %s: %s", (day, words) => {
    expect(seasonWords(seasonPhase(tomato, day, north))).toBe(words);
  });

  it("is in season after its peak, and tells what is left only in its last three weeks", () => {
    const wordsOn = (day: string) => seasonWords(seasonPhase(citrus, day, north));
    expect([wordsOn("2026-02-20"), wordsOn("2026-03-11")]).toEqual(["In season", "3 weeks left"]);
  });

  it("names the first day of next year when the season is over", () => {
    expect(seasonPhase(tomato, "2026-11-22", north)).toEqual({
      kind: "off",
      back: "2027-06-12",
      daysToGo: 202,
    });
  });

  it("keeps its dates in a leap year", () => {
    expect(seasonPhase(tomato, "2028-01-10", north)).toMatchObject({ back: "2028-06-12" });
  });

  it("knows no date for a product without a window, and none for one that is there all year", () => {
    expect(seasonWords(seasonPhase({ windows: [], category: "Citrus" }, "2026-07-01", north))).toBe(
      "Out of season",
    );
    expect(seasonWords(seasonPhase({ windows: [], supply: "year-round" }, "2026-07-01", north))).toBe(
      "All year",
    );
  });
});

describe("the twelve-month strip", () => {
  it("gives each month its share in season and at peak", () => {
    const strip = seasonStrip(tomato, north);
    expect(strip).toHaveLength(12);
    expect(strip[0]).toEqual({ month: 1, inSeason: 0, peak: 0 });
    expect(strip[5]!.inSeason).toBeCloseTo(19 / 30, 12);
    expect(strip[7]).toEqual({ month: 8, inSeason: 1, peak: 1 });
    expect(strip[9]!.inSeason).toBeCloseTo(20 / 31, 12);
    expect(strip[9]!.peak).toBe(0);
  });

  it("falls back on the category map without a peak", () => {
    expect(seasonStrip({ windows: [], category: "Melons" }, north).map((m) => m.inSeason)).toEqual([
      0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0,
    ]);
  });
});

describe("what a product card shows of the season", () => {
  it("gives score, words, strip and the date of the end or the return", () => {
    expect(summarizeSeason(tomato, "2026-08-15", north)).toMatchObject({
      phase: "peak",
      score: 1,
      label: "Peak now",
      endsOn: "2026-10-20",
    });
    const winter = summarizeSeason(tomato, "2026-11-22", north);
    expect(winter).toMatchObject({
      phase: "off",
      score: 0,
      label: "Back on 12 June",
      returnsOn: "2027-06-12",
    });
    expect(winter.strip[7]).toBe(1);
    expect(winter.strip[0]).toBe(0);
    expect(winter.strip[5]).toBeGreaterThan(0);
  });
});
