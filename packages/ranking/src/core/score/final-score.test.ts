import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  computeFinalScore,
  defaultRankingWeights,
  explainFinalScore,
  parseRankingWeights,
  popularityRanks,
  recencyScore,
} from "./final-score.ts";

const day = 86_400_000;
const anyNumber = fc.double({ noNaN: false });
const anyTerms = fc.record({
  base: anyNumber,
  personalization: anyNumber,
  recency: anyNumber,
  popularity: anyNumber,
  seasonal: anyNumber,
});

describe("the five-term score", () => {
  it("G1: gives .8/.5/.9/.3/1.0 the score .6900", () => {
    const terms = { base: 0.8, personalization: 0.5, recency: 0.9, popularity: 0.3, seasonal: 1 };
    expect(Math.abs(computeFinalScore(terms) - 0.69)).toBeLessThan(1e-9);
    expect(Math.abs(explainFinalScore(terms).score - 0.69)).toBeLessThan(1e-9);
  });

  it("stays between 0 and 1 whatever comes in, and its explanation sums to it", () => {
    fc.assert(
      fc.property(anyTerms, (terms) => {
        const { score, explain } = explainFinalScore(terms);
        const sum = explain.reduce((total, { contribution }) => total + contribution, 0);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1 + 1e-12);
        expect(Math.abs(sum - score)).toBeLessThan(1e-9);
        expect(Math.abs(computeFinalScore(terms) - score)).toBeLessThan(1e-9);
        for (const { value } of explain) expect(value >= 0 && value <= 1).toBe(true);
      }),
    );
  });

  it.each([
    [{ ...defaultRankingWeights, base: 0.5 }],
    [{ ...defaultRankingWeights, base: 0.5, personalization: 0.2, recency: -0.1, popularity: 0.3 }],
    [{ ...defaultRankingWeights, seasonal: Number.NaN }],
  ])("refuses weights that do not sum to 1 or are no shares", (weights) => {
    expect(() => parseRankingWeights(weights)).toThrow(
      expect.objectContaining({ code: "weights_do_not_sum" }),
    );
  });

  it("accepts the shipped weights", () => {
    expect(parseRankingWeights(defaultRankingWeights)).toBe(defaultRankingWeights);
  });
});

describe("recency", () => {
  it.each([
    [0, 1],
    [10, 0.5],
    [90, 0.1],
    [-3, 1],
  ])("after %d days is %d", (days, score) => {
    expect(recencyScore(0, days * day)).toBeCloseTo(score, 12);
  });
});

describe("popularity", () => {
  it("is the percentile rank, equal for equals, and 0 without buyers", () => {
    expect([...popularityRanks([0, 1, 2, 2, 9])]).toEqual([0, 0.25, 0.625, 0.625, 1]);
    expect([...popularityRanks([0, 0])]).toEqual([0, 0]);
    expect([...popularityRanks([3])]).toEqual([1]);
    expect([...popularityRanks([])]).toEqual([]);
  });
});
