import { describe, expect, it } from "vitest";
import { normalNoise } from "../testing/noise.ts";
import type { PanelSeries } from "../panel/local-run.ts";
import { backtestPanel, seriesBefore } from "./backtest.ts";
import { scoreOrigin } from "./score-origin.ts";
import { summariseBacktest } from "./summarise.ts";

const weekly: PanelSeries[] = Array.from({ length: 6 }, (_, i) => ({
  id: `s${i}`,
  season: 7,
  horizon: 7,
  values: normalNoise(140, i + 1).map((e, t) => 40 + [0, 2, 4, 6, 18, 30, 10][t % 7]! + 3 * e),
}));

describe("a backtest", () => {
  it("has a row for each series, model and origin, and beats the seasonal naive forecast", () => {
    const rows = backtestPanel(weekly, { models: ["auto", "seasonal-naive"], origins: 2 });
    expect(rows).toHaveLength(24);
    const [ours, naive] = summariseBacktest(rows);
    expect(ours).toMatchObject({ model: "auto", demand: "regular", series: 6 });
    expect(ours!.wape).toBeLessThan(naive!.wape!);
    expect(ours!.mase).toBeLessThan(1);
    expect(ours!.accuracy).toBeCloseTo(1 - ours!.wape!, 12);
    expect(ours!.coverage).toBeGreaterThan(0.6);
  });

  it("sees nothing after the origin", () => {
    const poisoned = weekly.map((series) => ({
      ...series,
      values: Array.from(series.values, (value, t) => (t >= 133 ? 1e6 : value)),
    }));
    const errorOf = (panel: PanelSeries[]): number[] =>
      backtestPanel(panel, { models: ["auto"], origins: 2 })
        .filter(({ back }) => back === 2)
        .map(({ absoluteError }) => absoluteError);
    expect(errorOf(poisoned)).toEqual(errorOf(weekly));
  });

  it("cuts covariates with the horizon, and skips series that are too short", () => {
    const series = {
      id: "a",
      horizon: 2,
      values: [1, 2, 3, 4, 5, 6],
      covariates: { price: [1, 2, 3, 4, 5, 6, 7, 8] },
    };
    expect(seriesBefore(series, 1)).toMatchObject({
      values: [1, 2, 3, 4],
      covariates: { price: [1, 2, 3, 4, 5, 6] },
    });
    expect(seriesBefore(series, 2)).toBeUndefined();
  });

  it("claims no accuracy for intermittent demand", () => {
    const rare = { id: "r", horizon: 4, values: Array.from({ length: 40 }, (_, t) => (t % 5 === 0 ? 3 : 0)) };
    const [summary] = summariseBacktest(backtestPanel([rare], { models: ["auto"], origins: 1 }));
    expect(summary).toMatchObject({ demand: "intermittent", accuracy: undefined });
  });

  it("calls a series new until two seasons of it are known, counted from its first demand", () => {
    const late = { ...weekly[0]!, values: Array.from(weekly[0]!.values).map((v, t) => (t < 120 ? 0 : v)) };
    const rows = backtestPanel([weekly[0]!, late, { ...late, id: "void", values: [null, null, null, 0] }], {
      models: ["naive"],
      origins: 1,
    });
    expect(rows.map(({ id, demand }) => [id, demand])).toEqual([
      ["s0", "regular"],
      ["s0", "new"],
    ]);
  });

  it("is scored by hand: MASE over the seasonal naive error, RMSSE over the naive one, bounds counted", () => {
    // History 2, 4, 3, 5: errors of the naive forecast 2, 1, 2 (mean 5/3, mean square 3), no season.
    const interval = (level: number, low: number, high: number) => ({
      level,
      lower: Float64Array.of(low, low),
      upper: Float64Array.of(high, high),
    });
    const scores = scoreOrigin({ id: "a", values: [2, 4, 3, 5], horizon: 3 }, [7, null, 3], {
      mean: Float64Array.of(4, 4, 4),
      intervals: [interval(0.8, 3, 5), interval(0.95, 2, 8)].map((one) => ({
        ...one,
        lower: Float64Array.of(...one.lower, one.lower[0]!),
        upper: Float64Array.of(...one.upper, one.upper[0]!),
      })),
    });
    expect(scores).toMatchObject({
      points: 2,
      absoluteError: 4,
      error: -2,
      volume: 10,
      inside: 1,
      inside95: 2,
    });
    expect(scores.mase).toBeCloseTo(2 / (5 / 3), 12);
    expect(scores.rmsse).toBeCloseTo(Math.sqrt((9 + 1) / 2 / 3), 12);
  });

  it("shares the cost of a model out among its series, in the unit it is given", () => {
    let spent = 0;
    const rows = backtestPanel(weekly, { models: ["naive", "mean"], origins: 1, cost: () => (spent += 6) });
    expect(rows.map(({ cost }) => cost)).toEqual(rows.map(() => 1));
    expect(summariseBacktest(rows).map(({ cost }) => cost)).toEqual([1, 1]);
  });

  it("has finite errors where values have nearly no room", () => {
    const values = Array.from({ length: 40 }, (_, t) => (t % 2 === 0 ? 1.7e308 : -1.7e308));
    const rows = backtestPanel([{ id: "a", horizon: 3, values }], { models: ["auto", "naive"], origins: 1 });
    expect(rows.length).toBeGreaterThan(0);
    for (const { absoluteError, error, volume, mase, rmsse } of rows) {
      expect([absoluteError, error, volume, mase ?? 0, rmsse ?? 0].every(Number.isFinite)).toBe(true);
    }
  });
});
