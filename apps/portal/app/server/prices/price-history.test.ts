import { describe, expect, it } from "vitest";
import { dailyPrices } from "./price-history.ts";

describe("dailyPrices", () => {
  const points = [
    { at: "2025-08-10T09:00:00.000Z", unitPriceCents: 490 },
    { at: "2025-08-12T18:00:00.000Z", unitPriceCents: 520 },
  ];

  it("holds a price until the next one", () => {
    const prices = dailyPrices(points, { today: "2025-08-14", currentCents: 520, days: 5 });
    expect(prices.map(({ cents }) => cents)).toEqual([490, 490, 520, 520, 520]);
    expect(prices[0]?.day).toBe("2025-08-10");
  });

  it("begins with the first known price, and ends with the one that holds", () => {
    const prices = dailyPrices(points, { today: "2025-08-14", currentCents: 505, days: 90 });
    expect([prices.length, prices.at(-1)?.cents]).toEqual([5, 505]);
  });

  it("is empty when no price is known", () => {
    expect(dailyPrices([], { today: "2025-08-14", currentCents: 490 })).toEqual([]);
  });
});
