import { describe, expect, it } from "vitest";
import { prepare } from "../../prepare.ts";
import { normalNoise } from "../../testing/noise.ts";
import { autoArima, fitArima, fitAutoArima } from "./auto-arima.ts";
import { differencesNeeded, kpss, seasonalStrength } from "./differences.ts";
import { armaCovariances, exactLikelihood } from "./exact.ts";
import { multiplied, stationary } from "./polynomials.ts";
import type { ArimaOrder, LagPolynomial } from "./polynomials.ts";

const ar = (...coefficients: number[]): LagPolynomial => multiplied(coefficients, [], 1);
const none = multiplied([], [], 1);
const order = (more: Partial<ArimaOrder>): ArimaOrder => ({
  p: 0,
  d: 0,
  q: 0,
  seasonalP: 0,
  seasonalD: 0,
  seasonalQ: 0,
  season: 1,
  constant: false,
  ...more,
});

describe("the exact likelihood of an ARMA model", () => {
  it("is that of the textbook for an autoregression of order one", () => {
    // -2 log L = n log(2 pi s^2) + n - log(1 - phi^2), n s^2 = (1 - phi^2) y1^2 + sum (y(t) - phi y(t-1))^2.
    // Hamilton (1994), "Time Series Analysis", 5.2.
    const y = Float64Array.of(1, 2, -1, 0.5, 1.5);
    const phi = 0.6;
    let squares = (1 - phi ** 2) * y[0]! ** 2;
    for (let t = 1; t < 5; t++) squares += (y[t]! - phi * y[t - 1]!) ** 2;
    const expected = 5 * Math.log((2 * Math.PI * squares) / 5) + 5 - Math.log(1 - phi ** 2);
    expect(exactLikelihood(y, ar(phi), none)!.minusTwoLog).toBeCloseTo(expected, 10);
  });

  it("is the normal density with the covariance matrix of a moving average", () => {
    // Two values of an MA(1) with theta .5: variance 1.25, covariance .5.
    const y = Float64Array.of(1, -0.5);
    const determinant = 1.25 ** 2 - 0.5 ** 2;
    const form = (1.25 * (1 + 0.25) + 2 * 0.5 * 0.5) / determinant;
    const expected = 2 * (Math.log((2 * Math.PI * form) / 2) + 1) + Math.log(determinant);
    const ma = { ...ar(0.5) };
    expect(exactLikelihood(y, none, ma)!.minusTwoLog).toBeCloseTo(expected, 10);
  });

  it("knows the autocovariances of an ARMA(1,1)", () => {
    // gamma(0) = (1 + 2 phi theta + theta^2) / (1 - phi^2), gamma(1) = (phi + theta)(1 + phi theta) / (1 - phi^2).
    const gamma = armaCovariances(Float64Array.of(0, 0.7), Float64Array.of(1, 0.4), 1, 1)!;
    expect(gamma[0]).toBeCloseTo((1 + 0.56 + 0.16) / 0.51, 12);
    expect(gamma[1]).toBeCloseTo((1.1 * 1.28) / 0.51, 12);
  });
});

describe("estimating", () => {
  it("finds the coefficient of an autoregression of 500 values within .08", () => {
    for (const seed of [1, 2, 3]) {
      const noise = normalNoise(600, seed);
      const values: number[] = [];
      for (let t = 0; t < 600; t++) values.push(0.7 * (values[t - 1] ?? 0) + noise[t]!);
      const fit = fitArima(prepare({ values: values.slice(100) })!, order({ p: 1, constant: true }));
      expect(Math.abs(fit.ar.coefficients[0]! - 0.7)).toBeLessThan(0.08);
    }
  });

  it("forecasts an autoregression by its recursion, back to the mean", () => {
    const values = Array.from({ length: 60 }, (_, t) => 5 + ((t * 7919) % 13) / 13);
    const history = prepare({ values })!;
    const fit = fitArima(history, order({ p: 1, constant: true }));
    const forecast = fit.predict(50);
    const phi = fit.ar.coefficients[0]!;
    const mean = values.reduce((a, b) => a + b) / 60 / history.scale;
    expect(forecast[0]).toBeCloseTo(mean + phi * (history.values[59]! - mean), 10);
    expect(forecast[49]).toBeCloseTo(mean, 6);
  });

  it("undoes differences: a seasonal random walk repeats its last season, with the drift of the mean change", () => {
    const values = Array.from({ length: 48 }, (_, t) => 10 * (t % 4) + 2 * Math.floor(t / 4));
    const history = prepare({ values })!;
    const forecast = fitArima(history, order({ seasonalD: 1, season: 4, constant: true })).predict(8);
    [24, 34, 44, 54, 26, 36, 46, 56].forEach((value, k) =>
      expect(forecast[k]! * history.scale).toBeCloseTo(value, 8),
    );
  });

  it("keeps every autoregression stationary, whatever the free numbers", () => {
    for (const coefficients of [stationary([3, -3, 2.5], 0, 3), stationary([0.1, 5], 0, 2)]) {
      const values = [1];
      for (let t = 1; t < 20_000; t++) {
        values.push(coefficients.reduce((sum, c, i) => sum + c * (values[t - 1 - i] ?? 0), 0));
      }
      expect(Math.abs(values.at(-1)!)).toBeLessThan(10);
    }
  });
});

describe("choosing orders", () => {
  it("differences what wanders and leaves what does not", () => {
    const noise = normalNoise(200, 5);
    let level = 0;
    const walk = noise.map((value) => (level += value));
    expect(differencesNeeded(noise)).toBe(0);
    expect(differencesNeeded(walk)).toBe(1);
    expect(kpss(walk)).toBeGreaterThan(kpss(noise));
  });

  it("sees a season that is there", () => {
    const noise = normalNoise(120, 6);
    expect(seasonalStrength(noise, 12)).toBeLessThan(0.4);
    expect(
      seasonalStrength(
        noise.map((e, t) => e + 5 * Math.sin((t * Math.PI) / 6)),
        12,
      ),
    ).toBeGreaterThan(0.8);
  });

  it("differences at the season where it is strong", () => {
    const values = normalNoise(120, 7).map((e, t) => 50 + e + 10 * Math.sin((t * Math.PI) / 6));
    const { order: chosen } = fitAutoArima(prepare({ values, season: 12 })!);
    expect(chosen).toMatchObject({ seasonalD: 1, season: 12 });
  });

  it("takes long seasons for no season of its own, so that a week of hours cannot stall it", () => {
    const values = normalNoise(1000, 8).map((e, t) => 50 + e + 10 * Math.sin((t * Math.PI) / 84));
    const history = prepare({ values, season: 168 })!;
    expect(autoArima.fit(history).predict(5).every(Number.isFinite)).toBe(true);
    expect(fitAutoArima(history).order.season).toBe(1);
  });
});
