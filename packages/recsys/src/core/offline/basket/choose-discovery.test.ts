import { describe, expect, it } from "vitest";
import { topK } from "../../scores/top-k.ts";
import type { LessonSample } from "./basket-lessons.ts";
import { chooseDiscovery } from "./choose-discovery.ts";
import { scoresWithDiscovery } from "./discovery-order.ts";
import type { LearnedBasketScorer } from "./learned-basket.ts";

/** Twelve own items with the same odds, and item 12, new, behind them by `behind`. */
function scorer(behind: number): LearnedBasketScorer {
  const items = Array.from({ length: 13 }, (_, item) => item);
  return {
    name: "test",
    addScores: () => undefined,
    judge: () => ({
      items,
      odds: items.map((item) => (item === 12 ? -behind : 0)),
      isNew: Uint8Array.from(items, (item) => (item === 12 ? 1 : 0)),
    }),
  };
}
/** Questions of somebody with the twelve, who buys these next. */
function questions(...answers: number[][]): LessonSample[] {
  const past = [{ user: 0, order: 0, day: NaN, items: Array.from({ length: 12 }, (_, item) => item) }];
  return answers.map((items) => ({ query: { user: 0, past, day: NaN }, truth: new Set(items) }));
}

describe("how much discovery", () => {
  it("is the least that finds one new item in twenty", () => {
    expect(chooseDiscovery(scorer(0.3), questions([10, 12], [11, 12]))).toBe(0.4);
    expect(chooseDiscovery(scorer(-0.1), questions([10, 12]))).toBe(0);
  });

  it("is none where nothing new is bought, or nothing can be paid for it", () => {
    expect(chooseDiscovery(scorer(0.3), questions([0], [1]))).toBe(0);
    expect(chooseDiscovery(scorer(0.3), [])).toBe(0);
  });

  it("is none where it costs more of the ranking than it finds", () => {
    // The tenth place goes to the new item: none who come for item 9 find it.
    const many = questions(...Array.from({ length: 99 }, () => [9]), [12]);
    expect(chooseDiscovery(scorer(0.3), many)).toBe(0);
  });

  it("costs the first places nothing, which keep the order of their odds", () => {
    const many = questions(...Array.from({ length: 99 }, () => [0]), [12]);
    expect(chooseDiscovery(scorer(0.3), many)).toBe(0.4);
  });
});

describe("an order with new items lifted", () => {
  const odds = Array.from({ length: 14 }, (_, at) => -at / 10);
  const judged = {
    items: odds.map((_, item) => item),
    odds,
    isNew: Uint8Array.from(odds, (_, at) => (at === 11 || at === 13 ? 1 : 0)),
  };

  it("has the ten best by lifted odds first, as likely as they are, then the others by lifted odds", () => {
    // Lifted, 11 stands beside 8 and 13 beside 10.
    expect(topK(scoresWithDiscovery(judged, 0.35), 14)).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8, 11, 9, 13, 10, 12,
    ]);
  });

  it("is that of the odds without a lift", () => {
    expect(topK(scoresWithDiscovery(judged, 0), 14)).toEqual(judged.items);
  });
});
