import { describe, expect, it } from "vitest";
import { normalNoise } from "../testing/noise.ts";
import { historyOver, reconcileOverTime, sumsOver } from "./over-time.ts";
import { reconcile, wholeParts } from "./reconcile.ts";
import { shrunkCovariance } from "./shrunk-covariance.ts";

const both = { bottom: 2, aggregates: [[0, 1]] };
const f = (...values: number[]): Float64Array => Float64Array.from(values);
const identity = { size: 3, values: f(1, 0, 0, 0, 1, 0, 0, 0, 1) };

describe("reconciling", () => {
  it("spreads a gap evenly when all are known equally well", () => {
    // 100 against 60 + 34: the gap of 6 is shared by three, so the total gives 2 and each part takes 2.
    const { bottom, aggregates } = reconcile(both, [f(100)], [f(60), f(34)], identity, true);
    expect(bottom[0]![0]).toBeCloseTo(62, 12);
    expect(bottom[1]![0]).toBeCloseTo(36, 12);
    expect(aggregates[0]![0]).toBe(bottom[0]![0]! + bottom[1]![0]!);
  });

  it("moves what is known least", () => {
    const covariance = { size: 3, values: f(0.001, 0, 0, 0, 1, 0, 0, 0, 9) };
    const { bottom } = reconcile(both, [f(100)], [f(60), f(34)], covariance, true);
    expect(bottom[0]![0]).toBeCloseTo(60.6, 2);
    expect(bottom[1]![0]).toBeCloseTo(39.4, 2);
  });

  it("leaves what adds up already, and sums the bottom without a covariance", () => {
    expect(reconcile(both, [f(94)], [f(60), f(34)], identity, true).bottom).toEqual([f(60), f(34)]);
    expect(reconcile(both, [f(100)], [f(60), f(34)], undefined, true).aggregates).toEqual([f(94)]);
  });

  it("keeps sums exact where a part would fall below zero", () => {
    const { bottom, aggregates } = reconcile(both, [f(0)], [f(60), f(1)], identity, true);
    expect(bottom[1]![0]).toBe(0);
    expect(aggregates[0]![0]).toBe(bottom[0]![0]);
  });

  it("refuses forecasts that do not fit", () => {
    expect(() => reconcile(both, [], [f(1), f(2)], undefined, true)).toThrow("do not fit");
    expect(() => reconcile(both, [f(1, 2)], [f(1), f(2)], undefined, true)).toThrow("do not fit");
  });
});

describe("the shrunk covariance", () => {
  it("is positive definite with more series than errors, and keeps the variances", () => {
    const errors = Array.from({ length: 30 }, (_, i) => normalNoise(8, i + 1));
    const covariance = shrunkCovariance(errors);
    const variance = errors[4]!.reduce((sum, value) => sum + value * value, 0) / 8;
    expect(covariance.values[4 * 30 + 4]).toBeCloseTo(variance, 12);
    const hierarchy = { bottom: 28, aggregates: [[0, 1, 2], Array.from({ length: 28 }, (_, i) => i)] };
    const ones = (count: number): Float64Array[] => Array.from({ length: count }, () => f(1));
    expect(reconcile(hierarchy, ones(2), ones(28), covariance, false).bottom[0]![0]).toBeTypeOf("number");
  });

  it("weighs by each other errors whose squares have no room, of which one may be huge beside the rest", () => {
    const scales = [1e300, 1e300, 1, 1e-300];
    const covariance = shrunkCovariance(
      scales.map((scale, i) => normalNoise(40, i + 1).map((x) => scale * x)),
    );
    const hierarchy = { bottom: 3, aggregates: [[0, 1, 2]] };
    const { bottom } = reconcile(hierarchy, [f(9e300)], [f(3e300), f(4), f(5e-300)], covariance, true);
    expect(bottom[0]![0]! / 1e300).toBeGreaterThan(3.5);
    expect(bottom[1]![0]).toBeGreaterThanOrEqual(0);
    const all = shrunkCovariance(scales.map((_, i) => normalNoise(40, i + 1).map((x) => 1e-300 * x)));
    const small = reconcile(hierarchy, [f(9)], [f(3), f(2), f(1)], all, true);
    expect(small.bottom.every(([value]) => Number.isFinite(value))).toBe(true);
    expect(small.aggregates[0]![0]).toBeGreaterThan(6);
  });

  it("takes a series that never erred as known, and one without errors as told, or as the others", () => {
    const errors = [f(3, -3, 3, -3), f(0, 0, 0, 0), f(NaN, NaN, NaN, NaN)];
    const deviations = (unknown?: number[]): number[] => {
      const { size, values } = shrunkCovariance(errors, unknown);
      return errors.map((_, i) => Math.sqrt(values[i * size + i]!));
    };
    expect(deviations()[0]).toBeCloseTo(3);
    expect(deviations()[1]).toBeLessThan(1e-5);
    expect(deviations()[2]).toBeCloseTo(3);
    expect(deviations([9, 9, 12])[2]).toBeCloseTo(12);
    expect(deviations([9, 9, 0])[2]).toBeLessThan(1e-5);
  });

  it("sees that two series err together, with gaps in one of them", () => {
    const one = normalNoise(200, 3);
    const two = one.map((value, t) => (t % 5 === 0 ? NaN : value + 0.1 * normalNoise(1, t + 1)[0]!));
    const { values } = shrunkCovariance([one, two]);
    expect(values[1]! / Math.sqrt(values[0]! * values[3]!)).toBeGreaterThan(0.8);
  });
});

