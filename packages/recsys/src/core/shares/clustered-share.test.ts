import { momentsOf, snips, sumMoments } from "@almanac/experiments";
import { seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { clusteredShare, type PlaceSums } from "./clustered-share.ts";
import { shareInterval } from "./share-interval.ts";

interface Place {
  readonly who: number;
  readonly clicked: 0 | 1;
  /** Chance that it was drawn with. */
  readonly chance: number;
}

function sumsOf(places: readonly Place[]): PlaceSums {
  const shoppers = [...Map.groupBy(places, ({ who }) => who).values()].map((own) =>
    momentsOf(
      own.reduce((sum, { clicked, chance }) => sum + clicked / chance, 0),
      own.reduce((sum, { chance }) => sum + 1 / chance, 0),
    ),
  );
  const { n, y, yy, x, xx, yx } = sumMoments(shoppers);
  return { n, y, yy, x, xx, yx, weightSquares: places.reduce((sum, { chance }) => sum + chance ** -2, 0) };
}

describe("a share of places", () => {
  it("is that of independent trials where each place is of another shopper", () => {
    const places = Array.from({ length: 400 }, (_, who): Place => ({
      who,
      clicked: who < 40 ? 1 : 0,
      chance: 1,
    }));
    const found = clusteredShare(sumsOf(places));
    const plain = shareInterval(40, 400);
    expect(found.share).toBeCloseTo(0.1, 12);
    expect(found.lower).toBeCloseTo(plain.lower, 3);
    expect(found.upper).toBeCloseTo(plain.upper, 3);
  });

  it("is wider where shoppers differ, and says nothing without places", () => {
    // Forty shoppers of ten places each: four look at all of theirs.
    const places = Array.from({ length: 400 }, (_, n): Place => {
      const who = Math.floor(n / 10);
      return { who, clicked: who < 4 ? 1 : 0, chance: 1 };
    });
    const { effectivePlaces } = clusteredShare(sumsOf(places));
    expect(effectivePlaces).toBeGreaterThan(35);
    expect(effectivePlaces).toBeLessThan(45);
    expect(clusteredShare(sumsOf([]))).toEqual({ share: 0, lower: 0, upper: 1, effectivePlaces: 0 });
    expect(clusteredShare(sumsOf(places.slice(0, 10))).effectivePlaces).toBe(1);
  });

  it("with inverse chances is the self-normalised estimate, and holds what an even draw gets", () => {
    // Two candidates, of which the one that is looked at more is drawn in four of five cases.
    const rates = [0.3, 0.1] as const;
    const chances = [0.8, 0.2] as const;
    let held = 0;
    for (let seed = 0; seed < 200; seed++) {
      const rng = seededRng(seed);
      const places = Array.from({ length: 900 }, (_, n): Place => {
        const at = rng.weighted([...chances]) as 0 | 1;
        return { who: Math.floor(n / 3), clicked: rng.next() < rates[at] ? 1 : 0, chance: chances[at] };
      });
      const { share, lower, upper } = clusteredShare(sumsOf(places));
      const log = {
        reward: Float64Array.from(places, ({ clicked }) => clicked),
        logged: Float64Array.from(places, ({ chance }) => chance),
        target: new Float64Array(places.length).fill(0.5),
      };
      expect(share).toBeCloseTo(snips(log).value, 12);
      if (lower <= 0.2 && 0.2 <= upper) held += 1;
      // What was really drawn got .26: taken for the even draw it would be wrong.
      if (seed === 0) expect(upper).toBeLessThan(0.26);
    }
    expect(held).toBeGreaterThanOrEqual(182);
    expect(held).toBeLessThanOrEqual(198);
  });
});
