import { describe, expect, it } from "vitest";
import { behaviourScore } from "@almanac/signals/core";
import { togetherConfidence } from "./bought-together.ts";
import { collaborativeConfidence, collaborativeScore } from "./collaborative.ts";
import { contentScore, isPriceWithin } from "./content.ts";
import { fuse } from "../scores/fusion.ts";
import { seasonalScore } from "./seasonal.ts";
import { recencyBoost, trendingConfidence, trendingScore } from "./trending.ts";
import type { AlgorithmName, ScoredCandidates } from "../types.ts";

// Expected values are worked by hand from the owner's formulas; four decimals were given, so four are compared.
const says = (algorithm: AlgorithmName, score: number): ScoredCandidates => ({
  algorithm,
  reason: algorithm === "trending" ? "TRENDING_LOCAL" : "SEASONAL",
  products: [0],
  scores: [score],
  confidences: [1],
});

describe("the owner's formulas", () => {
  it("gives a product bought by 3 of 8 similar shoppers .375 with confidence .8 (G2)", () => {
    expect(collaborativeScore(3, 8)).toBe(0.375);
    expect(collaborativeConfidence(8)).toBe(0.8);
    expect(collaborativeConfidence(12)).toBe(1);
  });

  it("gives same category, near price and equal organic of another farm .7 (G3)", () => {
    expect(
      contentScore({ sameCategory: true, sameFarm: false, priceWithin20: true, organicEqual: true }),
    ).toBe(0.7);
  });

  it.each([
    [300, 360, 20, true],
    [300, 361, 20, false],
    [300, 240, 20, true],
    [300, 390, 30, true],
    [300, 391, 30, false],
  ])("compares %i and %i cents within %i %% as %s (G3b)", (seed, other, percent, expected) => {
    expect(isPriceWithin(seed, other, percent)).toBe(expected);
  });

  it("accepts every whole-cent pair that is exactly 20 % apart", () => {
    for (let cents = 50; cents <= 5_000; cents += 5)
      expect(isPriceWithin(cents, (cents * 6) / 5, 20)).toBe(true);
  });

  it("gives rank 1 of 4 with the last order three days ago .5769 and confidence .5 for 25 orders (G4)", () => {
    expect(trendingScore(1, 4, 3)).toBeCloseTo(0.5769, 4);
    expect(trendingConfidence(25)).toBe(0.5);
  });

  it("fades a trend to 1, .9091, .7692, .6667, .5882 after 0, 1, 3, 5, 7 days (G4b)", () => {
    expect([0, 1, 3, 5, 7].map((days) => Number(recencyBoost(days).toFixed(4)))).toEqual([
      1, 0.9091, 0.7692, 0.6667, 0.5882,
    ]);
  });

  it("scores season .62, 1 and .5 for a known taste, a new favourite and no taste (G5)", () => {
    expect(seasonalScore(0.4, false)).toBeCloseTo(0.62, 12);
    expect(seasonalScore(1, true)).toBe(1);
    expect(seasonalScore(0, false)).toBe(0.5);
  });

  it("scores behaviour .83 for category .8, a price in range and farm .5 (G6)", () => {
    expect(behaviourScore(0.8, true, 0.5)).toBeCloseTo(0.83, 12);
  });

  it("fuses all five to .6065 (G7)", () => {
    const fusion = fuse(
      [
        says("collaborative_filtering", 0.375),
        says("content_based", 0.7),
        says("trending", 0.5769),
        says("seasonal", 0.8),
        says("user_behavior", 0.75),
      ],
      1,
    );
    expect(fusion.scores.at(0)).toBeCloseTo(0.6065, 4);
  });

  it("renormalises a cold start with trend and season to .6885 (G7b)", () => {
    const fusion = fuse([says("trending", 0.5769), says("seasonal", 0.8)], 1);
    expect(fusion.scores.at(0)).toBeCloseTo(0.6885, 4);
    expect(fusion.explain(0).reason).toBe("SEASONAL");
  });

  it("is .9 sure of a pair seen in 45 baskets (G9)", () => {
    expect(togetherConfidence(45)).toBe(0.9);
  });
});
