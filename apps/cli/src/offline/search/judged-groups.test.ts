import {
  LearnedTitleFeatures,
  TitleRanker,
  judgedWorthCount,
  learnedTitleFeatureCount,
} from "@almanac/ranking";
import { describe, expect, it } from "vitest";
import { CandidateReader, WorthColumns } from "./judged-groups.ts";
import type { Group } from "./judged-groups.ts";

const documents = ["Shop vacuum", "Belt sander", "Vacuum hose", "Drywall sander"].map((title, at) => ({
  id: `d${at}`,
  title,
}));
const reader = new CandidateReader(
  documents,
  new LearnedTitleFeatures(new TitleRanker(documents), documents),
);

/** A query in each of three folds, all with the same candidates. */
function groupsOf(gains: readonly (readonly number[])[]): Group[] {
  return gains.map((own, fold) => ({
    ...reader.read("aspiradora", [0, 1, 2, 3], 10),
    fold,
    gains: own,
    grades: own,
  }));
}

/** The columns of judgements for the query of the first fold, rows one after the other. */
function worth(groups: Group[], without: readonly number[]): number[] {
  const { values } = new WorthColumns(reader.columns, groups).widen(groups[0]!, new Set(without));
  const width = learnedTitleFeatureCount + judgedWorthCount;
  return [...values].filter((_, at) => at % width >= learnedTitleFeatureCount);
}

const liked = [3, 0, 3, 0];
const disliked = [0, 3, 0, 3];

describe("what other judgements say of candidates", () => {
  it("does not change with the judgements of the folds that are left out", () => {
    expect(worth(groupsOf([disliked, liked, liked]), [0])).toEqual(
      worth(groupsOf([liked, liked, liked]), [0]),
    );
    expect(worth(groupsOf([liked, disliked, liked]), [0, 1])).toEqual(
      worth(groupsOf([liked, liked, liked]), [0, 1]),
    );
    expect(worth(groupsOf([liked, disliked, liked]), [0])).not.toEqual(
      worth(groupsOf([liked, liked, liked]), [0]),
    );
  });

  it("stands beside the features, which stay as they are", () => {
    const [group] = groupsOf([liked, liked]);
    const { values, plain } = new WorthColumns(reader.columns, [group!]).widen(group!, new Set());
    const width = learnedTitleFeatureCount + judgedWorthCount;
    expect(plain).toBe(group!.plain);
    expect(values).toHaveLength(4 * width);
    for (const row of [0, 3])
      expect(values.slice(row * width, row * width + learnedTitleFeatureCount)).toEqual(
        group!.values.slice(row * learnedTitleFeatureCount, (row + 1) * learnedTitleFeatureCount),
      );
  });

  it("is nothing where all judgements are left out", () => {
    expect(worth(groupsOf([liked]), [0])).toEqual([0, 1, 2, 3].flatMap(() => [NaN, NaN, 0, 0]));
  });
});

describe("candidates", () => {
  it("that are given are read once, and what an index finds each time", () => {
    expect(reader.read("vacuum", [0, 2], 10)).toBe(reader.read("vacuum", [0, 2], 10));
    expect(reader.read("vacuum", [2, 0], 10)).not.toBe(reader.read("vacuum", [0, 2], 10));
    expect(reader.read("vacuum", undefined, 10).documents).toHaveLength(2);
  });
});
