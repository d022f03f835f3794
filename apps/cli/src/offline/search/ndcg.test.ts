import { describe, expect, it } from "vitest";
import { gainOf, ndcgAt10, pairedT } from "./ndcg.ts";

describe("NDCG@10", () => {
  it("is 1 for the best order and 1/log2(3) for the one good document in second place", () => {
    expect(ndcgAt10([0, 3, 1], [0, 2, 1])).toBe(1);
    expect(ndcgAt10([0, 1], [2, 1])).toBeCloseTo(0.6309, 4);
  });

  it("keeps equals as they came, and is 0 when nothing gains", () => {
    expect(ndcgAt10([1, 0], [5, 5])).toBe(1);
    expect(ndcgAt10([0, 0], [1, 2])).toBe(0);
  });

  it("gains 2^(grade-1) - 1, and nothing for what nobody judged", () => {
    expect([1, 2, 3, 4, 0, undefined].map(gainOf)).toEqual([0, 1, 3, 7, 0, 0]);
  });
});

describe("Student's t of paired differences", () => {
  it("is the mean over its standard error", () => {
    // Ten values of 0 and 2: mean 1, sample variance 10/9, standard error 1/3.
    expect(pairedT([0, 2, 0, 2, 0, 2, 0, 2, 0, 2])).toBeCloseTo(3, 12);
    expect(pairedT([0, -2, 0, -2, 0, -2, 0, -2, 0, -2])).toBeCloseTo(-3, 12);
  });

  it("proves nothing by fewer than ten pairs or without any difference", () => {
    expect(pairedT([1, 1, 1])).toBe(0);
    expect(pairedT(Array.from({ length: 20 }, () => 0))).toBe(0);
  });
});
