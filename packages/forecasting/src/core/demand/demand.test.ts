import { describe, expect, it } from "vitest";
import { normalNoise } from "../testing/noise.ts";
import { uncensoredDemand } from "./censored.ts";
import { coldStartForecast } from "./cold-start.ts";
import { forecastSinceHarvest } from "./since-harvest.ts";
import type { CropSeason } from "./since-harvest.ts";

const mean = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

describe("sold-out days", () => {
  const demand = normalNoise(210, 2).map((e, t) => [30, 30, 40, 40, 60, 90, 50][t % 7]! * Math.exp(0.25 * e));
  const days = Array.from(demand, (wanted) => ({ sold: Math.min(wanted, 55), soldOut: wanted > 55 }));

  it("are censored, not low: demand is above what was sold and near what was wanted", () => {
    const found = uncensoredDemand(days, 7);
    const sold = mean(days.map((day) => day.sold));
    expect(mean(found)).toBeGreaterThan(1.05 * sold);
    expect(Math.abs(mean(found) / mean(demand) - 1)).toBeLessThan(0.12);
    found.forEach((value, t) => expect(value).toBeGreaterThanOrEqual(days[t]!.sold));
  });

  it("tell the same in grams, kilograms and pieces", () => {
    const pieces = [0, 2, 3, 2, 1, 3, 0, 2, 3, 1].map((sold) => ({ sold, soldOut: sold === 3 }));
    const inGrams = pieces.map(({ sold, soldOut }) => ({ sold: sold * 400, soldOut }));
    const found = uncensoredDemand(pieces, 1);
    uncensoredDemand(inGrams, 1).forEach((value, t) => expect(value).toBeCloseTo(400 * found[t]!, 6));
    // Three of ten days that sold out at three pieces, where a day brings two: not tens of them.
    expect(found[2]).toBeGreaterThan(3);
    expect(found[2]).toBeLessThan(5);
  });

  it("in a slack season are told by its own days, not by those of high summer", () => {
    const wanted = Array.from(
      { length: 104 },
      (_, t) => 400 * Math.round(12 + 11 * Math.sin((t * Math.PI) / 26)),
    );
    const stall = wanted.map((sold, t) => ({ sold, soldOut: t % 3 === 0 && sold < 2_400 }));
    const found = uncensoredDemand(stall, 1);
    const slack = wanted.flatMap((sold, t) => (stall[t]!.soldOut ? [[found[t]!, sold] as const] : []));
    expect(slack.length).toBeGreaterThan(5);
    expect(mean(slack.map(([value]) => value))).toBeLessThan(2.5 * mean(slack.map(([, sold]) => sold)));
  });

  it("leave the other days as they were, and gaps as gaps", () => {
    const some = [
      { sold: 5, soldOut: false },
      { sold: NaN, soldOut: false },
      { sold: 7, soldOut: true },
      { sold: 6, soldOut: false },
    ];
    const [first, gap, full, last] = uncensoredDemand(some, 1);
    expect([first, gap, last]).toEqual([5, NaN, 6]);
    expect(full).toBeGreaterThan(7);
    expect([...uncensoredDemand([{ sold: 3, soldOut: true }], 7)]).toEqual([3]);
    expect([...uncensoredDemand([], 7)]).toEqual([]);
  });
});

describe("a new product", () => {
  const neighbours = [10, 20, 300].map((level) => ({ level, shape: Float64Array.of(1, 2) }));

  it("starts at the level of the middle neighbour, with their pattern", () => {
    expect([...coldStartForecast([], neighbours)]).toEqual([20, 40]);
  });

  it("moves to its own level as it is sold", () => {
    const soon = coldStartForecast([80, NaN, 80], neighbours)[0]!;
    const later = coldStartForecast(
      Array.from({ length: 60 }, () => 80),
      neighbours,
    )[0]!;
    expect(soon).toBeGreaterThan(20);
    expect(later).toBeGreaterThan(soon);
    expect(later).toBeLessThan(80);
  });
});

describe("a season that is late", () => {
  const curve = (day: number): number =>
    day < 0 || day > 90 ? 0 : 100 * Math.sin((Math.PI * day) / 90) ** 2;
  const year = (shift: number): CropSeason => ({
    sales: Float64Array.from({ length: 160 }, (_, t) => curve(t - 20 - shift)),
    firstHarvest: 20 + shift,
  });

  it("is forecast better by days since its first harvest than by the calendar", () => {
    const known = 60;
    const late = year(14);
    const current = { sales: late.sales.slice(0, known), firstHarvest: late.firstHarvest };
    const aligned = forecastSinceHarvest([year(0), year(3)], current, 28);
    const error = (forecast: ArrayLike<number>): number =>
      Array.from(forecast).reduce((sum, value, k) => sum + Math.abs(value - late.sales[known + k]!), 0);
    const calendar = Float64Array.from({ length: 28 }, (_, k) => year(0).sales[known + k]!);
    expect(error(aligned)).toBeLessThan(0.5 * error(calendar));
  });

  it("follows this season's level, and ends when seasons end", () => {
    const rich = {
      sales: year(0)
        .sales.slice(0, 70)
        .map((value) => 2 * value),
      firstHarvest: 20,
    };
    const forecast = forecastSinceHarvest([year(0)], rich, 90);
    expect(forecast[5]! / curve(55)).toBeGreaterThan(1.5);
    expect(forecast[89]).toBeLessThan(1);
  });
});
