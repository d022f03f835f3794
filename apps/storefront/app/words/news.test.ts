import { describe, expect, it } from "vitest";
import { newsLink, newsWords } from "./news.ts";

describe("what a shopper is told", () => {
  it.each([
    [
      "PRICE_DROP_ALERT",
      { name: "Plums", oldPriceCents: 400, newPriceCents: 320 },
      "Plums is now 3.20, it was 4.00.",
    ],
    ["STOCK_ALERT", { name: "Leeks", kind: "BACK_IN_STOCK" }, "Leeks is back."],
    ["STOCK_ALERT", { name: "Leeks", kind: "BACK_IN_SEASON" }, "Leeks is in season again."],
    ["STOCK_ALERT", { name: "Leeks", kind: "LOW_STOCK", availableQuantity: 2 }, "Only 2 left of Leeks."],
    ["NEW_ARRIVAL_ALERT", { name: "Kale", farmName: "Fern Bank", count: 1 }, "New: Kale from Fern Bank."],
    [
      "NEW_ARRIVAL_ALERT",
      { name: "Kale", farmName: "Fern Bank", count: 3 },
      "New: Kale and 2 more from Fern Bank.",
    ],
    ["TRENDING_UPDATE", { title: "Trending now" }, undefined],
    ["PRICE_DROP_ALERT", { name: "Plums" }, undefined],
  ])("is one sentence: %s %o", (type, payload, words) => {
    expect(newsWords(type, payload)).toBe(words);
  });

  it("leads to the product or to the basket, or nowhere", () => {
    expect(newsLink("STOCK_ALERT", { slug: "leeks-fern-bank" })?.href).toBe("/products/leeks-fern-bank");
    expect(newsLink("SYSTEM_ALERT", { kind: "CART_CLOSING" })?.href).toBe("/cart");
    expect(newsLink("SYSTEM_ALERT", { text: "Maintenance" })).toBeUndefined();
  });
});
