import { describe, expect, it } from "vitest";
import { topK } from "../../scores/top-k.ts";
import type { BasketScorer } from "../baskets.ts";
import { blendByRank, rankedDepth, worthOfPlace } from "./blend-ranks.ts";

const query = { user: 0, past: [], day: NaN };

function says(...scores: number[]): BasketScorer {
  return { name: "fixed", addScores: (_, out) => scores.forEach((score, item) => (out[item]! += score)) };
}

function scoresOf(scorer: BasketScorer, itemCount: number): Float64Array {
  const scores = new Float64Array(itemCount);
  scorer.addScores(query, scores);
  return scores;
}

describe("a blend by ranks", () => {
  const probabilities = says(0.9, 0.5, 0.2, 0.1);
  const counts = says(10, 30, 500, 0);

  it("adds what places count, whatever the scales", () => {
    const scores = scoresOf(
      blendByRank("both", [
        { scorer: probabilities, weight: 0.4 },
        { scorer: counts, weight: 0.6 },
      ]),
      4,
    );
    expect(scores[0]).toBeCloseTo(0.4 * worthOfPlace(0) + 0.6 * worthOfPlace(2), 5);
    expect(topK(scores, 4)).toEqual([2, 1, 0, 3]);
  });

  it("is one member's order where it alone counts", () => {
    expect(topK(scoresOf(blendByRank("one", [{ scorer: counts, weight: 1 }]), 4), 4)).toEqual([2, 1, 0, 3]);
  });

  it("lets what is beyond the first places follow in the order of the first member", () => {
    const many = Array.from({ length: rankedDepth + 3 }, (_, item) => -item);
    const blend = blendByRank("deep", [
      { scorer: says(...many), weight: 0.5 },
      { scorer: says(...many), weight: 0.5 },
    ]);
    expect(topK(scoresOf(blend, many.length), many.length)).toEqual(many.map((_, item) => item));
  });

  it("counts nothing for places beyond those", () => {
    expect(worthOfPlace(rankedDepth)).toBe(0);
    expect(worthOfPlace(5 * rankedDepth)).toBe(0);
    expect(worthOfPlace(0)).toBeGreaterThan(worthOfPlace(1));
  });
});
