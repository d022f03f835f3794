import { describe, expect, it } from "vitest";
import { seededRng } from "@almanac/kernel";
import { buildSnapshot } from "../snapshot/build-snapshot.ts";
import { draw, drawChances, explorationIndex } from "./exploration.ts";
import { aMarket, aProduct, aRequest, anOrder, everythingAvailable } from "../fixtures.ts";
import { recommendForShopper } from "../lists/recommend.ts";
import type { RuleEffect } from "./rules.ts";

const categories = ["Vegetables", "Herbs", "Greens", "Dairy", "Fruits"];
const products = Array.from({ length: 60 }, (_, i) =>
  aProduct(`p${i}`, { farmId: `farm-${i % 12}`, category: categories[i % 5]!, unitPriceCents: 200 + 10 * i }),
);
const orders = Array.from({ length: 60 }, (_, i) => anOrder(`s${i}`, i % 6, `p${i % 9}`, `p${(i * 7) % 9}`));
const snapshot = buildSnapshot(aMarket(products, orders, { newFarms: ["farm-10", "farm-11"] }));
const request = aRequest({ limit: 10 });
const ids = (items: readonly { productId: string }[]): string[] => items.map((item) => item.productId);
const withRules = (...rules: Omit<RuleEffect, "id">[]) =>
  recommendForShopper(snapshot, request, {
    ...everythingAvailable,
    rules: rules.map((rule, at) => ({ id: `${at}`, ...rule })),
  });
const plain = recommendForShopper(snapshot, request, everythingAvailable);

describe("business rules", () => {
  it("pin a product to its place and leave the others in their order", () => {
    const last = ids(plain.items).at(-1)!;
    const pinned = withRules({ kind: "pin", target: "product", targetId: last, strength: 2 });
    expect(ids(pinned.items)[1]).toBe(last);
    expect(ids(pinned.items).filter((id) => id !== last)).toEqual(ids(plain.items).slice(0, -1));
    expect(pinned.items[1]?.metadata["rule"]).toBe("pin");
  });

  it("give a place that two pins ask for to the first of them, and the next to the other", () => {
    const [eighth, ninth, tenth] = ids(plain.items).slice(-3);
    const pinned = withRules(
      { kind: "pin", target: "product", targetId: tenth!, strength: 1 },
      { kind: "pin", target: "product", targetId: eighth!, strength: 1 },
      { kind: "pin", target: "product", targetId: ninth!, strength: 2 },
    );
    expect(ids(pinned.items).slice(0, 3)).toEqual([tenth, eighth, ninth]);
  });

  it("keep no place of new farms for what was buried or has a place of its own", () => {
    const newFarms = ["farm-10", "farm-11"];
    const exploration = { seed: "maya", indexOf: () => 1 };
    const ruled = (rules: readonly Omit<RuleEffect, "id">[]) =>
      recommendForShopper(snapshot, request, {
        ...everythingAvailable,
        exploration,
        rules: rules.map((rule, at) => ({ id: `${at}`, ...rule })),
      });
    const buried = ruled(
      newFarms.map((targetId) => ({ kind: "bury", target: "farm", targetId, strength: 1 })),
    );
    expect(buried.items.filter(({ productIndex }) => snapshot.columns.isNewFarm[productIndex])).toEqual([]);
    const drawn = ruled([]).items.find(({ propensity }) => propensity !== undefined)!;
    const pinned = ruled([{ kind: "pin", target: "product", targetId: drawn.productId, strength: 1 }]);
    expect(pinned.items[0]).toMatchObject({ productId: drawn.productId });
    expect(pinned.items[0]).not.toHaveProperty("propensity");
  });

  it("boost a farm's products and bury a category's, without touching a score or its reason", () => {
    const category = snapshot.categories[snapshot.columns.category[plain.items[0]!.productIndex]!]!;
    const buried = withRules({ kind: "bury", target: "category", targetId: category, strength: 1 });
    expect(buried.items[0]?.productId).not.toBe(plain.items[0]?.productId);
    const seventh = plain.items[6]!;
    const farm = snapshot.farmIds[snapshot.columns.farm[seventh.productIndex]!]!;
    const boosted = withRules({ kind: "boost", target: "farm", targetId: farm, strength: 3 });
    const item = boosted.items.find(({ productId }) => productId === seventh.productId)!;
    expect(ids(boosted.items).indexOf(seventh.productId)).toBeLessThan(6);
    expect(item.score).toBe(seventh.score);
    expect(item.explain).toEqual(seventh.explain);
  });

  it("never show what is sold out or what no algorithm named", () => {
    const { productIndex, productId } = plain.items[3]!;
    const pin = { id: "1", kind: "pin", target: "product", strength: 1 } as const;
    const without = recommendForShopper(snapshot, request, {
      availability: (product) => product !== productIndex,
      rules: [{ ...pin, targetId: productId }],
    });
    expect(ids(without.items)).not.toContain(productId);
    const unnamed = recommendForShopper(
      snapshot,
      { ...request, excludeProductIds: [productId] },
      { ...everythingAvailable, rules: [{ ...pin, targetId: productId }] },
    );
    expect(ids(unnamed.items)).not.toContain(productId);
  });
});

