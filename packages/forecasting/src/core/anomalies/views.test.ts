import { describe, expect, it } from "vitest";
import { normalNoise } from "../testing/noise.ts";
import { Alarms } from "./alarms.ts";
import { NearestPast } from "./nearest-past.ts";
import { TimeOfDay } from "./time-of-day.ts";
import { ValueOrder } from "./value-order.ts";

/** The same by the book: all windows kept and sorted. */
function distanceByTheBook(values: Float64Array, at: number, lags: number, memory: number): number {
  const distances: number[] = [];
  for (let end = Math.max(lags - 1, at - memory); end <= at - lags; end++) {
    let squares = 0;
    for (let back = 0; back < lags; back++) squares += (values[at - back]! - values[end - back]!) ** 2;
    distances.push(Math.sqrt(squares / lags));
  }
  const nearest = distances.sort((a, b) => a - b).slice(0, 10);
  return nearest.reduce((sum, distance) => sum + distance, 0) / 10;
}

describe("the nearest of the past", () => {
  it.each([
    ["noise", normalNoise(700, 1)],
    ["values that come again and again", normalNoise(700, 8).map((value) => Math.round(2 * value))],
    ["a stream that climbs", normalNoise(700, 9).map((value, t) => value + t)],
  ])("has the mean distance to the ten nearest windows of each length, in %s", (_, values) => {
    const lags = [1, 3, 4];
    const memory = 100;
    const past = new NearestPast(lags, memory);
    const told = Array.from(values, (value) => [...past.next(value)]);
    // Also when its memory is full, and each time it has made room.
    for (const at of [40, 103, 208, 230, 410, 699]) {
      lags.forEach((lag, k) => {
        expect(told[at]![k]).toBeCloseTo(distanceByTheBook(values, at, lag, memory), 12);
      });
    }
  });

  it("finds a flat stretch in a swinging stream, where no value is unusual", () => {
    const values = Float64Array.from({ length: 400 }, (_, t) => (t >= 300 && t < 310 ? 0.5 : t % 2));
    const past = new NearestPast([4], 1_000);
    const told = Array.from(values, (value) => past.next(value)[0]!);
    expect(told[299]).toBe(0);
    expect(told[304]).toBeGreaterThan(0.4);
  });

  it("says nothing before there is a past", () => {
    const past = new NearestPast([2, 4], 50);
    const told = Array.from(normalNoise(23, 2), (value) => [...past.next(value)]);
    expect(told.slice(0, 22).every(([two]) => two === 0)).toBe(true);
    expect(told[22]![0]).toBeGreaterThan(0);
    expect(told[22]![1]).toBe(0);
  });

  it("is infinitely far from what cannot be subtracted", () => {
    const past = new NearestPast([1], 50);
    for (const value of normalNoise(30, 3)) past.next(value);
    expect(past.next(1e300)[0]).toBe(Infinity);
  });
});

describe("values in order", () => {
  it("keeps the oldest of equal ones first, and forgets it first", () => {
    const order = new ValueOrder(4);
    [5, 3, 5, 4].forEach((value, place) => order.add(value, place));
    order.removeOldest(5);
    expect([...order.values.subarray(0, order.size)]).toEqual([3, 4, 5]);
    expect([...order.places.subarray(0, order.size)]).toEqual([1, 3, 2]);
    order.add(5, 4);
    order.moveStart(1);
    expect([...order.places.subarray(0, order.size)]).toEqual([0, 2, 1, 3]);
    expect([3, 4, 5, 6].map((value) => order.below(value))).toEqual([0, 1, 2, 4]);
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

  it("take an event to last longer in an old stream", () => {
    const again = (age: number): boolean => {
      const alarms = new Alarms(1);
      for (let t = 0; t < age; t++) alarms.next(0);
      alarms.next(2);
      for (let t = 0; t < 150; t++) alarms.next(0);
      return alarms.next(2) >= 1;
    };
    expect([again(2_000), again(10_000)]).toEqual([true, false]);
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
