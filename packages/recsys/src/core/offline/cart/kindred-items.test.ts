import { seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import type { SparseRows } from "../sparse.ts";
import { fitKindredItems } from "./kindred-items.ts";
import { orthonormaliseColumns } from "./orthonormalise.ts";
import { cartsOf } from "./testing.ts";

/** Shelf 0 holds items 0 to 9, shelf 1 items 10 to 19; a cart takes three of one shelf, and 0 and 1 never meet. */
function shelves(): SparseRows {
  const rng = seededRng(4);
  const carts = Array.from({ length: 400 }, (_, cart) => {
    const shelf = cart % 2;
    const items = rng.shuffle(Array.from({ length: 10 }, (_unused, at) => 10 * shelf + at)).slice(0, 3);
    return items.includes(0) && items.includes(1) ? items.filter((item) => item !== 1) : items;
  });
  // One cart that mixes the shelves holds the only item 20.
  return cartsOf([...carts, [5, 15, 20]], 21);
}

function scoresOf(carts: SparseRows, cart: readonly number[], width: number): Float64Array {
  const scores = new Float64Array(carts.columnCount);
  const scorer = fitKindredItems(carts, { rng: seededRng(1), width });
  scorer.addScores({ items: cart, weights: cart.map(() => 1) }, scores);
  return scores;
}

describe("kindred items", () => {
  it("are alike where they come with the same others, though they never met", () => {
    const scores = scoresOf(shelves(), [0], 2);
    expect(scores[1]).toBeGreaterThan(0.9);
    expect(Math.max(...scores.subarray(10, 20))).toBeLessThan(0.1);
  });

  it("have length 1, so that a cart of one item finds that item at 1 and none above", () => {
    const scores = scoresOf(shelves(), [7], 4);
    expect(scores[7]).toBeCloseTo(1);
    expect(Math.max(...scores)).toBeCloseTo(1);
  });

  it("say nothing of an item of one cart", () => {
    expect(scoresOf(shelves(), [5], 4)[20]).toBe(0);
    expect([...scoresOf(shelves(), [20], 4)].every((score) => score === 0)).toBe(true);
  });

  it("are the same bits for the same seed", () => {
    expect(scoresOf(shelves(), [3, 4], 4)).toEqual(scoresOf(shelves(), [3, 4], 4));
  });

  it("have no opinion without directions", () => {
    expect([...scoresOf(shelves(), [5], 0)].every((score) => score === 0)).toBe(true);
  });

  it.each([
    ["without carts", []],
    ["where nothing meets", [[0], [1], [0]]],
    ["of fewer items than directions", [[0, 1], [0, 1], [1]]],
  ])("are finite %s", (_, carts) => {
    expect([...scoresOf(cartsOf(carts, 2), [0], 16)].every(Number.isFinite)).toBe(true);
  });
});

describe("orthonormal columns", () => {
  it("span what the columns spanned, and nothing where a column repeats the others", () => {
    const matrix = Float64Array.of(3, 6, 0, 4, 8, 5);
    orthonormaliseColumns(matrix, 3);
    const [size, repeated, other] = [0, 1, 2].map((column) => [matrix[column]!, matrix[column + 3]!]);
    expect(size![0]).toBeCloseTo(0.6);
    expect(size![1]).toBeCloseTo(0.8);
    expect(Math.max(...repeated!.map(Math.abs))).toBe(0);
    expect(other![0]).toBeCloseTo(-0.8);
    expect(other![1]).toBeCloseTo(0.6);
  });
});
