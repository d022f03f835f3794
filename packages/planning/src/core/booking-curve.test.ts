import { seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import {
  bookingCurve,
  usualShare,
  withBookings,
  type BookedDay,
  type BookingCurve,
} from "./booking-curve.ts";

const expected = { p10: 8_000, p50: 12_000, p90: 17_000 };
const curve: BookingCurve = { complete: 0, mean: 0.5, firmness: 20 };
const step = 750;

describe("what is ordered by now", () => {
  const days = (...shares: readonly number[]): BookedDay[] =>
    shares.map((share) => ({ totalBase: 10_000, byThenBase: 10_000 * share, stepBase: 1 }));

  it("is the share that earlier days had by then, drawn to the farm's", () => {
    // Own .5 of two days beside six days' worth of the farm's .3: (2 x .5 + 6 x .3) / 8 = .35, orders in steps aside.
    const found = bookingCurve(days(0.5, 0.5), days(0.3, 0.2, 0.4, 0.3))!;
    expect(found.mean).toBeCloseTo(0.35, 3);
    const long = bookingCurve(days(...Array.from({ length: 60 }, () => 0.5)), days(0.3, 0.2, 0.4, 0.3))!;
    expect(long.mean).toBeGreaterThan(0.48);
  });

  it("is firmer where days are alike", () => {
    const alike = bookingCurve(days(0.5, 0.5, 0.5, 0.5), days(0.5, 0.5, 0.5, 0.5))!;
    const unlike = bookingCurve(days(0.1, 0.9, 0.2, 0.8), days(0.1, 0.9, 0.2, 0.8))!;
    expect(alike.firmness).toBeGreaterThan(10 * unlike.firmness);
  });

  it("keeps days apart on which nothing more came", () => {
    const found = bookingCurve(days(1, 1, 1, 0.4, 0.4, 1), days(1, 0.4, 0.4, 1, 1, 1))!;
    expect(found.complete).toBeCloseTo(2 / 3, 9);
    expect(found.mean).toBeCloseTo(0.4, 2);
    expect(usualShare(found)).toBeCloseTo(0.8, 2);
  });

  it("tells nothing from three days, and where nobody orders so early", () => {
    expect(bookingCurve(days(0.5, 0.5, 0.5), days(0.5, 0.5, 0.5))).toBeUndefined();
    expect(bookingCurve(days(0, 0, 0, 0), days(0, 0, 0, 0))).toBeUndefined();
  });
});

describe("what a day will come to with what is ordered", () => {
  it("lies between the forecast and what the orders alone would say", () => {
    // Half is usually ordered by now: 10 kg of it speak for 20 kg, the forecast for 12 kg.
    const found = withBookings(expected, 10_000, curve, step);
    expect(found.p50).toBeGreaterThan(13_500);
    expect(found.p50).toBeLessThan(18_500);
    // From the same integral by steps of 5 g over demand itself, instead of 240 over its root and straight lines between nodes.
    expect(found.p10 / 13_853).toBeCloseTo(1, 2);
    expect(found.p50 / 16_438).toBeCloseTo(1, 2);
    expect(found.p90 / 20_483).toBeCloseTo(1, 2);
  });

  it("is open above where orders are more than the forecast, and never three times the same figure", () => {
    const found = withBookings(expected, 25_000, curve, step);
    expect(found.p10).toBeGreaterThan(25_000);
    expect(found.p50).toBeGreaterThan(found.p10 * 1.02);
    expect(found.p90).toBeGreaterThan(found.p50 * 1.05);
  });

  it("falls where less is ordered than usual by now, and stays near the forecast where as much is", () => {
    const empty = withBookings(expected, 0, curve, step);
    expect(empty.p50).toBeLessThan(9_000);
    expect(empty.p50).toBeGreaterThan(4_000);
    const usual = withBookings(expected, 6_000, curve, step);
    expect(Math.abs(usual.p50 / 12_000 - 1)).toBeLessThan(0.08);
    expect(usual.p90 - usual.p10).toBeLessThan(expected.p90 - expected.p10);
  });

  it("is the forecast, and at least what is ordered, where nothing is known of the curve", () => {
    expect(withBookings(expected, 10_000, undefined, step)).toEqual({
      p10: 10_000,
      p50: 12_000,
      p90: 17_000,
    });
  });

  it("is next to what is ordered when all is ordered by now", () => {
    const closed: BookingCurve = { complete: 0.97, mean: 0.9, firmness: 50 };
    const found = withBookings(expected, 9_000, closed, step);
    expect(found.p10).toBe(9_000);
    expect(found.p50).toBe(9_000);
    expect(found.p90).toBeLessThan(9_500);
    // Three of ten days went on by some: what is ordered is the likeliest, and P90 leaves room.
    const open = withBookings(expected, 9_000, { ...closed, complete: 0.7 }, step);
    expect(open.p10).toBe(9_000);
    expect(open.p90).toBeGreaterThan(9_300);
    expect(open.p90).toBeLessThan(12_000);
  });

  it("agrees with the same integral done by chance", () => {
    // D from the forecast's t, S from the Beta, kept where D S falls within 250 g of the 6 kg that are ordered.
    const rng = seededRng(5);
    const kept: number[] = [];
    const spreads = {
      below: (Math.sqrt(12_000) - Math.sqrt(8_000)) / 1.4759,
      above: (Math.sqrt(17_000) - Math.sqrt(12_000)) / 1.4759,
    };
    for (let n = 0; n < 400_000; n++) {
      let squares = 0;
      for (let k = 0; k < 5; k++) squares += rng.normal() ** 2;
      const t = rng.normal() / Math.sqrt(squares / 5);
      const isAbove = rng.next() < 0.5;
      const demand =
        (Math.sqrt(12_000) + (isAbove ? Math.abs(t) * spreads.above : -Math.abs(t) * spreads.below)) ** 2;
      let [one, other] = [0, 0];
      for (let k = 0; k < 10; k++) one -= Math.log(1 - rng.next());
      for (let k = 0; k < 10; k++) other -= Math.log(1 - rng.next());
      if (Math.abs((demand * one) / (one + other) - 6_000) < 250) kept.push(demand);
    }
    kept.sort((a, b) => a - b);
    const found = withBookings(expected, 6_000, curve, 1);
    expect(found.p10 / kept[Math.floor(0.1 * kept.length)]!).toBeCloseTo(1, 1);
    expect(found.p50 / kept[Math.floor(0.5 * kept.length)]!).toBeCloseTo(1, 1);
    expect(found.p90 / kept[Math.floor(0.9 * kept.length)]!).toBeCloseTo(1, 1);
  });

  it("never falls when more is ordered, and is in order, whatever the numbers", () => {
    const rng = seededRng(9);
    for (let n = 0; n < 300; n++) {
      const p10 = 20_000 * rng.next() ** 3;
      const p50 = p10 * (1 + rng.next());
      const forecast = { p10, p50, p90: p50 * (1 + rng.next()) };
      const own = {
        complete: rng.next() ** 2,
        mean: 0.02 + 0.97 * rng.next(),
        firmness: 2 + 148 * rng.next(),
      };
      const stepBase = 1 + 999 * rng.next();
      let last = { p10: 0, p50: 0, p90: 0 };
      const quantities = [0, 1, 0.3 * p50, p50, 1.5 * p50, 4 * p50, 1e6].sort((a, b) => a - b);
      for (const orderedBase of quantities) {
        const found = withBookings(forecast, orderedBase, own, stepBase);
        for (const key of ["p10", "p50", "p90"] as const) {
          expect(Number.isFinite(found[key])).toBe(true);
          expect(found[key]).toBeGreaterThanOrEqual(orderedBase);
        }
        expect(found.p10).toBeLessThanOrEqual(found.p50);
        expect(found.p50).toBeLessThanOrEqual(found.p90);
        expect(found.p10).toBeGreaterThanOrEqual(last.p10);
        expect(found.p50).toBeGreaterThanOrEqual(last.p50);
        expect(found.p90).toBeGreaterThanOrEqual(last.p90);
        last = found;
      }
    }
  });
});
