import { seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { topK } from "../../scores/top-k.ts";
import type { SparseRows } from "../sparse.ts";
import { fitCartKinds } from "./cart-kinds.ts";
import { cartsOf } from "./testing.ts";

/** Breakfast is 0 to 5, dinner 6 to 11, three of one kind a cart; 0 and 1 never meet, and 12 is in every second cart. */
function meals(): SparseRows {
  const rng = seededRng(4);
  const carts = Array.from({ length: 400 }, (_, cart) => {
    const first = cart % 2 === 0 ? 0 : 6;
    const items = rng.shuffle(Array.from({ length: 6 }, (_unused, at) => first + at)).slice(0, 3);
    const kept = items.includes(0) && items.includes(1) ? items.filter((item) => item !== 1) : items;
    return cart % 4 < 2 ? [...kept, 12] : kept;
  });
  return cartsOf(carts, 13);
}

function chancesOf(carts: SparseRows, cart: readonly number[], options = {}): Float64Array {
  const scores = new Float64Array(carts.columnCount);
  const scorer = fitCartKinds(carts, { rng: seededRng(1), kinds: 2, partitions: 4, ...options });
  scorer.addScores({ items: cart, weights: cart.map(() => 1) }, scores);
  return scores.map(Math.exp);
}

describe("kinds of carts", () => {
  it("complete a cart by its kind, with items that never met its own too", () => {
    const chances = chancesOf(meals(), [0]);
    expect(chances[12]).toBeCloseTo(0.5, 1);
    for (const item of [1, 2, 3, 4, 5]) expect(chances[item]).toBeGreaterThan(0.2);
    expect(Math.max(...chances.subarray(6, 12))).toBeLessThan(0.1);
  });

  it("foretell the share of carts with an item for an empty cart", () => {
    const carts = meals();
    const chances = chancesOf(carts, []);
    const share = carts.columns.filter((item) => item === 7).length / carts.rowCount;
    expect(chances[7]).toBeCloseTo(share, 1);
    expect(topK(chances, 1)).toEqual([12]);
  });

  it("are the same bits for the same seed, and others for another", () => {
    const of = (seed: number): Float64Array =>
      chancesOf(meals(), [3, 12], { rng: seededRng(seed), kinds: 5 });
    expect(of(1)).toEqual(of(1));
    expect(of(1)).not.toEqual(of(2));
  });

  it.each([
    ["without carts", [], {}],
    ["without partitions", [[0, 1]], { partitions: 0 }],
  ])("have no opinion %s", (_, carts, options) => {
    expect([...chancesOf(cartsOf(carts, 2), [0], options)]).toEqual([1, 1]);
  });

  it.each([
    ["of one cart", [[0, 1]]],
    [
      "where every cart holds all",
      [
        [0, 1],
        [0, 1],
        [0, 1],
      ],
    ],
    ["of fewer carts than kinds", [[0], [1]]],
  ])("are chances %s", (_, carts) => {
    for (const chance of chancesOf(cartsOf(carts, 3), [0], { kinds: 24 })) {
      expect(chance).toBeGreaterThan(0);
      expect(chance).toBeLessThan(1);
    }
  });
});
