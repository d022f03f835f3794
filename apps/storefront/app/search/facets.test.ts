import { describe, expect, it } from "vitest";
import { readFacets } from "./facets.ts";

describe("the choices of a search", () => {
  it("count prices from nothing up, and leave out what would leave nothing", () => {
    const { prices, distances } = readFacets({
      categories: [],
      farms: [],
      organic: 0,
      inSeason: 0,
      snap: 0,
      distance: [
        { km: 5, count: 0 },
        { km: 10, count: 4 },
      ],
      price: [
        { fromCents: 0, toCents: 300, count: 0 },
        { fromCents: 300, toCents: 600, count: 3 },
        { fromCents: 600, toCents: 1200, count: 0 },
        { fromCents: 1200, count: 1 },
      ],
    });
    expect(prices.map(({ label, count }) => [label, count])).toEqual([
      ["Up to 6.00", 3],
      ["Up to 12.00", 3],
    ]);
    expect(distances.map(({ value, count }) => [value, count])).toEqual([["10", 4]]);
  });
});
