import { days } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { currentPriceDrop, isPriceDrop, lowestPriceBefore, type PriceChange } from "./price-drop.ts";

const now = new Date("2025-08-15T12:00:00Z");
const ago = (count: number) => new Date(now.getTime() - days(count));
const change = (daysAgo: number, oldPriceCents: number, newPriceCents: number): PriceChange => ({
  oldPriceCents,
  newPriceCents,
  changedAt: ago(daysAgo),
});

describe("a price drop (ALR-01)", () => {
  it.each([
    { before: 1000, after: 960, isDrop: false, why: "4 % is too little" },
    { before: 1000, after: 950, isDrop: true, why: "exactly 5 %, and 50 cents" },
    { before: 300, after: 270, isDrop: true, why: "10 % and 30 cents" },
    { before: 300, after: 276, isDrop: false, why: "24 cents are too little" },
    { before: 300, after: 275, isDrop: true, why: "25 cents are enough" },
    { before: 270, after: 265, isDrop: false, why: "5 cents are too little" },
    { before: 950, after: 1000, isDrop: false, why: "it rose" },
    { before: 0, after: 0, isDrop: false, why: "nothing is not less than nothing" },
  ])("$before -> $after: $isDrop, as $why", ({ before, after, isDrop }) => {
    expect(isPriceDrop(before, after)).toBe(isDrop);
  });

  it("is measured against the lowest price of the previous 14 days, so raising first gains nothing", () => {
    const raised = [change(5, 1000, 1200)];
    expect(lowestPriceBefore(raised, 1200, now)).toBe(1000);
    expect(isPriceDrop(lowestPriceBefore(raised, 1200, now), 1050)).toBe(false);
  });

  it("forgets a low price that ended more than 14 days ago", () => {
    expect(lowestPriceBefore([change(15, 1000, 1200)], 1200, now)).toBe(1200);
    expect(lowestPriceBefore([change(14, 1000, 1200)], 1200, now)).toBe(1200);
    expect(lowestPriceBefore([change(13.99, 1000, 1200)], 1200, now)).toBe(1000);
  });

  it("takes the price now where nothing ever changed", () => {
    expect(lowestPriceBefore([], 490, now)).toBe(490);
  });
});

describe("the drop shown beside a price", () => {
  it("is the lowest price before it, for 14 days", () => {
    const changes = [change(2, 300, 270)];
    expect(currentPriceDrop(changes, 270, now)).toEqual({ previousPriceCents: 300, changedAt: ago(2) });
    expect(currentPriceDrop([change(14.5, 300, 270)], 270, now)).toBeUndefined();
  });

  it("stays when the price falls a little more", () => {
    const changes = [change(2, 300, 270), change(1, 270, 265)];
    expect(currentPriceDrop(changes, 265, now)?.previousPriceCents).toBe(300);
  });

  it("ends when the price rises again", () => {
    expect(currentPriceDrop([change(2, 300, 270), change(1, 270, 290)], 290, now)).toBeUndefined();
  });

  it("is none after a raise and a cut", () => {
    expect(currentPriceDrop([change(5, 1000, 1200), change(1, 1200, 1050)], 1050, now)).toBeUndefined();
  });

  it("is none for a small cut", () => {
    expect(currentPriceDrop([change(1, 1000, 960)], 960, now)).toBeUndefined();
  });
});
