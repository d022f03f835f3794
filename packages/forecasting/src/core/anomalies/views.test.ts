import { describe, expect, it } from "vitest";
import { normalNoise } from "../testing/noise.ts";
import { Alarms } from "./alarms.ts";
import { NearestPast } from "./nearest-past.ts";
import { TimeOfDay } from "./time-of-day.ts";

/** The same by the book: all windows kept and sorted. */
function distanceByTheBook(values: Float64Array, at: number, lags: number, memory: number): number {
  const distances: number[] = [];
  for (let end = Math.max(lags - 1, at - lags - memory + 1); end <= at - lags; end++) {
    let squares = 0;
    for (let back = 0; back < lags; back++) squares += (values[at - back]! - values[end - back]!) ** 2;
    distances.push(Math.sqrt(squares / lags));
  }
  const nearest = distances.sort((a, b) => a - b).slice(0, 10);
  return nearest.reduce((sum, distance) => sum + distance, 0) / 10;
}

describe("the nearest of the past", () => {
  it("has the mean distance to the ten nearest windows it remembers, also when its memory is full", () => {
    const values = normalNoise(700, 1);
    const [lags, memory] = [3, 100];
    const past = new NearestPast(lags, memory);
    const told = Array.from(values, (value) => past.next(value));
    for (const at of [40, 103, 230, 410, 699]) {
      expect(told[at]).toBeCloseTo(distanceByTheBook(values, at, lags, memory), 12);
    }
  });

  it("finds a flat stretch in a swinging stream, where no value is unusual", () => {
    const values = Float64Array.from({ length: 400 }, (_, t) => (t >= 300 && t < 310 ? 0.5 : t % 2));
    const past = new NearestPast(4, 1_000);
    const told = Array.from(values, (value) => past.next(value));
    expect(told[299]).toBe(0);
    expect(told[304]).toBeGreaterThan(0.4);
  });

  it("says nothing before there is a past", () => {
    const past = new NearestPast(2, 50);
    expect(Array.from(normalNoise(22, 2), (value) => past.next(value)).every((d) => d === 0)).toBe(true);
  });
});

describe("alarms", () => {
  it("tell an event once, unless it gets clearly worse", () => {
    const alarms = new Alarms(1);
    expect([1.1, 1.2, 1.3, 1.6, 1.5].map((score) => alarms.next(score) >= 1)).toEqual([
      true,
      false,
      false,
      true,
      false,
    ]);
  });

  it("ask more of a stream that alarmed often, and forget it", () => {
    const alarms = new Alarms(1);
    const quiet = (n: number): void => {
      for (let t = 0; t < n; t++) alarms.next(0);
    };
    quiet(2_000);
    for (let event = 0; event < 5; event++) {
      alarms.next(2);
      quiet(101);
    }
    expect(alarms.next(1.05)).toBeLessThan(1);
    quiet(20_000);
    expect(alarms.next(1.05)).toBeGreaterThan(1);
  });
});

describe("the time of day", () => {
  it("knows what is usual at an hour once it was there twice", () => {
    const hours = new TimeOfDay(3_600);
    const rests = Array.from({ length: 96 }, (_, hour) =>
      hours.next(hour * 3_600, hour === 80 ? 9 : hour % 24),
    );
    expect(rests.slice(0, 48).every((rest) => rest === undefined)).toBe(true);
    expect(rests[80]).toBeCloseTo(1, 12);
    expect(rests[81]).toBeCloseTo(0, 12);
  });

  it("takes times before 1970 and days of a single value", () => {
    const days = new TimeOfDay(86_400 * 7);
    expect([-3, -2, -1].map((week) => days.next(week * 604_800, 5))).toEqual([undefined, undefined, 0]);
  });
});
