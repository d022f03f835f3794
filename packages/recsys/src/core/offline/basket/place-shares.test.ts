import { describe, expect, it } from "vitest";
import type { Basket } from "../baskets.ts";
import { gatherCandidates } from "./basket-candidates.ts";
import { basketFeatureCount, basketFeatures } from "./basket-features.ts";
import { fitBasketSources } from "./basket-sources.ts";
import { placeLifts, readPlaceShares } from "./place-shares.ts";

const at = (place: number | undefined, items: readonly number[], day = NaN): Basket => ({
  user: 0,
  order: 0,
  day,
  ...(place === undefined ? {} : { place }),
  items,
});

describe("what is bought where", () => {
  // Place 0 sells item 0 only, place 1 item 1 only, fifty times each.
  const baskets = Array.from({ length: 100 }, (_, i) => at(i % 2, [i % 2]));
  const log = { itemCount: 2, placeCount: 2, byUser: [baskets] };
  const shares = readPlaceShares(log)!;
  const everywhere = [0.5, 0.5];
  const lifted = (50 + 150 * 0.5) / (50 + 150) / 0.5;

  it("is pulled to what is bought everywhere", () => {
    const lift = placeLifts(shares, everywhere, { past: [at(0, [0])], day: NaN }, 150);
    expect(lift(0)).toBeCloseTo(lifted, 4);
    expect(lift(1)).toBeCloseTo(2 - lifted, 4);
  });

  it("counts a place by what the user bought there", () => {
    const lift = placeLifts(shares, everywhere, { past: [at(0, [0, 1]), at(1, [0])], day: NaN }, 150);
    expect(lift(0)).toBeCloseTo((2 * lifted + (2 - lifted)) / 3, 4);
  });

  it("says nothing of users whose places are not known, nor of data without two places", () => {
    expect(placeLifts(shares, everywhere, { past: [at(undefined, [0])], day: NaN }, 150)(0)).toBe(1);
    expect(placeLifts(shares, everywhere, { past: [], day: NaN }, 150)(0)).toBe(1);
    expect(readPlaceShares({ ...log, placeCount: 1 })).toBeUndefined();
    expect(readPlaceShares({ itemCount: 2, byUser: [[at(undefined, [0])]] })).toBeUndefined();
  });

  it("fades: a purchase counts half after 120 days, a visit after 90", () => {
    const dated = readPlaceShares({ ...log, byUser: [[at(0, [0], 1_000), at(0, [1], 1_120)]] })!;
    expect([...dated.purchases.values]).toEqual([0.5, 1]);
    expect([...dated.totals]).toEqual([1.5, 0]);
    const lift = placeLifts(
      shares,
      everywhere,
      { past: [at(0, [0], 1_000), at(1, [0], 1_090)], day: 1_090 },
      150,
    );
    expect(lift(0)).toBeCloseTo((0.5 * lifted + (2 - lifted)) / 1.5, 4);
  });

  it("adds columns to data that has places, and none to other data", () => {
    const sources = fitBasketSources(log);
    const plain = fitBasketSources({
      itemCount: 2,
      byUser: [baskets.map(({ items }) => at(undefined, items))],
    });
    expect(basketFeatureCount(sources)).toBe(basketFeatureCount(plain) + 5);
    const query = { user: 0, past: [at(0, [1])], day: NaN };
    const candidates = gatherCandidates(sources, query);
    const rows = basketFeatures(sources, query, candidates);
    const width = basketFeatureCount(sources);
    expect(rows).toHaveLength(candidates.items.length * width);
    // One purchase of item 1 weighs less than what everybody buys there.
    const first = (item: number): number => (candidates.items.indexOf(item) + 1) * width - 5;
    expect(rows[first(0)]).toBeGreaterThan(0);
    expect(rows[first(1)]).toBeLessThan(0);
    expect(rows[first(0) + 4]).toBe(0);
  });
});
