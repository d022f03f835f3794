import { seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import type { ItemScorer } from "../item-scorer.ts";
import type { SparseRows } from "../sparse.ts";
import { topK } from "../../scores/top-k.ts";
import { fitBestRule } from "./best-rule.ts";
import { fitCartNeighbours } from "./cart-neighbours.ts";
import { askCarts } from "./cart-questions.ts";
import { fitLearnedCart } from "./learned-cart.ts";
import { fitNaiveBayes } from "./naive-bayes.ts";
import { fitNearInCart } from "./near-in-cart.ts";
import { cartsOf } from "./testing.ts";

/** Items come in pairs (0 with 1, 2 with 3, ...), three pairs of fifteen a cart; item 30 is in every second cart. */
function pairedCarts(count: number): SparseRows {
  const rng = seededRng(7);
  const carts = Array.from({ length: count }, (_, cart) => {
    const pairs = rng.shuffle(Array.from({ length: 15 }, (_unused, pair) => pair)).slice(0, 3);
    return [...pairs.flatMap((pair) => [2 * pair, 2 * pair + 1]), ...(cart % 2 === 0 ? [30] : [])];
  });
  return cartsOf(carts, 31);
}

function bestOf(scorer: ItemScorer, cart: readonly number[], k: number): number[] {
  const scores = new Float64Array(31);
  scorer.addScores({ items: cart, weights: cart.map(() => 1) }, scores);
  return topK(scores, k, (item) => !cart.includes(item));
}

describe("members that complete carts", () => {
  const carts = pairedCarts(400);
  it.each([
    ["best-rule", fitBestRule(carts)],
    ["cart-neighbours", fitCartNeighbours(carts)],
    ["naive-bayes", fitNaiveBayes(carts)],
    ["near-in-cart", fitNearInCart(carts)],
  ])("%s finds the other half of a pair", (_, scorer) => {
    expect(bestOf(scorer, [4], 1)).toEqual([5]);
    expect(bestOf(scorer, [4, 10], 2).sort((a, b) => a - b)).toEqual([5, 11]);
  });

  it("takes the surest rule, not the sum of many", () => {
    const rules = fitBestRule(
      cartsOf(
        [
          [0, 2],
          [0, 2],
          [1, 2],
          [0, 3],
        ],
        4,
      ),
    );
    const scores = new Float64Array(4);
    rules.addScores({ items: [0, 1], weights: [1, 1] }, scores);
    expect(scores[2]).toBeCloseTo(2 / 13);
    expect(scores[3]).toBeCloseTo(1 / 13);
  });

  it("counts a pair by 1 over the steps between the two, in either direction", () => {
    const near = fitNearInCart(cartsOf([[0, 1, 2]], 3));
    const scores = new Float64Array(3);
    near.addScores({ items: [2], weights: [1] }, scores);
    expect([...scores]).toEqual([0.5 / 11, 1 / 11, 0]);
  });

  it("gives naive Bayes the popular order for an empty cart", () => {
    expect(bestOf(fitNaiveBayes(carts), [], 1)).toEqual([30]);
  });
});

describe("questions about carts", () => {
  it("hide an item that is a candidate and never show it", () => {
    const asked = askCarts(pairedCarts(90), 60, seededRng(1));
    expect(asked).toHaveLength(60);
    expect(asked.every(({ items, taken }) => items.includes(taken))).toBe(true);
  });
});

describe("the learned cart", () => {
  it("is never behind plain EASE on what it was judged by, and completes pairs", () => {
    const { scorer, validation } = fitLearnedCart(pairedCarts(300), { rng: seededRng(1) });
    const ndcgOf = (name: string): number => validation.find((model) => model.name === name)!.ndcg10;
    const best = validation.reduce((a, b) => (b.ndcg10 > a.ndcg10 ? b : a));
    expect(best.ndcg10).toBeGreaterThanOrEqual(ndcgOf("ease"));
    expect(bestOf(scorer, [4, 10, 11], 1)).toEqual([5]);
  });

  it("gives the same bits for the same seed", () => {
    const scoresOf = (): Float64Array => {
      const scores = new Float64Array(31);
      fitLearnedCart(pairedCarts(60), { rng: seededRng(3) }).scorer.addScores(
        { items: [1, 2], weights: [1, 1] },
        scores,
      );
      return scores;
    };
    expect(scoresOf()).toEqual(scoresOf());
  });

  it.each([
    ["one cart", [[0, 1, 2]]],
    ["carts of one item", [[0], [1], [0]]],
    ["one item", [[0]]],
  ])("ranks every item with %s", (_, carts) => {
    const { scorer } = fitLearnedCart(cartsOf(carts, 3), { rng: seededRng(1) });
    const scores = new Float64Array(3);
    scorer.addScores({ items: [0], weights: [1] }, scores);
    expect([...scores].every(Number.isFinite)).toBe(true);
  });
});
