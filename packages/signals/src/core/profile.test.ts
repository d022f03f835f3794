import { describe, expect, it } from "vitest";
import { buildProfile } from "./profile.ts";
import type { TasteEvent } from "./profile.ts";

const herbs = 0;
const dairy = 1;
const event = (changes: Partial<TasteEvent>): TasteEvent => ({
  signal: "browse",
  category: herbs,
  farm: -1,
  unitPriceCents: -1,
  day: 100,
  amount: 1,
  ...changes,
});
const options = { categoryCount: 2, farmCount: 1, day: 100 };

describe("a taste profile", () => {
  it("is empty and finite without events", () => {
    const profile = buildProfile([], options);
    expect([...profile.categories, ...profile.farms]).toEqual([0, 0, 0]);
    expect(profile).toMatchObject({ priceRange: undefined, eventCount: 0, lastActiveDay: undefined });
  });

  it("gives three views of herbs the whole browse share and nothing more", () => {
    const profile = buildProfile([event({}), event({}), event({})], options);
    expect([...profile.categories]).toEqual([0.2, 0]);
    expect(profile.categoriesBySignal.browse?.[herbs]).toBe(1);
  });

  it("uses all five signals with their shares", () => {
    const signals = ["purchase", "browse", "wishlist", "search", "farm"] as const;
    const profile = buildProfile(
      signals.map((signal) => event({ signal })),
      options,
    );
    expect(profile.categories[herbs]).toBeCloseTo(1, 12);
  });

  it("halves a view after two weeks", () => {
    const profile = buildProfile([event({ day: 86 }), event({ category: dairy })], options);
    expect(profile.categories[herbs]! / profile.categories[dairy]!).toBeCloseTo(0.5, 12);
  });

  it("keeps a deleted interest at zero, and lets the next one lead", () => {
    const events = [event({}), event({}), event({ category: dairy })];
    const profile = buildProfile(events, { ...options, deletedCategories: new Set([herbs]) });
    expect([...profile.categories]).toEqual([0, 0.2]);
  });

  it("takes the middle of the prices, so that one feast does not widen the range", () => {
    const prices = [100, ...Array.from({ length: 18 }, () => 300), 9_000];
    const profile = buildProfile(
      prices.map((unitPriceCents) => event({ unitPriceCents })),
      options,
    );
    expect(profile.priceRange).toEqual({ minCents: 300, maxCents: 300 });
  });
});