describe("days, weeks and months", () => {
  const days = f(1, 2, 3, 4, 5, 6, 7);

  it("meet half way where all are known equally well", () => {
    // Blocks of three: 6 against 9 and 15 against 18. Each gap of 3 is shared by three days and the block, all alike.
    const met = reconcileOverTime(days, 1, [{ every: 3, forecast: f(9, 18), variance: 1 }], true);
    [1.75, 2.75, 3.75, 4.75, 5.75, 6.75, 7].forEach((value, k) => expect(met[k]).toBeCloseTo(value, 12));
    expect([...sumsOver(met, 3)]).toEqual([expect.closeTo(8.25, 12), expect.closeTo(17.25, 12)]);
  });

  it("believe the speed that is known best", () => {
    const met = reconcileOverTime(days, 1e6, [{ every: 7, forecast: f(35), variance: 1e-3 }], true);
    expect(sumsOver(met, 7)[0]).toBeCloseTo(35, 6);
    const kept = reconcileOverTime(days, 1e-6, [{ every: 7, forecast: f(35), variance: 1e3 }], true);
    expect(sumsOver(kept, 7)[0]).toBeCloseTo(28, 6);
  });

  it("are asked together where weeks make months, and stay as they are where nothing slower is known", () => {
    const two = [
      { every: 2, forecast: f(3, 7, 11), variance: 2 },
      { every: 6, forecast: f(27), variance: 2 },
    ];
    const met = reconcileOverTime(days, 1, two, true);
    expect(sumsOver(met, 6)[0]).toBeGreaterThan(21);
    expect(sumsOver(met, 6)[0]).toBeLessThan(27);
    expect(met[1]! - met[0]!).toBeCloseTo(1, 9);
    expect(reconcileOverTime(days, 1, [], true)).toEqual(days);
  });

  it("have a slower history of whole blocks that end together, with gaps kept", () => {
    expect(historyOver([9, 1, 2, 3, null, 5, 6], 2)).toEqual([3, null, 11]);
    expect(historyOver([1], 2)).toEqual([]);
  });

  it("refuse blocks that do not fit", () => {
    const wrong = { every: 3, forecast: f(9), variance: 1 };
    expect(() => reconcileOverTime(days, 1, [wrong], true)).toThrow("blocks of 3 steps do not fit");
    expect(() => reconcileOverTime(new Float64Array(1001), 1, [], true)).toThrow("at most 1000 steps");
  });
});

describe("whole parts", () => {
  it.each([
    [
      [0.5, 0.5, 1],
      [1, 0, 1],
    ],
    [
      [33.34, 33.33, 33.33],
      [34, 33, 33],
    ],
    [
      [0, 0],
      [0, 0],
    ],
    [[], []],
  ])("makes %j %j", (values, parts) => {
    expect(wholeParts(values)).toEqual(parts);
  });

  it("holds the sum to the gram", () => {
    const values = normalNoise(50, 1).map((value) => 1000 * Math.abs(value));
    const total = values.reduce((sum, value) => sum + value, 0);
    expect(wholeParts(values).reduce((sum, value) => sum + value, 0)).toBe(Math.round(total));
  });
});
