import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { whatIf, type WhatIfQuestion } from "./what-if.ts";

const question: WhatIfQuestion = {
  nowCents: 490,
  expectedAtCents: 490,
  currency: "USD",
  perBase: 1_000,
  demand: { p10: 20_000, p50: 30_000, p90: 45_000 },
  answer: { low: -1.8, mid: -1.4, high: -1 },
  askedCents: [440, 490],
};
const at = (priceCents: number, found = whatIf(question)) =>
  found.find((point) => point.priceCents === priceCents)!;

describe("what if it cost something else", () => {
  it("is the day as it is expected at today's price", () => {
    expect(at(490).quantity).toEqual({ low: 20_000, mid: 30_000, high: 45_000 });
    expect(at(490).takings.mid).toBeCloseTo(490 * 30, 6);
  });

  it("is the answer's power of the price away from it", () => {
    const [lowest] = whatIf(question);
    expect(lowest!.priceCents).toBe(400);
    expect(lowest!.quantity.mid).toBeCloseTo(30_000 * (400 / 490) ** -1.4, 6);
    expect(lowest!.takings.mid).toBeCloseTo(30 * 400 * (400 / 490) ** -1.4, 6);
  });

  it("looks at nine prices at most within a fifth, today's among them, the lowest first", () => {
    const prices = whatIf(question).map(({ priceCents }) => priceCents);
    expect(prices).toEqual([400, 420, 450, 470, 490, 510, 530, 560, 580]);
  });

  it("is held against the price that the day is expected at, where that is not today's", () => {
    const found = whatIf({ ...question, expectedAtCents: 420 });
    expect(at(420, found).quantity).toEqual({ low: 20_000, mid: 30_000, high: 45_000 });
    expect(at(490, found).quantity.mid).toBeCloseTo(30_000 * (490 / 420) ** -1.4, 6);
  });

  it("is less sure the further away it is, on both sides", () => {
    const width = (priceCents: number): number => {
      const { low, high } = at(priceCents).quantity;
      return Math.log(high / low);
    };
    expect(width(450)).toBeGreaterThan(width(490));
    expect(width(400)).toBeGreaterThan(width(450));
    expect(width(580)).toBeGreaterThan(width(530));
  });

  it("says which prices were never asked", () => {
    expect(whatIf(question).map(({ isBeyondAsked }) => isBeyondAsked)).toEqual([
      true,
      true,
      false,
      false,
      false,
      true,
      true,
      true,
      true,
    ]);
  });

  it("is told of today's price alone where nothing is known of how buyers answer", () => {
    const { answer: _, ...rest } = question;
    expect(whatIf(rest)).toMatchObject([{ priceCents: 490, quantity: { mid: 30_000 } }]);
  });

  it("is nothing where nobody asks for it or it costs nothing", () => {
    expect(whatIf({ ...question, demand: { p10: 0, p50: 0, p90: 300 } })).toEqual([]);
    expect(whatIf({ ...question, nowCents: 0 })).toEqual([]);
  });

  it("never turns round, is never below nothing, and stays finite whatever it is asked", () => {
    const amount = fc.double({ min: 0, max: 1e9, noNaN: true });
    const slope = fc.double({ min: -20, max: 20, noNaN: true });
    fc.assert(
      fc.property(
        fc.tuple(amount, amount, amount),
        fc.tuple(slope, slope, slope),
        fc.integer({ min: 1, max: 10_000_000 }),
        (demands, slopes, nowCents) => {
          const [p10, p50, p90] = demands.toSorted((a, b) => a - b) as [number, number, number];
          const [low, mid, high] = slopes.toSorted((a, b) => a - b) as [number, number, number];
          const points = whatIf({
            ...question,
            nowCents,
            expectedAtCents: nowCents,
            demand: { p10, p50, p90 },
            answer: { low, mid, high },
          });
          for (const { priceCents, quantity, takings } of points) {
            expect(priceCents).toBeGreaterThan(0);
            for (const range of [quantity, takings]) {
              expect(range.low).toBeGreaterThanOrEqual(0);
              expect(range.low).toBeLessThanOrEqual(range.mid);
              expect(range.mid).toBeLessThanOrEqual(range.high);
              expect(Number.isFinite(range.high)).toBe(true);
            }
          }
        },
      ),
      { seed: 7, numRuns: 300 },
    );
  });
});
