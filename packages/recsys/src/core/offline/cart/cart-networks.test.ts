import { seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { topK } from "../../scores/top-k.ts";
import type { ItemScorer } from "../item-scorer.ts";
import type { SparseRows } from "../sparse.ts";
import { AdaGradTable } from "./ada-grad-table.ts";
import { fitCartNetworks } from "./cart-networks.ts";
import { rivalsAmong } from "./rivals.ts";
import { cartsOf } from "./testing.ts";

function scoresOf(scorer: ItemScorer, cart: readonly number[], itemCount: number): Float64Array {
  const scores = new Float64Array(itemCount);
  scorer.addScores({ items: cart, weights: cart.map(() => 1) }, scores);
  return scores;
}

/** Item 2 x goes with 2 x + 1; two pairs a cart. */
function pairedCarts(pairs: number, count: number): SparseRows {
  const rng = seededRng(5);
  const carts = Array.from({ length: count }, () => {
    const first = rng.int(pairs);
    const second = (first + 1 + rng.int(pairs - 1)) % pairs;
    return [2 * first, 2 * first + 1, 2 * second, 2 * second + 1];
  });
  return cartsOf(carts, 2 * pairs);
}

describe("networks that complete carts", () => {
  it.each([
    ["all items are rivals", 12, 600],
    ["rivals are drawn", 110, 1_500],
  ])("find the other half of a pair where %s", (_, pairs, count) => {
    const scorer = fitCartNetworks(pairedCarts(pairs, count), { rng: seededRng(1), networks: 2 });
    const others = [4, 8, 16].map((half) => {
      const cart = [0, 1, half];
      return topK(scoresOf(scorer, cart, 2 * pairs), 1, (item) => !cart.includes(item))[0];
    });
    expect(others).toEqual([5, 9, 17]);
  });

  it("tell what two items call for together from what either calls for", () => {
    // 0 to 3 each come with 4 as often as with 5: the pair alone decides, which no sum over the items of a cart can say.
    const four = [
      [0, 2, 4],
      [1, 3, 4],
      [0, 3, 5],
      [1, 2, 5],
    ];
    const carts = cartsOf(Array.from({ length: 100 }, () => four).flat(), 6);
    const scorer = fitCartNetworks(carts, { rng: seededRng(2), rounds: 20 });
    const called = four.map(([one, other]) => {
      const scores = scoresOf(scorer, [one!, other!], 6);
      return scores[4]! > scores[5]! ? 4 : 5;
    });
    expect(called).toEqual([4, 4, 5, 5]);
  });

  it("list by popularity for an empty cart, and where there is nothing to learn from", () => {
    const alone = cartsOf([[2], [2], [0], [2], [0], [1]], 4);
    expect(topK(scoresOf(fitCartNetworks(alone, { rng: seededRng(1) }), [], 4), 4)).toEqual([2, 0, 1, 3]);
  });

  it("are the same for the same seed, and others for another", () => {
    const carts = pairedCarts(12, 60);
    const of = (seed: number): Float64Array =>
      scoresOf(fitCartNetworks(carts, { rng: seededRng(seed), networks: 1 }), [0, 5], 24);
    expect(of(3)).toEqual(of(3));
    expect(of(3)).not.toEqual(of(4));
  });

  it("learn no longer than they are told to", () => {
    const carts = pairedCarts(12, 60);
    const of = (rounds: number): Float64Array =>
      scoresOf(fitCartNetworks(carts, { rng: seededRng(3), rounds, mostLessons: 100 }), [0], 24);
    expect(of(1)).toEqual(of(50));
  });
});

describe("rivals", () => {
  it("are all items, once each, where these are few", () => {
    const rivals = rivalsAmong([3, 1, 2], seededRng(1));
    expect([...rivals.draw()]).toEqual([0, 1, 2]);
    expect([...rivals.logExpected]).toEqual([0, 0, 0]);
  });

  it("are drawn as often as is expected of them", () => {
    const counts = Array.from({ length: 300 }, (_, item) => (item === 7 ? 0 : item + 1));
    const rivals = rivalsAmong(counts, seededRng(1));
    const seen = new Float64Array(300);
    for (let lesson = 0; lesson < 2_000; lesson++) for (const item of rivals.draw()) seen[item]! += 1 / 2_000;
    expect(seen[7]).toBe(0);
    for (const item of [50, 150, 299])
      expect(seen[item]! / Math.exp(rivals.logExpected[item]!)).toBeCloseTo(1, 0.7);
  });
});

describe("a table of AdaGrad", () => {
  it("moves a row by the rate over the root of all its mean squared slopes", () => {
    const table = new AdaGradTable(2, 2, 0, 0, seededRng(1));
    table.descend(1, Float64Array.of(3, 1), 0.5, 0.1);
    const step = 0.1 / Math.sqrt(0.01 + (1.5 ** 2 + 0.5 ** 2) / 2);
    expect([...table.values.subarray(0, 2)]).toEqual([0, 0]);
    expect(table.values[2]).toBeCloseTo(-1.5 * step);
    expect(table.values[3]).toBeCloseTo(-0.5 * step);
  });

  it("draws a row back by the ridge", () => {
    const table = new AdaGradTable(1, 1, 1, 0.5, seededRng(1));
    const before = table.values[0]!;
    table.descend(0, Float64Array.of(0), 1, 0.1);
    expect(Math.abs(table.values[0]!)).toBeLessThan(Math.abs(before));
  });
});
