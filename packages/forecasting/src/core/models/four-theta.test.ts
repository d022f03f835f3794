import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { prepare } from "../prepare.ts";
import { fourTheta } from "./four-theta.ts";
import { membersFor } from "./members.ts";
import { theta } from "./theta.ts";

const predicted = (values: readonly number[], horizon: number, season = 1): number[] => {
  const history = prepare({ values, season })!;
  return [...fourTheta.fit(history).predict(horizon)].map((value) => value * history.scale);
};

describe("4Theta", () => {
  // Below zero nothing multiplies. The theta line of a line is that line; smoothed by .99 it is 3 * .01 / .99 behind at the
  // end, -76.9697. A third of it and two of the line: -78.9899, and two thirds of 3 a step from there.
  it("goes two thirds along a line below zero, as by hand", () => {
    const values = Array.from({ length: 20 }, (_, t) => -20 - 3 * t);
    predicted(values, 3).forEach((value, k) => expect(value).toBeCloseTo(-78.9899 - 2 * k, 3));
    predicted(
      Array.from({ length: 12 }, () => 8),
      3,
    ).forEach((value) => expect(value).toBeCloseTo(8, 9));
  });

  it("grows by shares where the past did, further than theta, and falls so without reaching nothing", () => {
    const growth = Array.from({ length: 20 }, (_, t) => 100 * 1.1 ** t);
    const history = prepare({ values: growth })!;
    const byTheta = theta.fit(history).predict(8)[7]! * history.scale;
    const ahead = predicted(growth, 8);
    expect(ahead[7]! - growth[19]!).toBeGreaterThan(1.5 * (byTheta - growth[19]!));
    expect(ahead[7]!).toBeLessThan(100 * 1.1 ** 27);
    for (let k = 2; k < 8; k++)
      expect(ahead[k]! - ahead[k - 1]!).toBeGreaterThan(ahead[k - 1]! - ahead[k - 2]!);
    const fall = Array.from({ length: 20 }, (_, t) => 100 * 0.7 ** t);
    expect(predicted(fall, 12).every((value) => value > 0 && value < fall[19]!)).toBe(true);
  });

  it("has a season added or multiplied as theta has", () => {
    const values = Array.from({ length: 40 }, (_, t) => [10, 20, 30, 20][t % 4]! * 1.02 ** t);
    const scale = 1.02 ** 40;
    predicted(values, 4, 4).forEach((value, k) =>
      expect(Math.abs(value / ([10, 20, 30, 20][k]! * scale * 1.02 ** k) - 1)).toBeLessThan(0.03),
    );
  });

  // One of its nine ways is theta's own; on the Nile, without a trend that lasts, it chooses one close to it.
  it("has errors in the past no larger than theta's", () => {
    const { nile } = JSON.parse(
      readFileSync(new URL("../testing/r-reference.json", import.meta.url), "utf8"),
    ) as { nile: number[] };
    const history = prepare({ values: nile })!;
    const missed = (fitted: Float64Array): number =>
      fitted.reduce((sum, value, t) => (t < 2 ? sum : sum + Math.abs(value - history.values[t]!)), 0);
    expect(missed(fourTheta.fit(history).fitted)).toBeLessThan(1.002 * missed(theta.fit(history).fitted));
  });
});

describe("members for years and quarters", () => {
  const namesOf = (length: number, season: number): string[] => {
    const values = Array.from({ length }, (_, t) => 50 + 10 * Math.sin((2 * Math.PI * t) / 7));
    return membersFor(prepare({ values, season })!, "regular").map(({ name }) => name);
  };

  it("are 4Theta in place of theta without a season, and complex smoothing in a year of quarters", () => {
    expect(namesOf(30, 1)).toEqual(["4theta", "dotm", "ets-average", "arima-average"]);
    expect(namesOf(30, 4)).toEqual(["theta", "ets-average", "arima-average", "ces-average", "mstl-theta"]);
    expect(namesOf(10, 12)).toEqual(["theta", "dotm", "ets-average", "arima-average"]);
  });
});
