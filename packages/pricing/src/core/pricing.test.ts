import { seededRng } from "@almanac/kernel";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { elasticitiesOf, type PricedHistory } from "./elasticities.ts";
import { markDownLadder } from "./mark-down.ts";
import { priceBand } from "./neighbours.ts";
import { ownElasticity, type PricedDay } from "./own-elasticity.ts";
import { priceAtLeast } from "./price-steps.ts";
import { priceFloor, suggestPrice } from "./suggest-price.ts";

interface Planted {
  readonly seed: number;
  readonly elasticity: number;
  readonly days?: number;
  readonly prices?: readonly number[];
  /** Of the turnout, at 400 cents and in the middle of the year. */
  readonly buyersShare?: number;
}

/** Weekly market days of a product with a season, growing turnout and prices that hold for weeks. */
function planted({
  seed,
  elasticity,
  days = 104,
  prices = [360, 400, 440],
  buyersShare = 0.12,
}: Planted): PricedDay[] {
  const rng = seededRng(`priced ${seed}`);
  let price = 400;
  return Array.from({ length: days }, (_, week) => {
    if (week % 7 === 0) price = rng.pick(prices);
    const day = 19_000 + 7 * week;
    const turnout = 80 + rng.int(60) + week;
    const season = 1 + 0.5 * Math.sin((2 * Math.PI * day) / 365.25 + seed);
    const mean = buyersShare * turnout * season * (price / 400) ** elasticity;
    return { day, soldBase: 750 * rng.poisson(mean), priceCents: price, turnout };
  });
}

const shelf = (elasticityOf: (category: number) => number): PricedHistory[] =>
  Array.from({ length: 24 }, (_, at) => ({
    id: `p${at}`,
    category: `c${at % 3}`,
    days: planted({ seed: at, elasticity: elasticityOf(at % 3) }),
  }));

describe("how buyers answer to prices", () => {
  it("is found within .3 of the -1.8 that was planted, for every product, its interval around it", () => {
    const found = elasticitiesOf(shelf(() => -1.8));
    expect(found).toHaveLength(24);
    for (const { elasticity } of found) expect(Math.abs(elasticity + 1.8)).toBeLessThan(0.3);
    const covered = found.filter(
      ({ elasticity, standardError }) => Math.abs(elasticity + 1.8) < 1.96 * standardError,
    );
    expect(covered.length).toBeGreaterThanOrEqual(20);
  });

  it("differs between categories that differ", () => {
    const found = elasticitiesOf(shelf((category) => [-0.6, -1.8, -3][category]!));
    const mean = (category: number): number => {
      const own = found.filter((_, at) => at % 3 === category);
      return own.reduce((sum, { elasticity }) => sum + elasticity, 0) / own.length;
    };
    expect(mean(0)).toBeGreaterThan(-1.1);
    expect(Math.abs(mean(1) + 1.8)).toBeLessThan(0.3);
    expect(mean(2)).toBeLessThan(-2.5);
  });

  it("of a product whose price never moved is its category's, less certain than of one whose price did", () => {
    const still = {
      id: "still",
      category: "c1",
      days: planted({ seed: 99, elasticity: -1.8, prices: [400] }),
    };
    const found = elasticitiesOf([...shelf(() => -1.8), still]);
    expect(found.at(-1)).toMatchObject({ id: "still", source: "category", ownShare: 0, priceLevels: 1 });
    expect(Math.abs(found.at(-1)!.elasticity + 1.8)).toBeLessThan(0.3);
  });

  it("is not told from too few days, one price, prices that hardly differ, or fewer than three products", () => {
    expect(ownElasticity(planted({ seed: 1, elasticity: -1.8, days: 19 }))).toBeUndefined();
    expect(ownElasticity(planted({ seed: 1, elasticity: -1.8, prices: [400] }))).toBeUndefined();
    expect(ownElasticity(planted({ seed: 1, elasticity: -1.8, prices: [400, 405] }))).toBeUndefined();
    expect(ownElasticity([])).toBeUndefined();
    expect(elasticitiesOf(shelf(() => -1.8).slice(0, 2))).toEqual([]);
    expect(elasticitiesOf([])).toEqual([]);
  });

  it("is not drawn to nought where weeks without a buyer follow each other", () => {
    const own = Array.from({ length: 200 }, (_, seed) =>
      ownElasticity(planted({ seed, elasticity: -1.8, buyersShare: 0.004 })),
    );
    const mean = own.reduce((sum, one) => sum + one!.elasticity, 0) / own.length;
    expect(Math.abs(mean + 1.8)).toBeLessThan(0.4);
  });
});

