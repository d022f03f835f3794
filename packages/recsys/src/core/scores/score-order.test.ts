import { seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { orderScores } from "./score-order.ts";
import { topK } from "./top-k.ts";

/** Sorting everything, as plainly as it can be said. */
function sorted(scores: readonly number[]): number[] {
  return scores
    .map((_, product) => product)
    .filter((product) => scores[product]! > -Infinity)
    .sort((a, b) => scores[b]! - scores[a]! || a - b);
}

function randomScores(seed: number, length: number): number[] {
  const rng = seededRng(seed);
  return Array.from({ length }, () => {
    const kind = rng.int(4);
    if (kind === 0) return -Infinity;
    return kind === 1 ? rng.int(5) / 10 : rng.next();
  });
}

describe("the order of scores", () => {
  it.each([1, 2, 3])("is that of sorting everything, equals by the smaller number (seed %i)", (seed) => {
    const scores = randomScores(seed, 3_000);
    expect(orderScores(scores).take(5_000)).toEqual(sorted(scores));
    expect(orderScores(scores).take(300)).toEqual(topK(scores, 300));
  });

  it("goes on without what was removed", () => {
    const scores = randomScores(4, 500);
    const order = orderScores(scores);
    const expected = sorted(scores);
    const isOdd = (product: number): boolean => product % 2 === 1;
    expect(order.first(isOdd)).toBe(expected.find(isOdd));
    for (const product of expected.slice(0, 50)) order.remove(product);
    expect(order.take(20, isOdd)).toEqual(expected.slice(50).filter(isOdd).slice(0, 20));
    expect(order.scoreOf(expected[0]!)).toBe(-Infinity);
    expect(order.first()).toBe(expected[50]);
  });

  it("knows scores that are all equal, too near to part, not a number, or none", () => {
    expect(orderScores([0.5, 0.5, 0.5]).take(3)).toEqual([0, 1, 2]);
    expect(orderScores([1, 1 + Number.EPSILON, 1]).take(3)).toEqual([1, 0, 2]);
    expect(orderScores([0, Number.MIN_VALUE, 0]).take(3)).toEqual([1, 0, 2]);
    expect(orderScores([NaN, 0.1]).take(2)).toEqual([1]);
    expect(orderScores([-Infinity]).first()).toBeUndefined();
    expect(orderScores([]).first()).toBeUndefined();
  });
});
