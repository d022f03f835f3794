import { analyseTrend } from "@almanac/forecasting";
import { describe, expect, it } from "vitest";
import { dayNumber, dayOfNumber } from "./day-numbers.ts";
import { trendSeries, weeklySales } from "./trend-series.ts";

const weekly = (count: number, of: (week: number) => number) =>
  Array.from({ length: count }, (_, week) => ({
    day: dayOfNumber(dayNumber("2024-01-06") + 7 * week),
    sold: Math.max(0, of(week)),
  }));
const wave = (week: number): number => 100 + 60 * Math.sin((2 * Math.PI * week) / 52);

describe("the series whose trend is a product's own", () => {
  it("does not fall because autumn comes", () => {
    // The last half year of the wave goes from its top to its bottom.
    const sales = weekly(2 * 52 + 39, wave);
    expect(analyseTrend(weeklySales(sales).slice(-26)).type).toBe("falling");
    const { values, basis } = trendSeries(sales);
    expect(basis).toBe("adjusted");
    expect(analyseTrend(values).type).toBe("stable");
  });

  it("of what has a season is that season over the one before, by weeks since the first harvest", () => {
    const season = (week: number, level: number): number =>
      week >= 0 && week < 20 ? level * (1 + Math.sin((Math.PI * week) / 20)) : 0;
    const late = weekly(90, (week) => season(week - 20, 100) + season(week - 74, 150));
    const { values, basis } = trendSeries(late);
    expect(basis).toBe("season");
    expect([...values].every((value) => Math.abs(value - 1.5) < 1e-9)).toBe(true);
  });

  it("of what is not there out of season is its season, as of what nobody wants then", () => {
    const inSeason = (week: number): boolean => week % 52 >= 10 && week % 52 < 30;
    const season = weekly(90, () => 100).map((one, week) => (inSeason(week) ? one : { ...one, sold: NaN }));
    expect(trendSeries(season).basis).toBe("season");
  });

  it("is as sold with less than two years, and nothing of what hardly sells", () => {
    expect(trendSeries(weekly(60, wave))).toMatchObject({ basis: "plain" });
    expect(trendSeries(weekly(60, wave)).values).toHaveLength(26);
    expect(trendSeries(weekly(20, (week) => (week % 7 === 0 ? 1 : 0))).values).toHaveLength(0);
    expect(trendSeries([]).values).toHaveLength(0);
  });
});
