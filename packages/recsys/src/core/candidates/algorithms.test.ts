import { describe, expect, it } from "vitest";
import { behaviourCandidates } from "./behaviour.ts";
import { buildSnapshot } from "../snapshot/build-snapshot.ts";
import { collaborativeCandidates } from "./collaborative.ts";
import { contentCandidates } from "./content.ts";
import { aMarket, aProduct, aRequest, anOrder, today } from "../fixtures.ts";
import { readHistory } from "./history.ts";
import { isInSeason, seasonalCandidates } from "./seasonal.ts";
import type { RecsysSnapshot, SnapshotOrder } from "../snapshot/snapshot.ts";
import { trendingCandidates } from "./trending.ts";
import type { ScoredCandidates } from "../types.ts";

function scoresById(snapshot: RecsysSnapshot, list: ScoredCandidates | undefined): Record<string, number> {
  if (list === undefined) return {};
  return Object.fromEntries(
    Array.from(list.products, (product, i) => [snapshot.productIds[product]!, list.scores[i]!]),
  );
}

const repeat = (times: number, order: (i: number) => SnapshotOrder): SnapshotOrder[] =>
  Array.from({ length: times }, (_, i) => order(i));

describe("collaborative filtering", () => {
  const products = ["leek", "kale", "jam"].map((id) => aProduct(id));
  const orders = [
    anOrder("maya", 20, "leek"),
    ...repeat(8, (i) => anOrder(`like-maya-${i}`, 10, "leek", ...(i < 3 ? ["jam"] : ["kale"]))),
  ];
  const snapshot = buildSnapshot(aMarket(products, orders));
  const list = collaborativeCandidates(snapshot, "maya", new Map([[0, today - 20]]), { day: today });

  it("scores a product by the share of similar shoppers who bought it", () => {
    expect(scoresById(snapshot, list)).toEqual({ jam: 0.375, kale: 0.625 });
    expect(list?.confidences[0]).toBe(0.8);
  });

  it("does not run when nobody is alike", () => {
    expect(collaborativeCandidates(snapshot, "bo", new Map(), { day: today })).toBeUndefined();
  });
});

describe("content based filtering", () => {
  const snapshot = buildSnapshot(
    aMarket([
      aProduct("seed", { unitPriceCents: 300, organic: true }),
      aProduct("same-category", { farmId: "hill", unitPriceCents: 345, organic: true }),
      aProduct("same-farm", { category: "Herbs", unitPriceCents: 390 }),
      aProduct("too-dear", { unitPriceCents: 391 }),
      aProduct("by-the-piece", { unitPriceCents: 300, unit: "piece" }),
      aProduct("unrelated", { farmId: "hill", category: "Herbs", unitPriceCents: 300 }),
    ]),
  );

  it("takes the same category or the same farm within 30 %, and adds the bonuses", () => {
    expect(scoresById(snapshot, contentCandidates(snapshot, [0]))).toEqual({
      "same-category": 0.7,
      "same-farm": 0.3,
    });
  });

  it("does not run without a seed", () => {
    expect(contentCandidates(snapshot, [])).toBeUndefined();
  });
});

