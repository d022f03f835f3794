import { describe, expect, it } from "vitest";
import { normalNoise } from "../testing/noise.ts";
import type { PanelSeries } from "../panel/local-run.ts";
import { backtestPanel, seriesBefore, summariseBacktest } from "./backtest.ts";

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
    expect(ours!.wape).toBeLessThan(naive!.wape);
    expect(ours!.mase).toBeLessThan(1);
    expect(ours!.accuracy).toBeCloseTo(1 - ours!.wape, 12);
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
});
