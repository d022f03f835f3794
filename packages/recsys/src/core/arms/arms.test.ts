import { describe, expect, it } from "vitest";
import { seededRng } from "@almanac/kernel";
import { buildSnapshot } from "../snapshot/build-snapshot.ts";
import { aMarket, aProduct, aRequest, anOrder, everythingAvailable, today } from "../fixtures.ts";
import { recommendForShopper } from "../lists/recommend.ts";
import type { SnapshotInput } from "../snapshot/snapshot.ts";
import { applyOrder } from "../snapshot/updates.ts";
import { arms } from "./arms.ts";
import { buyAgain, dueness } from "./buy-again.ts";
import { evaluateArms, winningArm } from "./evaluate.ts";
import { armNames } from "./names.ts";

const ids = (items: readonly { productId: string }[]): string[] => items.map((item) => item.productId);

/** Forty households that buy milk and bread each week and one of two fruits now and then, all on their own rhythm. */
function householdMarket(): SnapshotInput {
  const rng = seededRng(5);
  const products = ["milk", "bread", "apple", "pear", "jam", "honey", "tea", "rice", "wreath", "soap"].map(
    (id, i) =>
      aProduct(id, { category: i < 2 ? "Dairy" : i < 4 ? "Fruits" : "Pantry", farmId: `farm-${i % 4}` }),
  );
  const orders = Array.from({ length: 40 }, (_, h) => h).flatMap((h) =>
    Array.from({ length: 16 }, (_, week) => {
      const own = [h % 2 === 0 ? "milk" : "tea", h % 4 < 2 ? "bread" : "rice"];
      if (rng.int(3) === 0) own.push(h % 2 === 0 ? "apple" : "pear");
      if (rng.int(9) === 0) own.push(rng.pick(["jam", "honey", "soap"]));
      return anOrder(`household-${h}`, 7 * week + (h % 7), ...own);
    }),
  );
  return aMarket(products, [...orders, anOrder("household-0", 30, "wreath")]);
}
const input = householdMarket();
const snapshot = buildSnapshot(input);
const ask = aRequest({ shopperId: "household-0", limit: 6 });

describe("the arms", () => {
  it.each(armNames)("%s explains every score, and shows nothing excluded or unavailable", (name) => {
    const gone = snapshot.productIndex.get("tea")!;
    const request = { ...ask, excludeProductIds: ["bread"] };
    const { items } = arms[name].recommend(snapshot, request, { availability: (p) => p !== gone });
    expect(items.length).toBeGreaterThan(0);
    expect(ids(items)).not.toContain("bread");
    expect(ids(items)).not.toContain("tea");
    for (const { explain, score, reason } of items) {
      expect(explain.reduce((sum, term) => sum + term.contribution, 0)).toBeCloseTo(score, 12);
      expect(reason).toBe(explain[0]!.reason);
    }
  });

  it("control is the owner's five, to the letter", () => {
    expect(arms.control.recommend(snapshot, ask, everythingAvailable)).toEqual(
      recommendForShopper(snapshot, ask, everythingAvailable),
    );
  });

  it("fall back to control for a stranger where nothing was learned of anybody", () => {
    const empty = buildSnapshot(aMarket(input.products.slice()));
    const stranger = aRequest();
    expect(arms["next-basket"].recommend(empty, stranger, everythingAvailable)).toEqual(
      recommendForShopper(empty, stranger, everythingAvailable),
    );
  });

  it("next-basket lists new items beside repeats", () => {
    const inAWeek = { ...ask, day: today + 7 };
    const { items } = arms["next-basket"].recommend(snapshot, inAWeek, everythingAvailable);
    const own = new Set(["milk", "bread", "apple", "wreath"]);
    expect(ids(items).slice(0, 2).toSorted()).toEqual(["bread", "milk"]);
    expect(ids(items).some((id) => !own.has(id))).toBe(true);
  });

  it("read nothing of who asked not to be profiled", () => {
    for (const name of armNames) {
      const unknown = arms[name].recommend(snapshot, { ...ask, personalised: false }, everythingAvailable);
      const stranger = arms[name].recommend(snapshot, { ...ask, shopperId: undefined }, everythingAvailable);
      expect(unknown.items.map(({ score }) => score)).toEqual(stranger.items.map(({ score }) => score));
    }
  });
});

describe("buying again", () => {
  it("knows when a weekly product is due, and that a wreath is not", () => {
    const list = buyAgain(snapshot, "household-0", today);
    const milk = list.find(({ product }) => snapshot.productIds[product] === "milk")!;
    expect(milk.intervalDays).toBeCloseTo(7, 0);
    expect(milk.dueDay).toBe(today + 7);
    expect(list.map(({ product }) => snapshot.productIds[product])).not.toContain("wreath");
  });

  it("counts an order placed a moment ago", () => {
    const fresh = buildSnapshot(input);
    const before = buyAgain(fresh, "household-0", today + 7)[0]!;
    applyOrder(fresh, { shopperId: "household-0", day: today + 6, productIds: ["milk"] });
    const after = buyAgain(fresh, "household-0", today + 7).find(
      ({ product }) => product === before.product,
    )!;
    expect(after.dueDay).toBeGreaterThan(before.dueDay);
    expect(after.score).toBeLessThan(before.score);
  });

  it("rises to the due day and fades when the habit has ended", () => {
    expect([0, 0.4, 0.8, 1, 2].map((at) => Number(dueness(at).toFixed(2)))).toEqual([0.3, 0.65, 1, 1, 1]);
    expect(dueness(2.5)).toBeLessThan(1);
    expect(dueness(9)).toBeCloseTo(1 / 3, 12);
  });
});

describe("judging the arms on the shop's own past", () => {
  const judged = evaluateArms(input)!;
  const of = (name: string) => judged.arms.find(({ arm }) => arm === name)!;

  it("finds that households which buy the same each week are served best by what is due", () => {
    expect(judged.shoppers).toBe(40);
    expect(of("control").gain).toBe(0);
    expect(of("next-basket").ndcg).toBeGreaterThan(of("control").ndcg);
    expect(winningArm(judged)).toBe("next-basket");
  });

  it("names control the winner when no arm beats it beyond doubt", () => {
    const doubtful = judged.arms.map((figures) => ({ ...figures, gain: 0.01, gainMargin: 0.02 }));
    expect(winningArm({ arms: doubtful })).toBe("control");
  });

  it("learns nothing from what was held out, whatever it says of other shoppers", () => {
    const poisoned = evaluateArms({
      ...input,
      orders: [
        ...input.orders,
        // Latecomers after the split: they are asked about, but nobody may learn of them.
        ...Array.from({ length: 30 }, (_, i) => anOrder(`zz-late-${i}`, 1, "wreath", "milk", "bread", "tea")),
      ],
    })!;
    const only = evaluateArms({ ...input, orders: input.orders }, { maxShoppers: 40 })!;
    const same = evaluateArms(
      {
        ...input,
        orders: [
          ...input.orders,
          ...Array.from({ length: 30 }, (_, i) => anOrder(`zz-late-${i}`, 1, "wreath")),
        ],
      },
      { maxShoppers: 40 },
    )!;
    expect(same).toEqual(only);
    expect(poisoned.shoppers).toBe(70);
  });

  it("does not judge on fewer than twenty shoppers", () => {
    expect(evaluateArms(aMarket(input.products.slice(), input.orders.slice(0, 48)))).toBeUndefined();
  });
});
