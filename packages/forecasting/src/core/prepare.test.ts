import { describe, expect, it } from "vitest";
import { forecastPanel } from "./panel/forecast-panel.ts";
import { cut, prepare } from "./prepare.ts";

describe("a history longer than models have use for", () => {
  const values = Array.from({ length: 30_000 }, (_, t) => (t < 10_000 ? -1e9 : 100 + (t % 7)));

  it("is its latest 20,000 values, or four of its longest seasons", () => {
    const history = prepare({ values, season: 7 })!;
    expect(history.values).toHaveLength(20_000);
    expect([history.nonNegative, history.scale]).toEqual([true, 106]);
    expect(prepare({ values, season: 6_000 })!.values).toHaveLength(24_000);
    expect(prepare({ values, longSeasons: [7_000] })!.values).toHaveLength(28_000);
  });

  it("reaches further back where nothing of late is known, and refuses what is infinite anywhere", () => {
    const over = values.map((value, t) => (t < 5_000 ? value : null));
    expect(prepare({ values: over })!.values).toHaveLength(30_000);
    expect(() => prepare({ values: [Infinity, ...values] })).toThrow("value 0 of the series is Infinity");
  });

  it("is forecast as its end is, known columns and all", () => {
    const price = Array.from({ length: 30_003 }, (_, t) => 1 + (t % 5));
    const of = (from: number) => ({
      id: "a",
      values: values.slice(from),
      season: 7,
      horizon: 3,
      covariates: { price: price.slice(from) },
    });
    expect(forecastPanel([of(0)], { model: "theta" })).toEqual(
      forecastPanel([of(10_000)], { model: "theta" }),
    );
  });
});

describe("a history as it was at an earlier origin", () => {
  it("fills a gap by what was known then, not by what came after it", () => {
    const history = prepare({ values: [4, 4, 4, null, null, null, 16, 16] })!;
    expect([...cut(history, 6).values].map((value) => value * history.scale)).toEqual([4, 4, 4, 4, 4, 4]);
    expect([...history.values].map((value) => value * history.scale)).toEqual([4, 4, 4, 7, 10, 13, 16, 16]);
  });

  it("does not fill a gap by a season that has not come yet", () => {
    const history = prepare({ values: [1, 2, 3, 4, 1, null, 3, 4, 1, 8, 3, 4], season: 4 })!;
    expect(history.values[5]! * history.scale).toBe(5);
    expect(cut(history, 9).values[5]! * history.scale).toBe(2);
  });
});
