import { describe, expect, it } from "vitest";
import { appliedFilters } from "./applied-filters.tsx";
import type { Facets } from "./facets.ts";
import { readSearchQuery } from "./search-query.ts";

const facets: Facets = {
  categories: [{ value: "root-vegetables", label: "Root Vegetables", count: 3 }],
  farms: [{ value: "fern-bank", label: "Fern Bank", count: 2 }],
  organic: 1,
  inSeason: 1,
  snap: 0,
  distances: [],
  prices: [],
};
const of = (address: string) => appliedFilters(facets, readSearchQuery(new URLSearchParams(address)));

describe("what narrows a search", () => {
  it("is told in the words of the choices", () => {
    const all = of(
      "q=beet&category=root-vegetables&inSeason=1&organic=1&farm=fern-bank&maxKm=20&maxPriceCents=600",
    );
    expect(all.map(({ label }) => label)).toEqual([
      "Root Vegetables",
      "In season",
      "Organic",
      "Fern Bank",
      "Within 20 km",
      "Up to 6.00",
    ]);
  });

  it("is still told where the choice is no longer offered", () => {
    expect(of("farm=hollow-oak")).toEqual([{ name: "farm", label: "Hollow oak" }]);
  });

  it("is nothing for words, an order or a category alone", () => {
    expect(of("category=root-vegetables")).toEqual([]);
    expect(of("q=beet&sort=cheapest&page=2")).toEqual([]);
  });
});
