import { describe, expect, it } from "vitest";
import { cardProps, isAtPeak, yearOf, type ShopCard } from "./card.ts";

const tomato: ShopCard = {
  id: "0198a6c0-0000-7000-8000-000000000001",
  slug: "heirloom-tomato",
  name: "Heirloom tomato",
  category: { slug: "vegetables", name: "Vegetables" },
  farm: { slug: "hollow-oak", name: "Hollow Oak" },
  picture: "tomato",
  variantId: "0198a6c0-0000-7000-8000-000000000002",
  variantName: "each, about 750 g",
  priceCents: 490,
  priceUnit: "kg",
  isWeighed: true,
  estimateCents: 368,
  isOrganic: true,
  season: { phase: "peak", label: "Peak now", strip: [0, 0, 0, 0, 0, 0, 0.5, 1, 1, 0.3, 0, 0] },
};
const august = { month: 8, monthShare: 0.5 };

describe("a card", () => {
  it("prices what is weighed by the kilogram", () => {
    expect(cardProps({ card: tomato }, august).price).toEqual({ cents: 490, unit: "/kg" });
  });

  it("gives the season as its reason when nobody recommended it", () => {
    expect(cardProps({ card: tomato }, august).reason?.text).toBe("Peak now");
  });

  it("is at its peak on the days of its peak alone", () => {
    expect(isAtPeak({ phase: "peak", endsOn: "2025-10-05" })).toBe(true);
    expect(isAtPeak({ phase: "first", endsOn: "2025-10-05" })).toBe(false);
    expect(isAtPeak({ phase: "off" })).toBe(false);
    expect(isAtPeak({ phase: "peak" })).toBe(false);
  });

  it("explains a recommendation by its parts, in words", () => {
    const pick = {
      card: tomato,
      sentence: "Trending near you",
      explain: [{ algorithm: "trending", contribution: 0.3 }],
    };
    expect(cardProps(pick, august).reason?.explain?.contributions).toEqual([
      { label: "Bought much near you this week", value: 0.3 },
    ]);
  });

  it("is urgent only when something ends", () => {
    expect(cardProps({ card: tomato, sentence: "2 weeks left" }, august).reason?.tone).toBe("urgent");
    expect(cardProps({ card: tomato, sentence: "Peak now" }, august).reason?.tone).toBe("good");
    expect(cardProps({ card: tomato, sentence: "Back on 12 June" }, august).reason?.tone).toBe("calm");
  });

  it("has no strip when the product has no season", () => {
    const card = { ...tomato, season: { phase: "year_round", label: "All year", strip: [] } };
    expect(cardProps({ card }, august).season).toBeUndefined();
  });

  it("draws months as none, some and peak", () => {
    expect(yearOf([0, 0.4, 1]).slice(0, 4)).toEqual(["none", "some", "peak", "none"]);
  });
});
