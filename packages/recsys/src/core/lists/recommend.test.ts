import { seededRng } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { buildSnapshot } from "../snapshot/build-snapshot.ts";
import { aMarket, aProduct, aRequest, anOrder, everythingAvailable, today } from "../fixtures.ts";
import { recommendForShopper } from "./recommend.ts";
import { newArrivals, priceDrops, similarProducts } from "./sections.ts";
import { recommendationReasons } from "../types.ts";
import { applyPrice, applyProduct, applySignal } from "../snapshot/updates.ts";

const categories = ["Vegetables", "Herbs", "Greens", "Dairy", "Fruits", "Eggs"];
const rng = seededRng(11);
const products = Array.from({ length: 240 }, (_, i) =>
  aProduct(`p${i}`, {
    farmId: `farm-${i % 12}`,
    category: categories[i % 6]!,
    unitPriceCents: 150 + rng.int(800),
    organic: rng.int(2) === 1,
    listedDay: today - rng.int(60),
    seasonality: i % 4 === 0 ? rng.next() : undefined,
  }),
);
const orders = Array.from({ length: 1_500 }, () => {
  const taste = rng.int(6);
  const basket = Array.from(
    { length: 5 },
    () => `p${rng.int(40) * 6 + (rng.int(5) === 0 ? rng.int(6) : taste)}`,
  );
  return anOrder(`shopper-${rng.int(20) * 6 + taste}`, rng.int(120), ...basket);
});
const market = aMarket(products, orders, { newFarms: ["farm-3"] });
const snapshot = buildSnapshot(market);
const ids = (items: readonly { productId: string }[]): string[] => items.map((item) => item.productId);

describe("recommending for a shopper", () => {
  it("runs all five algorithms for a shopper with a history and names them", () => {
    const { algorithms, items } = recommendForShopper(
      snapshot,
      aRequest({ shopperId: "shopper-8" }),
      everythingAvailable,
    );
    expect(algorithms).toEqual([
      "collaborative_filtering",
      "content_based",
      "trending",
      "seasonal",
      "user_behavior",
    ]);
    expect(items).toHaveLength(20);
  });

  it("runs only trend and season for a stranger", () => {
    const { algorithms } = recommendForShopper(snapshot, aRequest(), everythingAvailable);
    expect(algorithms).toEqual(["trending", "seasonal"]);
  });

  it("explains every score by contributions that sum to it, the largest giving the reason", () => {
    for (const shopperId of ["shopper-0", "shopper-1", "shopper-2", undefined]) {
      for (const item of recommendForShopper(snapshot, aRequest({ shopperId }), everythingAvailable).items) {
        const sum = item.explain.reduce((total, term) => total + term.contribution, 0);
        expect(sum).toBeCloseTo(item.score, 12);
        expect(item.reason).toBe(item.explain[0]!.reason);
        expect(Math.max(...item.explain.map((term) => term.contribution))).toBe(
          item.explain[0]!.contribution,
        );
        expect(recommendationReasons).toContain(item.reason);
        expect(item.confidence).toBeGreaterThanOrEqual(0);
        expect(item.confidence).toBeLessThanOrEqual(1);
      }
    }
  });

  it("never shows the unavailable, the excluded, the cart or the page's own product in 2,000 random requests", () => {
    const draw = seededRng(3);
    for (let i = 0; i < 2_000; i++) {
      const gone = new Set(Array.from({ length: draw.int(200) }, () => draw.int(240)));
      const cart = [`p${draw.int(240)}`];
      const excludeProductIds = [`p${draw.int(240)}`, "unknown"];
      const productId = `p${draw.int(240)}`;
      const request = aRequest({
        shopperId: `shopper-${draw.int(140)}`,
        cart,
        excludeProductIds,
        productId,
        limit: 10,
      });
      const { items } = recommendForShopper(snapshot, request, {
        availability: (p) => !gone.has(p),
        rng: draw,
      });
      for (const { productIndex, productId: shown } of items)
        expect(gone.has(productIndex) || [...cart, ...excludeProductIds, productId].includes(shown)).toBe(
          false,
        );
      expect(new Set(ids(items)).size).toBe(items.length);
    }
  });

  it("gives the same answer twice", () => {
    const ask = () =>
      recommendForShopper(snapshot, aRequest({ shopperId: "shopper-9" }), everythingAvailable);
    expect(ask()).toEqual(ask());
  });

  it("answers with one category when asked for it", () => {
    const { items } = recommendForShopper(
      snapshot,
      aRequest({ category: "Dairy", limit: 12 }),
      everythingAvailable,
    );
    expect(new Set(items.map((item) => products[item.productIndex]!.category))).toEqual(new Set(["Dairy"]));
  });

  it("drops an interest that the shopper deleted", () => {
    const request = aRequest({ shopperId: "shopper-1", deletedCategories: ["Herbs"] });
    const { items } = recommendForShopper(snapshot, request, everythingAvailable);
    expect(items.some((item) => products[item.productIndex]!.category === "Herbs")).toBe(false);
  });

  it("moves towards what was looked at a moment ago", () => {
    const looks = [0, 1, 2].map((i) => ({
      signal: "browse" as const,
      productId: `p${i * 6 + 3}`,
      day: today,
    }));
    const dairy = (recent: typeof looks): number =>
      recommendForShopper(snapshot, aRequest({ recent, limit: 10 }), everythingAvailable).items.filter(
        (item) => products[item.productIndex]!.category === "Dairy",
      ).length;
    expect(dairy(looks)).toBeGreaterThan(dairy([]));
  });

  it("reads no history of someone who asked not to be profiled", () => {
    const request = aRequest({ shopperId: "shopper-8", personalised: false });
    expect(recommendForShopper(snapshot, request, everythingAvailable)).toEqual(
      recommendForShopper(snapshot, aRequest(), everythingAvailable),
    );
  });
});

describe("changes between two builds", () => {
  it("shows a product listed since, and its farm's followers hear of it first", () => {
    const fresh = buildSnapshot(market);
    applyProduct(fresh, aProduct("brand-new", { farmId: "sunny", category: "Cider", listedDay: today }), {
      id: "sunny",
      isNew: true,
    });
    applySignal(fresh, { shopperId: "maya", signal: "farm", farmId: "sunny", day: today });
    const slate = newArrivals(fresh, aRequest({ shopperId: "maya" }), everythingAvailable);
    expect(slate.items[0]).toMatchObject({ productId: "brand-new", reason: "NEW_ARRIVAL" });
    expect(slate.items[0]?.metadata).toMatchObject({ isFollowedFarm: true });
  });

  it("tells followers only of their farms, and nobody else anything", () => {
    const onlyFavouriteFarms = { ...everythingAvailable, onlyFavouriteFarms: true };
    expect(newArrivals(snapshot, aRequest({ shopperId: "stranger" }), onlyFavouriteFarms).items).toEqual([]);
  });

  it("lists a fallen price with what it was, and compares by the new one", () => {
    const fresh = buildSnapshot(
      aMarket([aProduct("seed", { unitPriceCents: 300 }), aProduct("dear", { unitPriceCents: 500 })]),
    );
    const similar = () =>
      ids(similarProducts(fresh, { ...aRequest(), productId: "seed" }, everythingAvailable).items);
    expect(similar()).toEqual([]);
    applyPrice(fresh, "dear", 360, today);
    expect(similar()).toEqual(["dear"]);
    expect(priceDrops(fresh, aRequest(), everythingAvailable).items[0]).toMatchObject({
      productId: "dear",
      metadata: { previousUnitPriceCents: 500, unitPriceCents: 360 },
    });
  });
});
