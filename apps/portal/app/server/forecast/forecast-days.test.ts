import type { MarketId, ProductId } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { forecastDays } from "./forecast-days.ts";

type Forecast = Parameters<typeof forecastDays>[0][number];

const now = new Date("2025-08-13T10:00:00Z");
const forecast = (marketDay: string, market: string, name: string, p50: number): Forecast => ({
  productId: name.toLowerCase() as ProductId,
  marketId: market.toLowerCase() as MarketId,
  marketName: market,
  marketDay,
  name,
  picture: "tomato",
  baseUnit: "g",
  p10: p50 - 1_000,
  p50,
  p90: p50 + 1_000,
  orderedBase: 0,
  usuallyOrdered: null,
  model: "naive",
  type: "ensemble",
  modelVersion: "1",
  demandClass: "regular",
  daysLearned: 20,
});
const shown = (forecasts: readonly Forecast[]) =>
  forecastDays(forecasts, now).map(({ title, rows }) => [title, ...rows.map(({ page }) => page)]);

describe("the next market days of a farm", () => {
  it("are a list each, what sells most first, and name no market where there is one", () => {
    expect(
      shown([
        forecast("2025-08-16", "Riverside", "Basil", 2_000),
        forecast("2025-08-16", "Riverside", "Tomato", 30_000),
        forecast("2025-08-23", "Riverside", "Tomato", 20_000),
      ]),
    ).toEqual([
      ["Saturday 16 August", "tomato", "basil"],
      ["Saturday 23 August", "tomato"],
    ]);
  });

  it("are told apart by market where there are several, also on the same day", () => {
    const found = [
      forecast("2025-08-16", "Riverside", "Tomato", 30_000),
      forecast("2025-08-16", "Hilltop", "Tomato", 4_000),
      forecast("2025-08-21", "Hilltop", "Tomato", 5_000),
    ];
    expect(shown(found)).toEqual([
      ["Saturday 16 August, Hilltop", "tomato?market=hilltop"],
      ["Saturday 16 August, Riverside", "tomato?market=riverside"],
      ["Thursday 21 August, Hilltop", "tomato?market=hilltop"],
    ]);
    expect(new Set(forecastDays(found, now).map(({ key }) => key)).size).toBe(3);
  });
});
