import { describe, expect, it } from "vitest";
import { isOfAnotherMarket, mergeItems, readItems, type Item } from "./items.ts";

const item = (id: string): Item =>
  ({
    card: {
      id,
      slug: id,
      name: id,
      category: {},
      farm: {},
      picture: "",
      variantId: "",
      priceCents: 1,
      priceUnit: "kg",
    },
  }) as unknown as Item;
const ids = (items: readonly Item[]) => items.map(({ card }) => card.id as string);

describe("items of a live message", () => {
  it("are those that have the shape of one", () => {
    expect(ids(readItems([item("tomato"), { card: { id: "x" } }, null, "x"]))).toEqual(["tomato"]);
    expect(readItems(undefined)).toEqual([]);
  });

  it("come first, each once, and the list keeps its length", () => {
    const before = ["a", "b", "c"].map(item);
    expect(ids(mergeItems([item("d"), item("b")], before, 3))).toEqual(["d", "b", "a"]);
  });

  it("are no news where they trend at another market", () => {
    expect(isOfAnotherMarket({ marketId: "lakeside" }, "riverside")).toBe(true);
    expect(isOfAnotherMarket({ marketId: "riverside" }, "riverside")).toBe(false);
    expect(isOfAnotherMarket({}, "riverside")).toBe(false);
    expect(isOfAnotherMarket({ marketId: "lakeside" }, undefined)).toBe(false);
  });

  it("leave what was there behind them when they are few", () => {
    expect(ids(mergeItems([item("d")], ["a", "b"].map(item), 8))).toEqual(["d", "a", "b"]);
  });
});
