import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { prepare } from "../../prepare.ts";
import type { History } from "../../series.ts";
import { averageCes, cesForms } from "./average-ces.ts";
import { aheadOfParts, fades, followParts } from "./complex-part.ts";
import type { ComplexPart } from "./complex-part.ts";
import { fitCes } from "./fit-ces.ts";

const reference = JSON.parse(
  readFileSync(new URL("../../testing/r-reference.json", import.meta.url), "utf8"),
) as { passengers: number[]; sales: number[] };

const historyOf = (values: readonly number[], season = 1): History => prepare({ values, season })!;

describe("a complex part", () => {
  const weight = { real: 1.5, imaginary: 0.5 };
  const partOf = (level: number[], potential: number[], lag: number): ComplexPart => ({
    lag,
    complex: true,
    level: Float64Array.from(level),
    potential: Float64Array.from(potential),
  });

  // Errors 2 and 1; 10 - .5 * 8 + 1 * 2 = 8, 10 - .5 * 8 + 2 * 2 = 10, 8 - 5 + 1 = 4, 8 - 5 + 2 = 5; on: 4 - 2.5 = 1.5.
  it("follows values as by hand, and goes on from there", () => {
    const part = partOf([10, 0, 0], [8, 0, 0], 1);
    const fitted = new Float64Array(2);
    expect(followParts(Float64Array.of(12, 9), [part], [weight], false, fitted)).toBe(5);
    expect([...fitted]).toEqual([10, 8]);
    expect([part.level[2], part.potential[2]]).toEqual([4, 5]);
    expect([...aheadOfParts(2, [part], [weight], 2)]).toEqual([4, 1.5]);
  });

  it("goes back over the values as forwards over those turned round", () => {
    const values = Float64Array.of(3, 7, 4, 9, 6, 8);
    const back = partOf([0, 0, 0, 0, 0, 0, 5, 6], [0, 0, 0, 0, 0, 0, 4, 3], 2);
    const turned = partOf([6, 5, 0, 0, 0, 0, 0, 0], [3, 4, 0, 0, 0, 0, 0, 0], 2);
    followParts(values, [back], [weight], true);
    followParts(values.toReversed(), [turned], [weight]);
    expect([...back.level.subarray(0, 2)]).toEqual([...turned.level.subarray(6)].toReversed());
  });

  it("adds a season of its own lag", () => {
    const season: ComplexPart = {
      lag: 2,
      complex: false,
      level: Float64Array.of(1, -1, 0, 0),
      potential: new Float64Array(4),
    };
    const parts = [partOf([10, 0, 0], [0, 0, 0], 1), season];
    const fitted = new Float64Array(2);
    // Errors 1 and -.5 (with a level of 11 after the first): the season moves by half of each.
    const weights = [
      { real: 1.5, imaginary: 0.5 },
      { real: 0.5, imaginary: 0 },
    ];
    followParts(Float64Array.of(12, 9.5), parts, weights, false, fitted);
    expect([...fitted]).toEqual([11, 10]);
    expect([...season.level.subarray(2)]).toEqual([1.5, -1.25]);
  });

  // The error of a start is multiplied by [[1 - a0 + a1, a1 - 1], [1 - a0 - a1, 1 - a0]] at each value.
  it("fades exactly where what it started with does", () => {
    const first = (real: number, imaginary: number): number => {
      const part = partOf(
        [1, ...Array.from({ length: 4_000 }, () => 0)],
        [1, ...Array.from({ length: 4_000 }, () => 0)],
        1,
      );
      followParts(new Float64Array(4_000), [part], [{ real, imaginary }]);
      return Math.abs(part.level[4_000]!) + Math.abs(part.potential[4_000]!);
    };
    let [fading, lasting] = [0, 0];
    for (let real = 0.13; real < 2.8; real += 0.2) {
      for (let imaginary = -0.72; imaginary < 2; imaginary += 0.2) {
        const fades0 = fades({ real, imaginary });
        expect(first(real, imaginary) < 0.01, `${real} ${imaginary}`).toBe(fades0);
        if (fades0) fading++;
        else lasting++;
      }
    }
    expect(Math.min(fading, lasting)).toBeGreaterThan(40);
  });
});

describe("complex exponential smoothing", () => {
  // R's smooth says 2.0004 + 1.0035i and a log likelihood of -249.47 in its vignette, of the first 138 of these sales.
  it("finds the weight that R's smooth finds, and a likelihood as good", () => {
    const history = historyOf(reference.sales.slice(0, 138));
    const { weights, fitted } = fitCes(history, "none");
    expect(Math.abs(weights[0]!.real - 2.0004)).toBeLessThan(0.01);
    expect(Math.abs(weights[0]!.imaginary - 1.0035)).toBeLessThan(0.001);
    const squares = fitted.reduce(
      (sum, value, t) => sum + ((value - history.values[t]!) * history.scale) ** 2,
      0,
    );
    const logLikelihood = -69 * (Math.log((2 * Math.PI * squares) / 138) + 1);
    expect(Math.abs(logLikelihood + 249.47)).toBeLessThan(0.2);
  });

  // The example of StatsForecast's AutoCES. It starts its states elsewhere and keeps its weights in a smaller box.
  it("forecasts airline passengers as StatsForecast does, within 3 %", () => {
    const history = historyOf(reference.passengers, 12);
    const best = cesForms(history)
      .map((form) => fitCes(history, form))
      .reduce((a, b) => (b.aicc < a.aicc ? b : a));
    expect(best.form).toBe("full");
    const forecast = best.predict(6);
    [453.03, 429.34, 488.64, 500.29, 519.8, 586.48].forEach((value, k) =>
      expect(Math.abs((forecast[k]! * history.scale) / value - 1)).toBeLessThan(0.03),
    );
  });

  it("carries a level, a season and nothing at all on as they are", () => {
    const predicted = (values: readonly number[], season: number): number[] => {
      const history = historyOf(values, season);
      return [...averageCes.fit(history).predict(5)].map((value) => value * history.scale);
    };
    predicted(
      Array.from({ length: 20 }, () => 7),
      4,
    ).forEach((value) => expect(value).toBeCloseTo(7, 6));
    const season = Array.from({ length: 24 }, (_, t) => [10, 20, 30, 20][t % 4]!);
    predicted(season, 4).forEach((value, k) => expect(value).toBeCloseTo(season[k]!, 2));
    expect(
      predicted(
        Array.from({ length: 12 }, () => 0),
        4,
      ),
    ).toEqual([0, 0, 0, 0, 0]);
    expect(predicted([3, 1, 2, 5, 4, 2], 1).every(Number.isFinite)).toBe(true);
  });
});
