import { seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { spreadExposure } from "./spread-exposure.ts";

const shown = (lists: readonly (readonly number[])[], places: number): Set<number> =>
  new Set(lists.flatMap((list) => list.slice(0, places)));

describe("spreading exposure", () => {
  it("shows an unseen item where it ranks highest, in the last seen place that others see too", () => {
    const { lists, before, after } = spreadExposure(
      [
        ["bread", "milk", "eggs", "kale", "leek"],
        ["bread", "milk", "eggs", "leek", "kale"],
      ],
      { places: 3, share: 1, catalogue: 5 },
    );
    expect(lists).toEqual([
      ["bread", "milk", "kale", "eggs", "leek"],
      ["bread", "eggs", "leek", "milk", "kale"],
    ]);
    expect([before, after]).toEqual([0.6, 1]);
  });

  it("keeps the order in which a list ranks what it is given, and its first places", () => {
    const popular = [0, 1, 2, 3, 4];
    const { lists } = spreadExposure([[...popular, 7, 8, 9, 10], popular], {
      places: 5,
      share: 1,
      catalogue: 11,
      mostGiven: 3,
    });
    expect(lists[0]).toEqual([0, 1, 7, 8, 9, 2, 3, 4, 10]);
    expect(lists[1]).toEqual(popular);
  });

  it("stops at the share that is wanted, and changes nothing where it is reached", () => {
    const ranked = Array.from({ length: 40 }, (_, at) => [0, 1, 2, ...[3, 4, 5, 6].map((n) => n + 4 * at)]);
    const half = spreadExposure(ranked, { places: 3, share: 0.1, catalogue: 163 });
    expect(shown(half.lists, 3).size).toBe(Math.ceil(0.1 * 163));
    expect(spreadExposure(ranked, { places: 3, share: 0.01, catalogue: 163 }).lists).toEqual(ranked);
  });

  it("keeps every list's items and loses nothing that was shown, whatever the lists", () => {
    const rng = seededRng(5);
    for (let round = 0; round < 200; round++) {
      const ranked = Array.from({ length: 1 + rng.int(20) }, () =>
        rng.shuffle(Array.from({ length: 30 }, (_, item) => item)).slice(0, rng.int(31)),
      );
      const options = { places: 1 + rng.int(6), share: rng.next(), catalogue: 30, mostGiven: rng.int(4) };
      const { lists, before, after } = spreadExposure(ranked, options);
      lists.forEach((list, at) => {
        expect(new Set(list)).toEqual(new Set(ranked[at]));
        expect(list).toHaveLength(ranked[at]!.length);
        const kept = Math.max(0, options.places - options.mostGiven);
        expect(list.slice(0, kept)).toEqual(ranked[at]!.slice(0, kept));
      });
      const [then, now] = [shown(ranked, options.places), shown(lists, options.places)];
      for (const item of then) expect(now.has(item)).toBe(true);
      expect(before).toBeCloseTo(then.size / 30);
      expect(after).toBeCloseTo(now.size / 30);
    }
  });

  it("takes lists of nobody, and refuses a share that is none", () => {
    expect(spreadExposure([], { places: 10, share: 0.5, catalogue: 0 })).toEqual({
      lists: [],
      before: 0,
      after: 0,
    });
    expect(() => spreadExposure([[1]], { places: 10, share: 1.5, catalogue: 3 })).toThrow("share");
  });
});
