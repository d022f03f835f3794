import { isAppError, seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { fitCalendarModel } from "./calendar-model.ts";

const firstPeriod = 19_000;
const days = 2 * 365;
const fair = Array.from({ length: 12 }, (_, k) => firstPeriod + 31 + 61 * k);

/** Two years of a stall: a week, a year, a fair that brings 60 % more, counts with variance mean + mean^2 / 10. */
function world(seed: number, level = 30): { values: number[]; expected: (t: number) => number } {
  const rng = seededRng(seed);
  const expected = (t: number): number =>
    level *
    Math.exp(
      0.4 * Math.sin((2 * Math.PI * (firstPeriod + t)) / 7) +
        0.3 * Math.cos((2 * Math.PI * (firstPeriod + t)) / 365.25) +
        (fair.includes(firstPeriod + t) ? Math.log(1.6) : 0),
    );
  const exponential = (): number => -Math.log(1 - rng.next());
  const poisson = (mean: number): number => {
    let count = -1;
    for (let sum = 0; sum < mean; sum += exponential()) count++;
    return Math.max(0, count);
  };
  const values = Array.from({ length: days }, (_, t) => {
    const gamma = Array.from({ length: 10 }, exponential).reduce((a, b) => a + b) / 10;
    return poisson(expected(t) * gamma);
  });
  return { values, expected };
}

describe("a calendar model of counts", () => {
  it("recovers what a fair brings within 15 %, the days ahead within 15 %, and how much days scatter", () => {
    const { values, expected } = world(4);
    const model = fitCalendarModel(values, { firstPeriod, horizon: 28, holidays: { fair } });
    expect(model.holidays["fair"]!).toBeGreaterThan(1.6 * 0.85);
    expect(model.holidays["fair"]!).toBeLessThan(1.6 * 1.15);
    let off = 0;
    for (let t = days; t < days + 28; t++) off += Math.abs(model.mean[t]! / expected(t) - 1) / 28;
    expect(off).toBeLessThan(0.15);
    expect(model.size).toBeGreaterThan(6);
    expect(model.size).toBeLessThan(16);
  });

  it("says how much may be asked for: 80 of 100 days inside, and never less than nothing", () => {
    const { values } = world(9, 3);
    const model = fitCalendarModel(values, { firstPeriod, horizon: 28, holidays: { fair } });
    const inside = values.filter(
      (value, t) => model.quantile(t, 0.1) <= value && value <= model.quantile(t, 0.9),
    );
    // Counts this small cover more than asked: the bounds are themselves counts.
    expect(inside.length / days).toBeGreaterThan(0.78);
    expect(inside.length / days).toBeLessThan(0.92);
    expect(Math.min(...model.mean)).toBeGreaterThan(0);
  });

  it("leaves a day that was never seen at 1, and skips gaps", () => {
    const { values } = world(5);
    const gaps = values.map((value, t) => (t % 9 === 4 ? null : value));
    const model = fitCalendarModel(gaps, {
      firstPeriod,
      horizon: 7,
      holidays: { new: [firstPeriod + days + 3] },
    });
    expect(model.holidays["new"]).toBeCloseTo(1, 6);
    expect(model.mean.every(Number.isFinite)).toBe(true);
  });

  it.each([
    ["nothing but zeros", Array.from({ length: 60 }, () => 0)],
    ["one huge day", Array.from({ length: 60 }, (_, t) => (t === 30 ? 1e12 : 1))],
    ["a steep rise", Array.from({ length: 60 }, (_, t) => Math.round(1.4 ** t))],
  ])("stays finite on %s", (_, values) => {
    const model = fitCalendarModel(values, { firstPeriod, horizon: 30 });
    expect(model.mean.every((value) => Number.isFinite(value) && value > 0)).toBe(true);
  });

  it.each([
    ["a value below zero", [...Array.from({ length: 20 }, () => 1), -1], 7],
    ["an infinite value", [...Array.from({ length: 20 }, () => 1), Infinity], 7],
    ["thirteen days", Array.from({ length: 13 }, () => 1), 7],
    ["a horizon of 0", Array.from({ length: 20 }, () => 1), 0],
  ])("refuses %s", (_, values, horizon) => {
    try {
      fitCalendarModel(values, { firstPeriod, horizon });
      expect.unreachable();
    } catch (error) {
      expect(isAppError(error, "input_invalid")).toBe(true);
    }
  });
});
