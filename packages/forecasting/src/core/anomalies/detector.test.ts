import { describe, expect, it } from "vitest";
import { normalNoise } from "../testing/noise.ts";
import { AnomalyDetector, anomalyThreshold } from "./detector.ts";
import { RunningWindow } from "./running.ts";

const step = 300;
const day = (t: number): number => 50 + 20 * Math.sin((2 * Math.PI * t) / 288);
const scoresOf = (values: ArrayLike<number>): number[] => {
  const detector = new AnomalyDetector(step);
  return Array.from(values, (value, t) => detector.next(1_700_000_000 + t * step, value));
};
const alarms = (scores: number[]): number[] =>
  scores.flatMap((score, t) => (score >= anomalyThreshold ? [t] : []));
const daily = (n: number, seed: number): Float64Array => normalNoise(n, seed).map((e, t) => day(t) + 2 * e);

describe("a stream of anomaly scores", () => {
  it("tells a spike at once, and a shift within an hour or two", () => {
    const values = daily(4_000, 1);
    values[2_500] = 140;
    for (let t = 3_300; t < 4_000; t++) values[t]! += 60;
    const told = alarms(scoresOf(values));
    expect(told).toContain(2_500);
    expect(told.some((t) => t >= 3_300 && t < 3_324)).toBe(true);
  });

  it("tells a spike on the first day, before any time of day has come again", () => {
    const values = daily(280, 7);
    values[200] = 500;
    expect(alarms(scoresOf(values))).toEqual([200]);
  });

  it("sees a value that is usual, but not at that time of day", () => {
    const values = daily(6_000, 2);
    // Night's values at noon, for two hours.
    for (let t = 72 + 288 * 18; t < 96 + 288 * 18; t++) values[t] = 30;
    expect(alarms(scoresOf(values)).some((t) => t >= 72 + 288 * 18 && t < 96 + 288 * 18)).toBe(true);
  });

  it("alarms at fewer than one in five hundred values of noise, once it has seen a day", () => {
    const told = [3, 13].flatMap((seed) => [
      ...alarms(scoresOf(daily(4_000, seed))),
      ...alarms(scoresOf(normalNoise(4_000, seed))),
    ]);
    expect(told.filter((t) => t > 300).length).toBeLessThan((4 * 3_700) / 500);
  });

  it("is slow to alarm in a young stream, where much is new that is not unusual", () => {
    const told = Array.from({ length: 20 }, (_, seed) => alarms(scoresOf(normalNoise(100, seed + 1))));
    expect(told.flat().length).toBeLessThanOrEqual(2);
  });

  it("uses nothing that comes later", () => {
    const values = daily(2_000, 4);
    const whole = scoresOf(values);
    const poisoned = values.slice();
    poisoned.fill(1e9, 1_500);
    expect(scoresOf(poisoned).slice(0, 1_500)).toEqual(whole.slice(0, 1_500));
  });

  it("tells a long event once", () => {
    const values = daily(3_000, 5);
    for (let t = 2_000; t < 2_090; t++) values[t] = 300;
    expect(alarms(scoresOf(values)).filter((t) => t >= 2_000 && t < 2_090).length).toBeLessThanOrEqual(3);
  });

  it("gives scores in 0 to 1 for constants, zeros, huge values and none", () => {
    for (const values of [
      [],
      [5],
      Array.from({ length: 200 }, () => 0),
      [1e300, -1e300, 1e-300],
      normalNoise(100, 6),
    ]) {
      for (const score of scoresOf(values)) {
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1);
      }
    }
  });
});

describe("a running window", () => {
  it("has the mean and deviation of its last values, also far from zero", () => {
    const window = new RunningWindow(3);
    for (const value of [1e9, 1e9 + 1, 1e9 + 2, 1e9 + 6]) window.add(value);
    expect(window.mean).toBeCloseTo(1e9 + 3, 6);
    expect(window.deviation).toBeCloseTo(Math.sqrt(14 / 3), 6);
  });
});
