import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatCents, priceForQuantity, roundHalfUp, shareOf, splitCents } from "./money.ts";

describe("rounding to the cent", () => {
  it.each([
    [0.5, 1],
    [1.5, 2],
    [2.4999, 2],
    [100.4999, 100],
    [-0.5, -1],
    // 1.005 has no exact binary form; it stands for the half it was written as.
    [1.005 * 100, 101],
    [742.35, 742],
  ])("takes %d to %d", (value, expected) => {
    expect(roundHalfUp(value)).toBe(expected);
  });
});

describe("the price of a quantity", () => {
  it.each([
    // Hand-worked, from the journeys: 1.515 kg and 0.734 kg at 4.90/kg, two tomatoes of about 750 g.
    [490, 1000, 1515, 742],
    [490, 1000, 734, 360],
    [490, 1000, 1500, 735],
    [250, 1, 2, 500],
  ])("is %d per %d, times %d: %d cents", (cents, per, quantity, expected) => {
    expect(priceForQuantity(cents, per, quantity)).toBe(expected);
  });

  it("grows with the quantity", () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.nat(100_000), fc.nat(10_000), (a, b, cents) => {
        const [less, more] = a < b ? [a, b] : [b, a];
        expect(priceForQuantity(cents, 1000, less)).toBeLessThanOrEqual(priceForQuantity(cents, 1000, more));
      }),
    );
  });
});

describe("a share of a sum", () => {
  it.each([
    // The fees of the journey's three farms at 5 %: .37, .25, .30.
    [742, 37],
    [500, 25],
    [600, 30],
  ])("of %d cents at 5 %% is %d", (total, fee) => {
    expect(shareOf(total, 500)).toBe(fee);
  });
});

describe("splitting a sum", () => {
  it("gives whole cents that add up to it", () => {
    const weights = fc
      .array(fc.nat(1000), { minLength: 1, maxLength: 12 })
      .filter((list) => list.some((n) => n > 0));
    fc.assert(
      fc.property(fc.nat(1_000_000), weights, (total, list) => {
        const parts = splitCents(total, list);
        expect(parts.reduce((a, b) => a + b, 0)).toBe(total);
        expect(parts.every(Number.isInteger)).toBe(true);
      }),
    );
  });

  it("gives the odd cent to the largest remainder, the earlier first", () => {
    expect(splitCents(100, [1, 1, 1])).toEqual([34, 33, 33]);
  });
});

describe("cents as text", () => {
  it.each([
    [490, "4.90"],
    [5, "0.05"],
    [-1205, "-12.05"],
    [0, "0.00"],
  ])("writes %d as %s", (cents, text) => {
    expect(formatCents(cents)).toBe(text);
  });
});
