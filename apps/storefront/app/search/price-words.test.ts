import { describe, expect, it } from "vitest";
import { hrefOfPriceWords } from "./price-words.ts";

const of = (q: string, more = "") => {
  const search = new URLSearchParams(more);
  search.set("q", q);
  return hrefOfPriceWords(search);
};

describe("words about prices", () => {
  it.each([
    ["cheap eggs under 5", "q=eggs&maxPriceCents=500&sort=cheapest"],
    ["eggs below $4", "q=eggs&maxPriceCents=400"],
    ["eggs less than 6", "q=eggs&maxPriceCents=600"],
    ["under 4,50 € cheese", "q=cheese&maxPriceCents=450"],
    ["cheese up to 7.25 dollars", "q=cheese&maxPriceCents=725"],
    ["honey <10", "q=honey&maxPriceCents=1000"],
    ["jam 5 or less", "q=jam&maxPriceCents=500"],
    ["jam $5 max", "q=jam&maxPriceCents=500"],
    ["Cheapest Tomatoes", "q=Tomatoes&sort=cheapest"],
    ["eggs under 9 under 5", "q=eggs&maxPriceCents=500"],
    ["under 5 dollars eggs", "q=eggs&maxPriceCents=500"],
    ["under 4 organic eggs", "q=organic+eggs&maxPriceCents=400"],
    ["cheap", "sort=cheapest"],
    ["under 3", "maxPriceCents=300"],
  ])("%s leads to %s", (q, address) => {
    expect(of(q)).toBe(`/search?${address}`);
  });

  it.each([
    "eggs",
    "apples under 2 kg",
    "potatoes max 500g",
    "farms under 10 km",
    "eggs 12",
    "$5 eggs",
    "up to date",
    "thunder 5",
    "eggs under 0",
    "under 10% fat",
    "tomatoes -cheap",
  ])("%s says nothing of one", (q) => {
    expect(of(q)).toBeUndefined();
  });

  it("leave what was chosen as it is, but for the page", () => {
    expect(of("eggs under 5", "organic=1&maxPriceCents=300&page=2")).toBe(
      "/search?organic=1&maxPriceCents=300&q=eggs",
    );
    expect(of("cheap eggs", "sort=nearest")).toBe("/search?sort=nearest&q=eggs");
  });

  it("are words where they are to be taken as they were typed", () => {
    expect(of("eggs under 5", "exact=1")).toBeUndefined();
  });
});
