import { describe, expect, it } from "vitest";
import { dayNumber } from "../day-numbers.ts";
import { growthRangeOf, seasonWeather, type MeasuredDays } from "./season-weather.ts";

const range = { base: 10, ceiling: 30 };

function measured(
  from: string,
  temperatures: readonly (readonly [min: number, max: number])[],
): MeasuredDays {
  return new Map(temperatures.map(([min, max], at) => [dayNumber(from) + at, { min, max }]));
}

describe("the weather of a season", () => {
  it("is what was measured, and of days to come what those of the years before had", () => {
    const tenOf = (min: number, max: number) => Array.from({ length: 10 }, () => [min, max] as const);
    const days = new Map([
      ...measured("2023-04-28", tenOf(12, 22)),
      ...measured("2024-04-28", tenOf(16, 26)),
      ...measured("2025-05-01", tenOf(11, 15).slice(0, 2)),
    ]);
    // Two days of 3 that were measured; two of 9, the mean of 7 and 11.
    const told = seasonWeather(days, { from: "2025-05-01", to: "2025-05-04" }, range);
    expect(told.sum).toBeCloseTo(2 * 3 + 2 * 9, 9);
    expect(told.known).toBe(1);
  });

  it("knows no day that neither this year nor those before had", () => {
    const told = seasonWeather(
      measured("2025-05-01", [[10, 20]]),
      { from: "2025-05-01", to: "2025-05-04" },
      range,
    );
    expect(told.known).toBe(0.25);
    expect(seasonWeather(new Map(), { from: "2025-05-01", to: "2025-05-04" }, range)).toEqual({
      sum: 0,
      known: 0,
    });
  });

  it("begins to count earlier for what bears frost", () => {
    expect(growthRangeOf({ outsideFromFrostDays: -30 }).base).toBe(4.4);
    expect(growthRangeOf({ outsideFromFrostDays: 7 }).base).toBe(10);
  });
});
