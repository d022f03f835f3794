import { seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { fitSeasonal, predictSeasonal } from "./fit-seasonal.ts";
import { horizonWeeks, stepWidth, windowWeeks, writeWindow, type DemandSeries } from "./seasonal-data.ts";

/** Asked for in half of the year, nearly always then and hardly ever else. */
function halfYear(product: number, weeks: number, from: number, seed: number): DemandSeries {
  const rng = seededRng(seed);
  const isDemanded = Uint8Array.from({ length: weeks }, (_, week) =>
    rng.next() < ((week + 52 - from) % 52 < 26 ? 0.9 : 0.1) ? 1 : 0,
  );
  return { product, place: 0, startWeek: 0, isDemanded };
}

describe("a window of weeks", () => {
  it("tells of the week before, and of nothing in the weeks ahead", () => {
    const series = halfYear(0, 120, 0, 1);
    const [plain, poisoned] = [0, 1].map((added) => {
      const out = new Float32Array(windowWeeks * stepWidth);
      const isDemanded = series.isDemanded.map((value, week) => (week >= 92 ? value ^ added : value));
      writeWindow({ ...series, isDemanded }, 100, out, 0);
      return out;
    });
    expect(poisoned).toEqual(plain);
    const step = windowWeeks - horizonWeeks - 1;
    expect(plain![step * stepWidth]).toBe(2 * series.isDemanded[100 - windowWeeks + step - 1]! - 1);
    expect([...plain!.subarray(-4, -2)]).toEqual([0, 0]);
  });
});

describe("the seasonal network", () => {
  it("refuses 80 points, and says how many it needs", () => {
    expect(fitSeasonal([halfYear(0, 80, 0, 1)])).toEqual({
      kind: "insufficient",
      code: "INSUFFICIENT_DATA",
      needed: 104,
      points: 80,
    });
  });

  it("learns from 200 points of one product, on the processor", { timeout: 60_000 }, () => {
    const series = [halfYear(0, 200, 0, 1)];
    const fit = fitSeasonal(series);
    if (fit.kind !== "fitted") throw new Error(fit.code);
    const [told] = predictSeasonal(fit.model, series);
    expect(told).toHaveLength(horizonWeeks);
    // Weeks 200 to 205 are weeks 44 to 49 of a year, in which hardly anybody asks for it.
    expect(Math.max(...told!.slice(0, 6))).toBeLessThan(0.5);
  });

  it("learns when each product is asked for, the same for a seed", () => {
    const series = Array.from({ length: 12 }, (_, at) => halfYear(at % 2, 160, 26 * (at % 2), at));
    const options = { epochs: 12, windows: 60, batch: 30, rate: 0.02 };
    const fit = fitSeasonal(series, options);
    if (fit.kind !== "fitted") throw new Error(fit.code);
    // Weeks 160 to 167 are weeks 4 to 11 of a year.
    const told = predictSeasonal(fit.model, series);
    const mean = (product: number): number => {
      const own = told.filter((_, at) => series[at]!.product === product).flatMap((list) => [...list]);
      return own.reduce((sum, value) => sum + value, 0) / own.length;
    };
    expect(mean(0)).toBeGreaterThan(0.75);
    expect(mean(1)).toBeLessThan(0.25);
    expect(fitSeasonal(series, options)).toEqual(fit);
    expect(fitSeasonal(series, { ...options, seed: 2 })).not.toEqual(fit);
  });

  it("refuses a product or a place that it was not made for, and tells nothing of nothing", () => {
    const fit = fitSeasonal([halfYear(0, 104, 0, 1)], { epochs: 1, windows: 4 });
    if (fit.kind !== "fitted") throw new Error(fit.code);
    expect(() => predictSeasonal(fit.model, [halfYear(1, 104, 0, 1)])).toThrow("not of this model");
    expect(predictSeasonal(fit.model, [])).toEqual([]);
  });
});
