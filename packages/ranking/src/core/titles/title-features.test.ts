import { describe, expect, it } from "vitest";
import {
  TitleRanker,
  plainTitleWeights,
  scoreTitle,
  titleFeatureCount,
  titleFeatureNames,
} from "./title-features.ts";

const ranker = new TitleRanker([
  { id: "a", title: "Cherry tomato seeds" },
  { id: "b", title: "Tomato paste with cherry pepper" },
  { id: "c", title: "Garden hose, green", body: "waters cherry trees" },
  { id: "d", title: "" },
]);

const feature = (query: string, document: number, name: (typeof titleFeatureNames)[number]): number =>
  ranker.candidates(query, [0, 1, 2, 3]).features[document]![titleFeatureNames.indexOf(name)]!;

describe("features of a title", () => {
  it("are one number for each name, finite, and nearly all of them 0 to 1", () => {
    for (const query of ["cherry tomato", "tomatoe", "", "zzzz", "hose"]) {
      for (const row of ranker.candidates(query, [0, 1, 2, 3]).features) {
        expect(row).toHaveLength(titleFeatureCount);
        for (const value of row) expect(value >= 0 && value <= 1.000001).toBe(true);
      }
    }
    for (const weights of Object.values(plainTitleWeights)) expect(weights).toHaveLength(titleFeatureCount);
  });

  it("tell neighbours, the lead of a title and the whole phrase apart", () => {
    expect(feature("cherry tomato", 0, "neighbours")).toBe(1);
    expect(feature("cherry tomato", 1, "neighbours")).toBe(0);
    expect(feature("cherry tomato", 1, "coverage")).toBeCloseTo(1, 12);
    expect(feature("cherry tomato", 1, "lead")).toBeLessThan(1);
    expect(feature("cherry tomato", 0, "phrase")).toBe(1);
    expect(feature("cherry tomato", 0, "words")).toBe(1);
    expect(feature("tomatoe", 0, "words")).toBe(1);
  });

  it("order the better title first, and every given document is ranked", () => {
    const { documents, features } = ranker.candidates("cherry tomatos", [3, 2, 1, 0]);
    const scores = features.map((row) => scoreTitle(row, plainTitleWeights.given));
    expect(documents[scores.indexOf(Math.max(...scores))]).toBe(0);
    expect(documents).toHaveLength(4);
  });

  it("find a document by its other texts too when no candidates are given", () => {
    expect(ranker.candidates("cherry", undefined).documents.toSorted((a, b) => a - b)).toEqual([0, 1, 2]);
    expect(ranker.candidates("cherry", undefined, 2).documents).toHaveLength(2);
    expect(ranker.candidates("nothing here at all zzz", undefined).documents).toEqual([]);
  });
});
