import { isAppError } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { forecastPanel } from "../panel/forecast-panel.ts";
import type { Forecast } from "../panel/forecast-panel.ts";
import { forecasters } from "./all.ts";

type Values = (number | null)[];
const times = (n: number, of: (t: number) => number | null): Values =>
  Array.from({ length: n }, (_, t) => of(t));
const wave = (t: number): number => 50 + 20 * Math.sin((t * Math.PI) / 6) + (t % 5);

/** What a history can be like at its worst; horizon 6, season 12 unless told. */
const histories: Record<string, { values: Values; season?: number; horizon?: number }> = {
  nothing: { values: [] },
  "one value": { values: [5] },
  "two values": { values: [5, 7] },
  "three values": { values: [5, 7, 4] },
  "nothing but gaps": { values: [null, null, null] },
  "nothing but NaN": { values: [NaN, NaN] },
  "a constant": { values: times(40, () => 7) },
  zeros: { values: times(40, () => 0) },
  "zeros and one demand": { values: times(40, (t) => (t === 20 ? 3 : 0)) },
  "zeros and a last demand": { values: times(40, (t) => (t === 39 ? 1e6 : 0)) },
  "a gap at the start": { values: times(40, (t) => (t < 15 ? null : wave(t))) },
  "gaps all over": { values: times(60, (t) => (t % 3 === 1 ? null : wave(t))) },
  "a gap at the end": { values: times(40, (t) => (t > 30 ? null : wave(t))) },
  "one value among gaps": { values: times(40, (t) => (t === 25 ? 4 : null)) },
  "NaN among values": { values: times(40, (t) => (t === 7 ? NaN : wave(t))) },
  "values below zero": { values: times(40, (t) => wave(t) - 60) },
  "huge values": { values: times(40, (t) => wave(t) * 1e300) },
  "tiny values": { values: times(40, (t) => wave(t) * 1e-300) },
  "values that halve to nothing": { values: times(40, (t) => (t % 3) * 5e-324) },
  "a rise and fall by all there is": { values: times(40, (t) => (t % 2 ? 1 : -1) * Number.MAX_VALUE) },
  "huge beside tiny": { values: times(40, (t) => (t % 2 === 0 ? 1e150 : 1e-150)) },
  "a history shorter than the season": { values: times(9, wave) },
  "a history just two seasons long": { values: times(24, wave) },
  "a season longer than any history": { values: times(30, wave), season: 100_000 },
  "a step": { values: times(40, (t) => (t < 20 ? 1 : 1000)) },
  "a steep rise": { values: times(40, (t) => 1.6 ** t) },
  "a long horizon": { values: times(30, wave), horizon: 400 },
};

function checkOrder({ mean, intervals, quantiles }: Forecast, horizon: number, nonNegative: boolean): void {
  const bounds = intervals.flatMap(({ lower, upper }) => [lower, upper]);
  for (const values of [mean, ...bounds, ...quantiles.map((quantile) => quantile.values)]) {
    expect(values).toHaveLength(horizon);
    expect(values.every((value) => Number.isFinite(value))).toBe(true);
    if (nonNegative) expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
  }
  for (let k = 0; k < horizon; k++) {
    const [inner, outer] = intervals;
    const ladder = [outer!.lower[k]!, inner!.lower[k]!, mean[k]!, inner!.upper[k]!, outer!.upper[k]!];
    expect(ladder).toEqual(ladder.toSorted((a, b) => a - b));
    const shares = quantiles.map(({ values }) => values[k]!);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  }
}

describe.each(["auto", ...forecasters.map(({ name }) => name)])("%s", (model) => {
  it.each(Object.entries(histories))("answers %s with a finite forecast in order", (_, given) => {
    const { values, season = 12, horizon = 6 } = given;
    const [forecast] = forecastPanel([{ id: "a", values, season, horizon }], { model });
    checkOrder(forecast!, horizon, !values.some((value) => value !== null && value < 0));
  });

  it.each([
    ["an infinite value", { values: [1, Infinity, 2] }],
    ["a value of minus infinity", { values: [1, -Infinity, 2] }],
    ["a horizon of 0", { values: [1, 2, 3], horizon: 0 }],
    ["a horizon of 1.5", { values: [1, 2, 3], horizon: 1.5 }],
    ["a horizon that is no number", { values: [1, 2, 3], horizon: NaN }],
    ["a season of 0", { values: [1, 2, 3], season: 0 }],
    ["a season of 2.5", { values: [1, 2, 3], season: 2.5 }],
  ])("refuses %s", (_, given) => {
    try {
      forecastPanel([{ id: "a", season: 12, horizon: 6, ...given }], { model });
      expect.unreachable();
    } catch (error) {
      expect(isAppError(error, "input_invalid")).toBe(true);
    }
  });
});
