import { describe, expect, it } from "vitest";
import type { Basket, BasketLog } from "../baskets.ts";
import { readSizeLeanings, tripSizeColumnCount, tripSizeReader } from "./trip-size.ts";

const bread = 0;
const flour = 1;
/** Twelve weeks of bread alone on one day, and of eight items on the fourth day after. */
const past: Basket[] = Array.from({ length: 24 }, (_, order) => ({
  user: 0,
  order,
  day: 700 + 7 * (order >> 1) + (order % 2 === 0 ? 0 : 4),
  items: order % 2 === 0 ? [bread] : [flour, 2, 3, 4, 5, 6, 7, 8],
}));
const log: BasketLog = { itemCount: 9, byUser: [past] };
const leanings = readSizeLeanings(log);
const positionsOf = (item: number): number[] =>
  [...past.keys()].filter((at) => past[at]!.items.includes(item));
/** The last column: how far the trip leans with the user's own purchases of the item. */
const suits = (day: number, item: number): number =>
  tripSizeReader(leanings, { user: 0, past, day })(item, positionsOf(item)).at(-1)!;

describe("the size of a trip", () => {
  it("leans to what is bought on large trips", () => {
    expect(leanings[flour]).toBeGreaterThan(0.1);
    expect(leanings[bread]).toBeLessThan(-0.1);
  });

  it("is told by the weekday: the item of small trips suits a small one, and not a large one", () => {
    const [small, large] = [784, 788];
    expect(suits(small, bread)).toBeGreaterThan(0.2);
    expect(suits(small, flour)).toBeLessThan(-0.2);
    expect(suits(large, flour)).toBeGreaterThan(0.2);
    expect(suits(large, bread)).toBeLessThan(-0.2);
  });

  it("is a usual one without dates or a past", () => {
    const undated = past.map((basket) => ({ ...basket, day: NaN }));
    const columns = tripSizeReader(leanings, { user: 0, past: undated, day: NaN })(bread, positionsOf(bread));
    expect(columns).toHaveLength(tripSizeColumnCount);
    expect(Math.abs(columns[3]!)).toBeLessThan(1e-6);
    const nobody = tripSizeReader(leanings, { user: -1, past: [], day: 784 })(flour, []);
    expect(nobody.slice(0, 4)).toEqual([0, 0, 0, 0]);
    expect(nobody[5]).toBeCloseTo(leanings[flour]!);
  });
});
