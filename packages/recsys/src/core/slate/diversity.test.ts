import { describe, expect, it } from "vitest";
import { seededRng } from "@almanac/kernel";
import { diversify } from "./diversity.ts";
import type { DiversityInput } from "./diversity.ts";

function input(count: number, changes: Partial<DiversityInput>): DiversityInput {
  return {
    scores: Float64Array.from({ length: count }, (_, i) => 1 - i / count),
    farm: Array.from({ length: count }, (_, i) => i % 7),
    category: Array.from({ length: count }, (_, i) => i % 5),
    priceTercile: Array.from({ length: count }, (_, i) => i % 3),
    isNewFarm: new Uint8Array(count),
    limit: 10,
    isAvailable: () => true,
    ...changes,
  };
}
const worstWindow = (slate: readonly number[], key: ArrayLike<number>): number =>
  Math.max(
    ...slate.map((_, start) => {
      const window = slate.slice(start, start + 10);
      return Math.max(...window.map((p) => window.filter((q) => key[q] === key[p]).length));
    }),
  );

describe("a diverse slate", () => {
  it("gives a farm with the fifty best scores at most three of ten places", () => {
    const farm = Array.from({ length: 400 }, (_, i) => (i < 50 ? 0 : 1 + (i % 9)));
    const slate = diversify(input(400, { farm, limit: 30 }));
    expect(slate).toHaveLength(30);
    expect(worstWindow(slate, farm)).toBeLessThanOrEqual(3);
  });

  it("gives a category at most four of any ten places in a row", () => {
    const category = Array.from({ length: 400 }, (_, i) => (i < 300 ? 0 : 1 + (i % 6)));
    const slate = diversify(input(400, { category, limit: 30 }));
    expect(worstWindow(slate, category)).toBeLessThanOrEqual(4);
  });

  it("stays full when only one farm exists", () => {
    expect(diversify(input(60, { farm: new Int32Array(60), limit: 20 }))).toHaveLength(20);
  });

  it("shows two price levels among the first ten when only the worst product has another", () => {
    const priceTercile = Array.from({ length: 300 }, (_, i) => (i === 299 ? 2 : 0));
    expect(diversify(input(300, { priceTercile }))).toContain(299);
  });

  it("keeps one place in ten for new farms", () => {
    const isNewFarm = Uint8Array.from({ length: 500 }, (_, i) => (i >= 400 ? 1 : 0));
    const slate = diversify(input(500, { isNewFarm, limit: 20 }));
    expect(slate.slice(0, 10).filter((p) => isNewFarm[p] === 1)).toHaveLength(1);
    expect(slate.slice(10).filter((p) => isNewFarm[p] === 1)).toHaveLength(1);
  });

  it("gives every new farm its chance when it may draw", () => {
    const isNewFarm = Uint8Array.from({ length: 500 }, (_, i) => (i >= 400 ? 1 : 0));
    const rng = seededRng(7);
    const shown = new Set(
      Array.from({ length: 40 }, () =>
        diversify(input(500, { isNewFarm, rng })).find((p) => isNewFarm[p] === 1),
      ),
    );
    expect(shown.size).toBeGreaterThan(5);
  });

  it("asks for availability only of what is about to be shown", () => {
    const asked: number[] = [];
    const slate = diversify(
      input(5_000, {
        isAvailable: (product) => {
          asked.push(product);
          return product % 2 === 0;
        },
      }),
    );
    expect(slate.every((product) => product % 2 === 0)).toBe(true);
    expect(asked.length).toBeLessThan(60);
  });

  it("is empty when nothing is available, and the same for equal input", () => {
    expect(diversify(input(200, { isAvailable: () => false }))).toEqual([]);
    expect(diversify(input(200, {}))).toEqual(diversify(input(200, {})));
  });
});
