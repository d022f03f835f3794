import { describe, expect, it } from "vitest";
import { reasonSentence } from "./reasons.ts";
import type { ReasonFacts } from "./reasons.ts";
import { recommendationReasons } from "../types.ts";
import type { RecommendationReason } from "../types.ts";

const cases: [RecommendationReason, ReasonFacts, string][] = [
  ["SEASONAL", { seasonLabel: "Peak now" }, "Peak now"],
  ["SEASONAL", { seasonLabel: "From the store" }, "From the store"],
  ["SEASONAL", {}, "In season now"],
  ["CART_COMPLEMENT", { seedName: "Eggs" }, "Goes with your eggs"],
  ["TRENDING_LOCAL", {}, "Trending near you"],
  ["NEW_ARRIVAL", { isFollowedFarm: true, farmName: "Hill Farm" }, "New from a farm you follow"],
  ["NEW_ARRIVAL", { farmName: "Hill Farm" }, "New from Hill Farm"],
  ["USER_BEHAVIOR", { category: "Herbs", buysCategory: true }, "You often buy herbs"],
  ["USER_BEHAVIOR", { category: "Herbs" }, "You were looking at herbs"],
  ["USER_BEHAVIOR", { category: "Dairy", boughtBefore: true }, "Time to buy it again"],
  ["USER_BEHAVIOR", { category: "Herbs", wasPrice: "3.00" }, "Was 3.00"],
  ["USER_BEHAVIOR", { category: "Herbs", anotherSizeFell: true }, "One of its sizes costs less now"],
  ["COLLABORATIVE", {}, "Shoppers with a taste like yours buy it"],
  ["COLLABORATIVE", { seedName: "Aubergine" }, "Bought by those who buy aubergine"],
  ["SIMILAR_PRODUCTS", { seedName: "BBQ sauce" }, "Like the BBQ sauce"],
];

describe("the reasons", () => {
  it("are these eight, in the words that clients know", () => {
    expect(new Set(recommendationReasons)).toEqual(
      new Set([
        "USER_BEHAVIOR",
        "SIMILAR_PRODUCTS",
        "TRENDING_LOCAL",
        "NEW_ARRIVAL",
        "FREQUENTLY_BOUGHT_TOGETHER",
        "COLLABORATIVE",
        "SEASONAL",
        "CART_COMPLEMENT",
      ]),
    );
  });
});

describe("the sentence of a reason", () => {
  it.each(cases)("says %s with %o as %s", (reason, facts, expected) => {
    expect(reasonSentence(reason, facts)).toBe(expected);
  });

  it("exists for every reason without any fact", () => {
    for (const reason of recommendationReasons) expect(reasonSentence(reason)).not.toBe("");
  });
});
