import { seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { chooseBlend } from "./choose-blend.ts";
import { fitConditionalLogit } from "./conditional-logit.ts";
import type { Choice } from "./conditional-logit.ts";
import { gatherOpinions, rankByWeights } from "./opinions.ts";

/** Choices among eight items by a softmax with these weights over standard normal features. */
function drawChoices(count: number, weights: readonly number[], seed: number): Choice[] {
  const rng = seededRng(seed);
  const items = [0, 1, 2, 3, 4, 5, 6, 7];
  return Array.from({ length: count }, () => {
    const values = Float64Array.from({ length: items.length * weights.length }, () => rng.normal());
    const powers = items.map((row) =>
      Math.exp(weights.reduce((sum, weight, k) => sum + weight * values[row * weights.length + k]!, 0)),
    );
    return { items, values, taken: rng.weighted(powers) };
  });
}

describe("opinions of several models", () => {
  it("are the z-scores over what may be listed, then ln(1 + popularity)", () => {
    const { items, values } = gatherOpinions([Float64Array.of(9, 1, 3)], [0, 0, 3], new Set([0]));
    expect(items).toEqual([1, 2]);
    expect([...values].map((value) => Number(value.toFixed(4)))).toEqual([-1, 0, 1, 1.3863]);
  });

  it("are nothing from a model that likes all items alike", () => {
    const { values } = gatherOpinions([Float64Array.of(2, 2)], [0, 0], new Set());
    expect([...values]).toEqual([0, 0, 0, 0]);
  });

  it("rank by their weighted sum, the smaller number first between equals", () => {
    const opinions = { items: [4, 7, 9], values: Float64Array.of(1, 2, 1) };
    expect(rankByWeights(opinions, [1], 2)).toEqual([7, 4]);
  });
});

describe("conditional logit", () => {
  it("finds the weights that choices were drawn by", () => {
    const weights = fitConditionalLogit(drawChoices(3_000, [1.5, -0.5, 0], 1), 3);
    expect(weights[0]).toBeCloseTo(1.5, 0);
    expect(Math.abs(weights[0]! - 1.5)).toBeLessThan(0.12);
    expect(Math.abs(weights[1]! + 0.5)).toBeLessThan(0.1);
    expect(Math.abs(weights[2]!)).toBeLessThan(0.1);
  });

  it("stays finite and likely where opinions are extreme, as those of models that know two of a thousand items", () => {
    const rng = seededRng(9);
    const items = Array.from({ length: 200 }, (_, at) => at);
    const choices = Array.from({ length: 300 }, (): Choice => {
      const taken = rng.int(200);
      const values = new Float64Array(400);
      // One feature is 14 for the item that was taken, now and then; the other for any.
      if (rng.next() < 0.6) values[taken * 2] = 14;
      values[rng.int(200) * 2 + 1] = 14;
      return { items, values, taken };
    });
    const weights = fitConditionalLogit(choices, 2);
    expect(weights.every((weight) => Number.isFinite(weight) && Math.abs(weight) < 3)).toBe(true);
    expect(weights[0]).toBeGreaterThan(0.3);
    expect(Math.abs(weights[1]!)).toBeLessThan(0.1);
  });

  it("is zero where there is nothing to learn from", () => {
    expect([...fitConditionalLogit([], 2)]).toEqual([0, 0]);
    const missed = { items: [1], values: Float64Array.of(1), taken: 5 };
    expect([...fitConditionalLogit([missed], 1)]).toEqual([0]);
  });
});

describe("the choice of a blend", () => {
  const fixed = [
    { name: "first", weights: [1, 0] },
    { name: "second", weights: [0, 1] },
  ];

  it("learns where that is clearly better", () => {
    const choice = chooseBlend(drawChoices(2_000, [2, -2], 3), fixed, 2);
    expect(choice.chosen.name).toBe("learned");
    expect(choice.validation.map(({ name }) => name)).toEqual(["first", "second", "learned"]);
  });

  it("keeps the fixed blend where learning gains nothing, and the first without questions", () => {
    expect(chooseBlend(drawChoices(40, [0, 3], 5), fixed, 2).chosen.name).toBe("second");
    expect(chooseBlend([], fixed, 2).chosen.name).toBe("first");
  });
});
