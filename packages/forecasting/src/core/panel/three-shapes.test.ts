import { seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { backtestPanel } from "../backtest/backtest.ts";
import { summariseBacktest } from "../backtest/summarise.ts";
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
const stock = 40;

const panelOf = (
  series: readonly { id: string; known: readonly number[] }[],
  season: number,
): PanelSeries[] => series.map(({ id, known }) => ({ id, values: known, season, horizon }));

function insideTenToNinety(panel: PanelSeries[], after: readonly (readonly number[])[]): number {
  let inside = 0;
  forecastPanel(panel).forEach(({ quantiles }, i) => {
    const [low, , high] = quantiles;
    after[i]!.forEach((value, k) => {
      if (low!.values[k]! <= value && value <= high!.values[k]!) inside++;
    });
  });
  return inside / (after.length * horizon);
}

describe("demand of three shapes", () => {
  it("is never forecast below zero, at no quantile", () => {
    const forecasts = [...forecastPanel(panelOf(weekly, 7)), ...forecastPanel(panelOf(rare, 1))];
    for (const { mean, quantiles, intervals } of forecasts) {
      const all = [mean, ...quantiles.map(({ values }) => values), ...intervals.map(({ lower }) => lower)];
      for (const values of all) expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    }
  });

  it("with a week: better than last week's day, from earlier origins, and P10 to P90 hold 80 of 100, 7 more or less", () => {
    const rows = backtestPanel(panelOf(weekly, 7), { models: ["auto"], origins: 2 });
    expect(summariseBacktest(rows)[0]!.mase).toBeLessThan(1);
    const inside = insideTenToNinety(
      panelOf(weekly, 7),
      weekly.map(({ after }) => after),
    );
    expect(Math.abs(inside - 0.8)).toBeLessThan(0.07);
  });

  it("with seven empty days of ten: P10 to P90 hold at least what they say, as nothing is half of all answers", () => {
    const inside = insideTenToNinety(
      panelOf(rare, 1),
      rare.map(({ after }) => after),
    );
    expect(inside).toBeGreaterThan(0.73);
    expect(inside).toBeLessThan(0.97);
  });

  it("sold out on the good days: the median is above what was sold on average, near what was wanted", () => {
    const sold = weekly.map(({ id, known, after }) => {
      const seen = known.map((wanted) => ({ sold: Math.min(wanted, stock), soldOut: wanted > stock }));
      return { id, seen, known: [...uncensoredDemand(seen, 7)], after };
    });
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
