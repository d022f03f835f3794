import { describe, expect, it } from "vitest";
import { describeRule, segmentOf, segments, type Segment } from "./segments.ts";
import { noFacts, type ShopperFacts } from "./shopper-facts.ts";

const known: ShopperFacts = { ...noFacts, visits90: 5, daysSinceVisit: 1 };
const bought: ShopperFacts = { ...known, orders90: 1, orders365: 1, daysSinceOrder: 3, lines365: 4 };

const archetypes: [Segment, ShopperFacts][] = [
  ["LOYAL_CUSTOMER", { ...bought, orders90: 11, daysSinceOrder: 4 }],
  ["PRICE_SENSITIVE", { ...bought, lines365: 20, reducedLines365: 14 }],
  ["IMPULSE_BUYER", { ...bought, timedOrders: 3, minutesToOrder: 4 }],
  ["RESEARCHER", { ...known, pagesPerVisit: 14, searches90: 9 }],
  ["BUYER", bought],
  ["BROWSER", known],
];

/** The figure at the line, and just short of it. */
const boundaries: [string, ShopperFacts, Segment | undefined, Segment][] = [
  ["two visits are new", { ...noFacts, visits90: 2 }, undefined, "NEW"],
  ["three visits are known", { ...noFacts, visits90: 3 }, undefined, "BROWSER"],
  ["three orders in a year are known", { ...bought, visits90: 0, orders365: 3 }, undefined, "BUYER"],
  ["who is known is never new again", { ...noFacts, visits90: 0 }, "BUYER", "BROWSER"],
  ["six orders are loyal", { ...bought, orders90: 6 }, undefined, "LOYAL_CUSTOMER"],
  ["five are not yet", { ...bought, orders90: 5 }, undefined, "BUYER"],
  ["four keep it", { ...bought, orders90: 4 }, "LOYAL_CUSTOMER", "LOYAL_CUSTOMER"],
  ["three lose it", { ...bought, orders90: 3 }, "LOYAL_CUSTOMER", "BUYER"],
  [
    "half reduced is price sensitive",
    { ...bought, lines365: 10, reducedLines365: 5 },
    undefined,
    "PRICE_SENSITIVE",
  ],
  ["less is not", { ...bought, lines365: 100, reducedLines365: 49 }, undefined, "BUYER"],
  [
    "loyal comes before price",
    { ...bought, orders90: 6, lines365: 10, reducedLines365: 9 },
    undefined,
    "LOYAL_CUSTOMER",
  ],
  ["nine minutes are no impulse", { ...bought, timedOrders: 2, minutesToOrder: 9 }, undefined, "BUYER"],
];

describe("the segment of a shopper", () => {
  it.each(archetypes)("is %s for its archetype", (segment, facts) => {
    expect(segmentOf(facts)).toBe(segment);
  });

  it.each(boundaries)("%s", (_, facts, current, expected) => {
    expect(segmentOf(facts, current)).toBe(expected);
  });

  it("does not flicker for somebody who hovers about a line", () => {
    let current: Segment | undefined;
    const moves = [5, 6, 5, 6, 4, 5, 6].map((orders90) => {
      const next = segmentOf({ ...bought, orders90 }, current);
      const moved = next !== current;
      current = next;
      return moved;
    });
    // To buyer, then once to loyal, and never back.
    expect(moves.filter(Boolean)).toHaveLength(2);
  });

  it("has a rule in words for each", () => {
    expect(segments.map(describeRule).filter((words) => words.length < 10)).toEqual([]);
    expect(describeRule("BUYER")).toBe("orders in 90 days: at least 1");
  });
});