describe("exploring new farms", () => {
  const explore = (seed: string) =>
    recommendForShopper(snapshot, request, {
      ...everythingAvailable,
      exploration: { seed, indexOf: () => 1 },
    });

  it("draws the same for the same seed, and says with which chance", () => {
    expect(explore("maya/20316")).toEqual(explore("maya/20316"));
    const drawn = explore("maya/20316").items.filter(({ propensity }) => propensity !== undefined);
    for (const { propensity, productIndex } of drawn) {
      expect(propensity).toBeGreaterThan(0);
      expect(propensity).toBeLessThanOrEqual(1);
      expect(snapshot.columns.isNewFarm[productIndex]).toBe(1);
    }
  });

  it("tells the chance among what can be had, not among what is sold out", () => {
    const everyDraw = Array.from({ length: 40 }, (_, i) => explore(`shopper-${i}`).items).flat();
    const fresh = everyDraw.filter(({ propensity }) => propensity !== undefined);
    const left = new Set([...new Set(fresh.map(({ productIndex }) => productIndex))].slice(0, 2));
    expect(left.size).toBe(2);
    const availability = (at: number) => snapshot.columns.isNewFarm[at] === 0 || left.has(at);
    const drawn = Array.from({ length: 400 }, (_, i) =>
      recommendForShopper(snapshot, request, {
        availability,
        exploration: { seed: `shopper-${i}`, indexOf: () => 1 },
      }).items.flatMap(({ productIndex, propensity }) =>
        propensity === undefined ? [] : [{ productIndex, propensity }],
      ),
    ).flat();
    for (const product of left) {
      const ofIt = drawn.filter(({ productIndex }) => productIndex === product);
      const told = ofIt[0]?.propensity ?? 0;
      // Four standard errors of a share at 400 draws are .1.
      expect(Math.abs(ofIt.length / drawn.length - told)).toBeLessThan(0.1);
    }
  });

  it("gives new farms at least a tenth of all places, and each of them its chance", () => {
    const places = Array.from({ length: 200 }, (_, i) => explore(`shopper-${i}`).items).flat();
    const fresh = places.filter(({ productIndex }) => snapshot.columns.isNewFarm[productIndex] === 1);
    expect(fresh.length).toBeGreaterThanOrEqual(0.1 * places.length);
    expect(new Set(fresh.map(({ productIndex }) => snapshot.columns.farm[productIndex])).size).toBe(2);
  });

  it("draws as often as it says", () => {
    const chances = drawChances([0.9, 0.5, 0.1], [1, 1, 4]);
    expect(chances.reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 12);
    const rng = seededRng(3);
    const counts = [0, 0, 0];
    for (let i = 0; i < 20_000; i++) counts[draw(chances, rng)]!++;
    // Four standard errors of a share at 20,000 draws are .014.
    counts.forEach((count, at) => expect(Math.abs(count / 20_000 - chances[at]!)).toBeLessThan(0.015));
  });

  it("prefers the farm nobody has seen to the one that was shown and passed over", () => {
    const unseen = explorationIndex({ impressions: 0, clicks: 0 }, 1_000);
    const passedOver = explorationIndex({ impressions: 800, clicks: 2 }, 1_000);
    const liked = explorationIndex({ impressions: 800, clicks: 200 }, 1_000);
    expect(unseen).toBeGreaterThan(passedOver);
    expect(liked).toBeGreaterThan(passedOver);
  });
});