describe("a suggested price", () => {
  const answer = { low: -2.4, mid: -1.8, high: -1.2 };

  it("is never below cost plus margin, whatever the input", () => {
    const whole = (min: number, max: number) => fc.integer({ min, max });
    fc.assert(
      fc.property(
        fc.record({
          currentCents: whole(1, 20_000),
          costCents: whole(0, 20_000),
          marginBasisPoints: whole(0, 30_000),
          ends: fc.option(fc.tuple(whole(-900, 200), whole(-900, 200), whole(-900, 200)), { nil: undefined }),
          maxStep: fc.double({ min: 0, max: 0.5, noNaN: true }),
          currency: fc.constantFrom("USD", "EUR", "CHF", "JPY"),
        }),
        ({ ends, ...question }) => {
          const [low, mid, high] = (ends ?? []).toSorted((a, b) => a - b).map((value) => value / 100);
          const { kind, priceCents, floorCents } = suggestPrice({
            ...question,
            ...(ends && { answer: { low: low!, mid: mid!, high: high! } }),
          });
          const floor = question.costCents * (1 + question.marginBasisPoints / 10_000);
          expect(floorCents!).toBeGreaterThanOrEqual(floor - 1e-6);
          expect(priceCents).toBeGreaterThanOrEqual(floorCents!);
          if (kind === "raise" || kind === "lower") {
            expect(Math.abs(priceCents / question.currentCents - 1)).toBeLessThanOrEqual(question.maxStep);
          }
        },
      ),
      { numRuns: 10_000, seed: 7 },
    );
  });

  it("is asked at the floor when it sells below it, however far that is", () => {
    expect(
      suggestPrice({ currentCents: 300, currency: "USD", costCents: 400, marginBasisPoints: 2_500, answer }),
    ).toMatchObject({
      kind: "floor",
      priceCents: 500,
      floorCents: 500,
    });
  });

  it("is raised only when that pays though buyers mind it much, lowered only when it pays though they hardly notice", () => {
    const ask = (costCents: number, { low, high }: { low: number; high: number }) =>
      suggestPrice({
        currentCents: 400,
        currency: "USD",
        costCents,
        answer: { low, mid: (low + high) / 2, high },
      });
    expect(ask(300, { low: -2, high: -1 })).toMatchObject({ kind: "raise", priceCents: 440 });
    expect(ask(100, { low: -4, high: -3 })).toMatchObject({ kind: "lower", priceCents: 360 });
    // In the middle either would pay; at one end each would lose.
    expect(ask(200, { low: -4, high: -1.1 })).toMatchObject({ kind: "hold", priceCents: 400 });
  });

  it("tells what it would do, with both ends around the middle", () => {
    const { expected } = suggestPrice({
      currentCents: 400,
      currency: "USD",
      costCents: 300,
      answer: { low: -2, mid: -1.5, high: -1 },
    });
    // 1.1 ^ -1.5 = .8668
    expect(expected!.sales.mid).toBeCloseTo(-0.1332, 3);
    expect(expected!.takings.mid).toBeCloseTo(-0.0465, 3);
    expect(expected!.profit!.mid).toBeCloseTo(0.2135, 3);
    for (const { low, mid, high } of [expected!.sales, expected!.takings, expected!.profit!]) {
      expect(low).toBeLessThanOrEqual(mid);
      expect(mid).toBeLessThanOrEqual(high);
    }
  });

  it("is none without a cost, or while too little is known", () => {
    expect(suggestPrice({ currentCents: 400, currency: "USD", answer })).toEqual({
      kind: "cost-missing",
      priceCents: 400,
    });
    expect(suggestPrice({ currentCents: 400, currency: "USD", costCents: 100 })).toMatchObject({
      kind: "too-little-known",
      priceCents: 400,
    });
  });

  it("does not believe that more is bought because it costs more", () => {
    const odd = suggestPrice({
      currentCents: 400,
      currency: "USD",
      costCents: 100,
      answer: { low: 1, mid: 2, high: 3 },
    });
    expect(odd.expected!.sales).toEqual({ low: 0, mid: 0, high: 0 });
  });

  it("ends in five cents when it is small, else in ten", () => {
    expect(priceAtLeast(121, "USD")).toBe(125);
    expect(priceAtLeast(491, "EUR")).toBe(500);
    expect(priceAtLeast(49_100, "JPY")).toBe(50_000);
    expect(priceFloor(400, 2_500, "USD")).toBe(500);
  });
});

describe("the ladder at the end of a market day", () => {
  const question = { priceCents: 490, currency: "USD", salvageCents: 40, elasticity: -1.8, unitsADay: 20 };

  it("asks less the more is left, and never less than half or than what is earned unsold", () => {
    const rungs = markDownLadder(question);
    expect(rungs[0]).toMatchObject({ minutesBefore: 90, priceCents: 390 });
    expect(rungs[0]!.leftAbove).toBeCloseTo(6, 9);
    for (const { priceCents } of rungs) expect(priceCents).toBeGreaterThanOrEqual(245);
    expect(
      markDownLadder({ ...question, salvageCents: 450 }).every(({ priceCents }) => priceCents >= 450),
    ).toBe(true);
    for (const [, own] of Map.groupBy(rungs, ({ minutesBefore }) => minutesBefore))
      expect(own.map(({ priceCents }) => priceCents)).toEqual(
        own.map(({ priceCents }) => priceCents).toSorted((a, b) => b - a),
      );
  });

  it("has no rung for what nobody asks for", () => {
    expect(markDownLadder({ ...question, unitsADay: 0 })).toEqual([]);
  });
});

describe("what neighbours ask", () => {
  const of = (farmId: string, comparableCents: number) => ({ farmId, comparableCents });
  const five = [of("a", 300), of("b", 400), of("c", 440), of("d", 500), of("e", 520)];

  it("is a band of quartiles over five other farms and more, rounded, one's own not counted", () => {
    expect(priceBand([...five, of("me", 9_000)], "me")).toEqual({
      lowerCents: 400,
      medianCents: 440,
      upperCents: 500,
      farms: 5,
    });
    expect(priceBand([...five.slice(1), of("me", 300)], "me")).toBeUndefined();
  });

  it("counts a farm once, however much it sells", () => {
    const many = Array.from({ length: 50 }, () => of("a", 300));
    expect(priceBand([...five, ...many], "me")).toEqual(priceBand(five, "me"));
  });
});
