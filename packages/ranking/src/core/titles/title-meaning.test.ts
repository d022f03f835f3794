import { describe, expect, it } from "vitest";
import {
  LearnedTitleFeatures,
  learnedTitleFeatureCount,
  learnedTitleFeatureNames,
} from "./learned-title-features.ts";
import { TitleRanker } from "./title-features.ts";
import { TitleMeaning, dotProduct } from "./title-meaning.ts";
import { TitleVectors } from "./title-vectors.ts";

/** "fridge" and "refrigerator" keep the same company and never meet. */
const titles = [
  "Fridge with freezer steel",
  "Refrigerator with freezer steel",
  "Fridge freezer door",
  "Refrigerator freezer door",
  "Garden hose rubber",
  "Garden hose reel",
  "Rubber hose reel",
  "Garden reel steel",
];

describe("the meaning of words", () => {
  const vectors = new TitleVectors(titles);
  const meaning = new TitleMeaning(vectors, { dimensions: 3 });
  const likeness = (one: string, other: string): number =>
    meaning.wordLikeness(vectors.termOf(one), vectors.termOf(other));

  it("brings words of the same company together although no title has both", () => {
    expect(likeness("fridge", "refrigerator")).toBeGreaterThan(0.9);
    expect(likeness("fridge", "hose")).toBeLessThan(0.3);
  });

  it("is 1 for a word and itself, and 0 for a word no title has", () => {
    expect(likeness("hose", "hose")).toBe(1);
    expect(likeness("hose", "spade")).toBe(0);
  });

  it("places a query near the titles that mean it", () => {
    const place = meaning.project([vectors.termOf("refrigerator")], [1]);
    expect(dotProduct(place, meaning.titleVector(0))).toBeGreaterThan(
      dotProduct(place, meaning.titleVector(5)),
    );
  });

  it("gives places of length 1, and 0 where there are no words", () => {
    const own = meaning.titleVector(3);
    expect(dotProduct(own, own)).toBeCloseTo(1, 12);
    expect([...meaning.project([-1], [1])]).toEqual([0, 0, 0]);
  });

  it("is the same every time", () => {
    expect(new TitleMeaning(vectors, { dimensions: 3 }).titleVector(2)).toEqual(meaning.titleVector(2));
  });
});

describe("features that a ranker learns from", () => {
  const documents = titles.map((title, at) => ({ id: `d${at}`, title }));
  const features = new LearnedTitleFeatures(new TitleRanker(documents), documents);
  const valueOf = (
    row: number,
    name: (typeof learnedTitleFeatureNames)[number],
    values: Float32Array,
  ): number => values[row * learnedTitleFeatureCount + learnedTitleFeatureNames.indexOf(name)]!;

  it("give a row to every candidate, given or found", () => {
    const given = features.candidates("garden hose", [4, 0]);
    expect(given.documents).toEqual([4, 0]);
    expect(given.values).toHaveLength(2 * learnedTitleFeatureCount);
    const found = features.candidates("garden hose", undefined, 3);
    expect(found.documents).toHaveLength(3);
    expect(features.candidates("zzz", undefined).documents).toEqual([]);
  });

  it("put the title that has all words ahead of the one that has none", () => {
    const { values, plain } = features.candidates("garden hose", [4, 0]);
    expect(plain[0]).toBeGreaterThan(plain[1]!);
    expect(valueOf(0, "coverage", values)).toBe(1);
    expect(valueOf(0, "relevanceRank", values)).toBe(1);
    expect(valueOf(0, "meaning", values)).toBeGreaterThan(valueOf(1, "meaning", values));
    expect(valueOf(0, "ahead", values)).toBeLessThan(valueOf(1, "ahead", values));
  });
});