describe("trending", () => {
  const products = ["turnip", "tomato", "leek"].map((id) => aProduct(id));

  it("ranks forty orders of one buyer below ten orders of ten buyers", () => {
    const orders = [
      ...repeat(40, (i) => anOrder("restaurant", i % 6, "turnip")),
      ...repeat(10, (i) => anOrder(`shopper-${i}`, i % 6, "tomato")),
    ];
    const snapshot = buildSnapshot(aMarket(products, orders));
    const list = trendingCandidates(snapshot, { day: today })!;
    expect(Array.from(list.products, (p) => snapshot.productIds[p])).toEqual(["tomato", "turnip"]);
    expect(list.facts?.(1)).toEqual({ orders: 6, buyers: 1 });
  });

  it("leaves out what sold four times, and what sold before the window", () => {
    const orders = [
      ...repeat(4, (i) => anOrder(`shopper-${i}`, 1, "leek")),
      ...repeat(9, (i) => anOrder(`shopper-${i}`, 7, "tomato")),
    ];
    expect(trendingCandidates(buildSnapshot(aMarket(products, orders)), { day: today })).toBeUndefined();
  });

  it("counts a resting market's week back from its latest order, and forgets a market that rested for longer", () => {
    const restedFor = (days: number) => {
      const orders = [
        ...repeat(4, (i) => anOrder(`a-${i}`, days, "leek")),
        ...repeat(4, (i) => anOrder(`b-${i}`, days + 6, "leek")),
      ];
      return trendingCandidates(buildSnapshot(aMarket(products, orders)), { day: today })?.products.length;
    };
    expect([1, 6, 9].map(restedFor)).toEqual([undefined, 1, undefined]);
  });

  it("stays within one market", () => {
    const orders = repeat(6, (i) => ({ ...anOrder(`shopper-${i}`, 1, "leek"), marketId: "north" }));
    const snapshot = buildSnapshot(aMarket(products, orders));
    expect(trendingCandidates(snapshot, { day: today, marketId: "south" })).toBeUndefined();
    expect(trendingCandidates(snapshot, { day: today, marketId: "north" })?.products).toHaveLength(1);
  });
});

describe("seasonal", () => {
  it("trusts the harvest window and falls back to the map of categories", () => {
    expect(isInSeason(0.3, "Preserved", "SUMMER")).toBe(true);
    expect(isInSeason(0, "Vegetables", "SUMMER")).toBe(false);
    expect(isInSeason(NaN, "Berries", "SUMMER")).toBe(true);
    expect(isInSeason(NaN, "Squash", "SUMMER")).toBe(false);
  });

  it("adds taste and newness, and is surer of a window than of the map", () => {
    const snapshot = buildSnapshot(
      aMarket([
        aProduct("tomato", { seasonality: 1, weeksLeft: 2 }),
        aProduct("bean", { listedDay: today - 6 }),
        aProduct("old-news", { listedDay: today - 7 }),
        aProduct("pumpkin", { category: "Pumpkins" }),
      ]),
    );
    const { profile } = readHistory(snapshot, aRequest());
    const list = seasonalCandidates(snapshot, profile, aRequest())!;
    expect(scoresById(snapshot, list)).toEqual({ tomato: 0.5, bean: 0.7, "old-news": 0.5 });
    expect(list.confidences[0]).toBeGreaterThan(list.confidences[1]!);
    expect(list.facts?.(0)).toEqual({ seasonality: 1, weeksLeft: 2, isNew: false });
  });
});

describe("behaviour", () => {
  const products = [
    aProduct("milk", { category: "Dairy" }),
    aProduct("wreath", { category: "Dairy" }),
    aProduct("kefir", { category: "Dairy" }),
    aProduct("herb", { category: "Herbs" }),
  ];
  const weekly = repeat(8, (week) => anOrder("bo", 7 * (week + 1) + 3, "milk"));
  const snapshot = buildSnapshot(aMarket(products, [...weekly, anOrder("maya", 8, "milk", "wreath")]));

  it("brings back milk bought eight days ago, but not a wreath", () => {
    const request = aRequest({ shopperId: "maya" });
    const scores = scoresById(snapshot, behaviourCandidates(snapshot, readHistory(snapshot, request), today));
    expect(Object.keys(scores).sort()).toEqual(["kefir", "milk"]);
  });

  it("leaves milk out on the day after it was bought", () => {
    const request = aRequest({ shopperId: "maya", day: today - 7 });
    const scores = scoresById(
      snapshot,
      behaviourCandidates(snapshot, readHistory(snapshot, request), today - 7),
    );
    expect(Object.keys(scores)).toEqual(["kefir"]);
  });

  it("does not run for a shopper without a taste", () => {
    expect(behaviourCandidates(snapshot, readHistory(snapshot, aRequest()), today)).toBeUndefined();
  });
});
