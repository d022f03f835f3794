import { describe, expect, it } from "vitest";
import { engagementScore, engagementWeights } from "./engagement.ts";
import { noFacts, type ShopperFacts } from "./shopper-facts.ts";

/** Worked out by hand: .35 r + .25 f + .2 d + .1 m + .1 s. */
const table: [Partial<ShopperFacts>, number][] = [
  [{}, 0],
  [{ daysSinceVisit: 0 }, 0.35],
  [{ daysSinceVisit: 14 }, 0.175],
  [{ daysSinceVisit: 28, visits28: 1 }, 0.1188],
  [{ visits28: 8 }, 0.25],
  [{ visits28: 80 }, 0.25],
  [{ pagesPerVisit: 5 }, 0.1],
  [{ spend90Cents: 5_000 }, 0.025],
  [{ social90: 2 }, 0.04],
  [{ daysSinceVisit: 0, visits28: 8, pagesPerVisit: 10, spend90Cents: 20_000, social90: 5 }, 1],
];

describe("engagement", () => {
  it.each(table)("of %o is %d", (facts, expected) => {
    expect(engagementScore({ ...noFacts, ...facts })).toBe(expected);
  });

  it("refuses weights that do not sum to one", () => {
    expect(() => engagementScore(noFacts, { ...engagementWeights, social: 0.2 })).toThrow(RangeError);
  });
});
