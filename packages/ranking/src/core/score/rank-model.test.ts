import { seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { challengerCandidates, challengerFeatureNames } from "./challenger.ts";
import { defaultRankingWeights } from "./final-score.ts";
import { fitRankModel, orderOf, parseRankModel, rerank, serializeRankModel } from "./rank-model.ts";
import type { RankGroup } from "./rank-model.ts";

/** Products whose popularity decides while the plain score, by the words alone, cannot tell them apart. */
function groups(count: number, seed: number): RankGroup[] {
  const rng = seededRng(seed);
  return Array.from({ length: count }, () => {
    const products = Array.from({ length: 8 }, () => ({
      title: rng.pick(["Red tomato", "Tomato soup", "Cherry tomato"]),
      terms: {
        base: 1,
        personalization: 0,
        recency: rng.next(),
        popularity: rng.next(),
        seasonal: 0,
      },
    }));
    const found = challengerCandidates("tomato", [2], products, {
      ...defaultRankingWeights,
      base: 0.5,
      popularity: 0,
    });
    return { ...found, grades: products.map(({ terms }) => (terms.popularity > 0.7 ? 2 : 0)) };
  });
}

function shareOfBestFirst(
  held: readonly RankGroup[],
  score: (group: RankGroup) => ArrayLike<number>,
): number {
  const right = held.filter((group) => group.grades[orderOf(score(group))[0]!]! > 0);
  return right.length / held.length;
}

describe("a learned ranker", () => {
  const model = fitRankModel(groups(80, 1), challengerFeatureNames, { effort: 0.2 });
  const held = groups(40, 2);

  it("puts first what was chosen, for searches it has not seen", () => {
    const plain = shareOfBestFirst(held, (group) => group.plain);
    expect(shareOfBestFirst(held, (group) => rerank(model, group))).toBeGreaterThan(
      Math.max(0.85, plain + 0.1),
    );
  });

  it("comes back from text with the same scores, bit by bit", () => {
    const back = parseRankModel(serializeRankModel(model), challengerFeatureNames);
    for (const group of held) expect(rerank(back, group)).toEqual(rerank(model, group));
  });

  it("is the same for the same seed", () => {
    const again = fitRankModel(groups(80, 1), challengerFeatureNames, { effort: 0.2 });
    expect(serializeRankModel(again)).toBe(serializeRankModel(model));
  });

  it("scores no candidates, and gives one candidate alone 0", () => {
    expect([...rerank(model, challengerCandidates("tomato", [1], []))]).toEqual([]);
    const terms = { base: 1, personalization: 0, recency: 1, popularity: 0, seasonal: 0 };
    expect([...rerank(model, challengerCandidates("tomato", [1], [{ title: "Tomato", terms }]))]).toEqual([
      0,
    ]);
  });

  it.each([
    ["no JSON", "trees"],
    ["of other features", serializeRankModel({ ...model, features: ["one"] })],
    ["without trees", JSON.stringify({ features: challengerFeatureNames })],
  ])("is refused as text when it is %s", (_, text) => {
    expect(() => parseRankModel(text, challengerFeatureNames)).toThrowError(
      expect.objectContaining({ code: "input_invalid" }),
    );
  });

  it("refuses candidates of other columns as a bug", () => {
    expect(() => rerank(model, { values: new Float32Array(3), plain: [1] })).toThrow("other columns");
  });
});

describe("the order of scores", () => {
  it("keeps equals as they came", () => {
    expect(orderOf([1, 3, 1, 3])).toEqual([1, 3, 0, 2]);
  });
});
