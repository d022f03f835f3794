import { describe, expect, it } from "vitest";
import { buildSnapshot } from "../snapshot/build-snapshot.ts";
import { aMarket, aProduct, aRequest, anOrder, everythingAvailable } from "../fixtures.ts";
import { boughtTogether, cartComplements } from "./sections.ts";
import { applyOrder } from "../snapshot/updates.ts";
import { today } from "../fixtures.ts";

const products = ["tomato", "basil", "mozzarella", "eggs", "leek"].map((id) => aProduct(id));

/** 100 orders: tomato in 58, basil with 45 of them, eggs in 95 whatever else is bought. */
const orders = Array.from({ length: 100 }, (_, i) => {
  const basket = i < 58 ? ["tomato"] : ["leek"];
  if (i < 45) basket.push("basil");
  if (i >= 20 && i < 50) basket.push("mozzarella");
  if (i % 20 !== 0) basket.push("eggs");
  return anOrder(`shopper-${i}`, i % 30, ...basket);
});
const snapshot = buildSnapshot(aMarket(products, orders));
const ids = (items: readonly { productId: string }[]): string[] => items.map((item) => item.productId);

describe("bought together", () => {
  const slate = boughtTogether(snapshot, { ...aRequest(), productId: "tomato" }, everythingAvailable);

  it("shows P(B|A) with its evidence: 45 of 58 baskets is .776, sure to .9 (G9)", () => {
    const basil = slate.items.find((item) => item.productId === "basil")!;
    expect(basil.score).toBeCloseTo(0.776, 3);
    expect(basil.confidence).toBe(0.9);
    expect(basil.metadata).toMatchObject({ coOccurrences: 45, totalOrders: 100, sourceOrders: 58 });
    expect(basil.reason).toBe("FREQUENTLY_BOUGHT_TOGETHER");
    expect(slate.algorithms).toEqual(["co_occurrence"]);
  });

  it("ranks a staple that is in every basket below what belongs to the product", () => {
    expect(ids(slate.items).slice(0, 2)).toEqual(["basil", "mozzarella"]);
    expect(ids(slate.items).indexOf("eggs")).not.toBe(0);
  });

  it("ranks a staple of 95 in 100 baskets below basil with a lift of three, and the likely below the rare", () => {
    // Basil is in 24 of the 100 baskets, 18 of them with tomato in 25: lift 3. Saffron always comes with tomato, thrice.
    const fixture = Array.from({ length: 100 }, (_, i) => {
      const basket = i < 25 ? ["tomato"] : ["leek"];
      if (i < 18 || (i >= 60 && i < 66)) basket.push("basil");
      if (i < 3) basket.push("saffron");
      if (i % 20 !== 0) basket.push("eggs");
      return anOrder(`shopper-${i}`, i % 30, ...basket);
    });
    const market = aMarket([...products, aProduct("saffron")], fixture);
    const { items } = boughtTogether(
      buildSnapshot(market),
      { ...aRequest(), productId: "tomato" },
      everythingAvailable,
    );
    expect(items[0]?.productId).toBe("basil");
    expect(items[0]?.metadata["lift"]).toBe(3);
    expect(ids(items)).toEqual(["basil", "saffron"]);
  });

  it("never shows what is not available", () => {
    const basil = snapshot.productIndex.get("basil");
    const without = boughtTogether(
      snapshot,
      { ...aRequest(), productId: "tomato" },
      { availability: (product) => product !== basil },
    );
    expect(ids(without.items)).not.toContain("basil");
  });

  it("counts an order placed after the build", () => {
    const fresh = buildSnapshot(aMarket(products, orders));
    applyOrder(fresh, { shopperId: "new", day: today, productIds: ["tomato", "basil"] });
    const [first] = boughtTogether(fresh, { ...aRequest(), productId: "tomato" }, everythingAvailable).items;
    expect(first?.metadata).toMatchObject({ coOccurrences: 46, totalOrders: 101, sourceOrders: 59 });
  });

  it("counts a household's week as one basket where the data splits baskets", () => {
    const split = Array.from({ length: 6 }, (_, i) => [
      anOrder(`household-${i}`, 20, "tomato"),
      anOrder(`household-${i}`, 20, "basil"),
      anOrder(`household-${i}`, 90, "leek"),
    ]).flat();
    const weekly = buildSnapshot(aMarket(products, split, { togetherWithin: "shopper-week" }));
    const slate = boughtTogether(weekly, { ...aRequest(), productId: "tomato" }, everythingAvailable);
    expect(ids(slate.items)).toEqual(["basil"]);
  });
});

describe("completing a cart", () => {
  it("offers what goes with its lines, never a line, and says which line", () => {
    const cart = ["tomato", "mozzarella"];
    const { items } = cartComplements(snapshot, { ...aRequest(), cart }, everythingAvailable);
    expect(items[0]?.productId).toBe("basil");
    expect(ids(items)).not.toContain("tomato");
    expect(ids(items)).not.toContain("mozzarella");
    expect(items[0]?.reason).toBe("CART_COMPLEMENT");
    expect(cart).toContain(items[0]?.metadata["seedProductId"]);
  });

  it("has nothing to add to an empty cart", () => {
    expect(cartComplements(snapshot, { ...aRequest(), cart: [] }, everythingAvailable).items).toEqual([]);
  });
});
