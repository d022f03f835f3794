import { seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { backtestPanel } from "../backtest/backtest.ts";
import { summariseBacktest } from "../backtest/summarise.ts";
import { forecasters } from "../models/all.ts";
import { uncensoredDemand } from "../demand/censored.ts";
import { forecastPanel } from "./forecast-panel.ts";
import type { PanelSeries } from "./local-run.ts";

const days = 210;
const horizon = 14;
const weekdays = [0.8, 0.8, 0.9, 1, 1.3, 1.9, 1.3];

/** Twenty products a shape, with what they are asked for after the history; a seed a product. */
function shape(of: (t: number, rng: ReturnType<typeof seededRng>) => number) {
  return Array.from({ length: 20 }, (_, i) => {
    const rng = seededRng(i + 1);
    const all = Array.from({ length: days + horizon }, (_unused, t) => of(t, rng));
    return { id: `p${i}`, known: all.slice(0, days), after: all.slice(days) };
  });
}

const weekly = shape((t, rng) => Math.round(30 * weekdays[t % 7]! * Math.exp(0.2 * rng.normal())));
/** Nothing on seven days of ten. */
const rare = shape((_, rng) => (rng.next() < 0.7 ? 0 : 1 + Math.floor(4 * rng.next())));
/** The weekly ones with so much to sell a day, and what they say was wanted. */
function soldWith(stock: number) {
  return weekly.map(({ id, known, after }) => {
    const seen = known.map((wanted) => ({ sold: Math.min(wanted, stock), soldOut: wanted > stock }));
    return { id, seen, known: [...uncensoredDemand(seen, 7)], after };
  });
}

const panelOf = (
  series: readonly { id: string; known: readonly number[] }[],
  season: number,
): PanelSeries[] => series.map(({ id, known }) => ({ id, values: known, season, horizon }));

/**
 * Share of what came that lies from P10 to P90, in the order of `panelOf`. Where many answers are the same, as nothing is, one at
 * a bound counts for the part of it that an interval of eight in ten takes in.
 *
 * @param below the share of answers less than a value, where they are whole numbers of few kinds
 */
function insideTenToNinety(
  panel: PanelSeries[],
  after: readonly (readonly number[])[],
  below?: (value: number) => number,
): number {
  const part = (value: number, low: number, high: number): number => {
    if (value < low || value > high) return 0;
    if (!below) return 1;
    const [from, to] = [below(value), below(value + 1)];
    const first = value > low ? from : Math.max(from, 0.1);
    const last = value < Math.floor(high) ? to : Math.min(to, 0.9);
    return Math.max(0, last - first) / (to - from);
  };
  let inside = 0;
  forecastPanel(panel).forEach(({ quantiles }, i) => {
    const [low, , high] = quantiles;
    after[i]!.forEach((value, k) => (inside += part(value, low!.values[k]!, high!.values[k]!)));
  });
  return inside / (after.length * horizon);
}

/** Eight in ten, and seven of a hundred to each side. */
const holdsEightInTen = (inside: number): void => {
  expect(inside).toBeGreaterThan(0.73);
  expect(inside).toBeLessThan(0.87);
};

describe("demand of three shapes", () => {
  it("is never forecast below zero, at no quantile", () => {
    const forecasts = [...forecastPanel(panelOf(weekly, 7)), ...forecastPanel(panelOf(rare, 1))];
    for (const { mean, quantiles, intervals } of forecasts) {
      const all = [mean, ...quantiles.map(({ values }) => values), ...intervals.map(({ lower }) => lower)];
      for (const values of all) expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    }
  });

  it("with a week: better than last week's day, from earlier origins, and P10 to P90 hold 80 of 100, 7 more or less", () => {
    const rows = backtestPanel(panelOf(weekly, 7), { models: ["auto", "seasonal-naive"], origins: 2 });
    const [auto, lastWeek] = summariseBacktest(rows).map(({ mase }) => mase!);
    expect(auto).toBeLessThan(1);
    expect(auto).toBeLessThan(0.8 * lastWeek!);
    holdsEightInTen(
      insideTenToNinety(
        panelOf(weekly, 7),
        weekly.map(({ after }) => after),
      ),
    );
  });

  it("with seven empty days of ten: P10 to P90 hold 80 of 100, 7 more or less, what is at a bound in part", () => {
    const below = (value: number): number => (value <= 0 ? 0 : Math.min(1, 0.7 + 0.075 * (value - 1)));
    holdsEightInTen(
      insideTenToNinety(
        panelOf(rare, 1),
        rare.map(({ after }) => after),
        below,
      ),
    );
  });

  it("sold out on the good days: the median is above what was sold on average, near what was wanted", () => {
    const sold = soldWith(40);
    const forecasts = forecastPanel(panelOf(sold, 7));
    const mean = (values: ArrayLike<number>): number =>
      Array.from(values).reduce((a, b) => a + b, 0) / values.length;
    for (const [i, { quantiles }] of forecasts.entries()) {
      expect(mean(quantiles[1]!.values)).toBeGreaterThan(mean(sold[i]!.seen.map((day) => day.sold)));
    }
    const told = mean(forecasts.map(({ quantiles }) => mean(quantiles[1]!.values)));
    const wanted = mean(sold.map(({ after }) => mean(after)));
    expect(Math.abs(told / wanted - 1)).toBeLessThan(0.15);
  });

  // Of a weekday that is sold out every time nothing says how much more was wanted, and how far that goes.
  it("sold out on half of the best days: P10 to P90 hold 80 of 100 of what was wanted, 7 more or less", () => {
    const sold = soldWith(55);
    holdsEightInTen(
      insideTenToNinety(
        panelOf(sold, 7),
        sold.map(({ after }) => after),
      ),
    );
  });
});

it("eight models and more can be asked by name, four of them made for demand that comes in pieces", () => {
  const names = forecasters.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThanOrEqual(8);
  expect(names).toEqual(expect.arrayContaining(["croston", "sba", "tsb", "adida"]));
});

describe("the ensemble", () => {
  it("is at most 5 % behind the best single model on twenty seeded series, known only afterwards", () => {
    const panel = panelOf(weekly, 7);
    const errorOf = (model: string): number =>
      forecastPanel(panel, { model }).reduce(
        (sum, { mean }, i) =>
          sum + mean.reduce((own, value, k) => own + Math.abs(value - weekly[i]!.after[k]!), 0),
        0,
      );
    const best = Math.min(...["theta", "dotm", "ets", "arima", "mstl", "seasonal-naive"].map(errorOf));
    expect(errorOf("auto")).toBeLessThan(1.05 * best);
  });
});
