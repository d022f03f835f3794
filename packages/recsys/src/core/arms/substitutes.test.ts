import { describe, expect, it } from "vitest";
import { buildSnapshot } from "../snapshot/build-snapshot.ts";
import { aMarket, aProduct, aRequest, anOrder, everythingAvailable } from "../fixtures.ts";
import type { RecommendOptions } from "../lists/recommend.ts";
import { applyProduct } from "../snapshot/updates.ts";
import { substitutesFor } from "./substitutes.ts";

/** Heirloom tomatoes; leeks of the same farm and price, bought by the same people; tomatoes by the punnet of another farm. */
const products = [
  aProduct("heirloom", { crop: "tomato" }),
  aProduct("leeks", { crop: "leek" }),
  aProduct("punnet", { crop: "tomato", farmId: "long-field", unit: "piece", unitPriceCents: 450 }),
  aProduct("passata", { crop: "tomato", category: "Preserves" }),
  aProduct("unsaid"),
];
const orders = Array.from({ length: 30 }, (_, at) => anOrder(`shopper-${at}`, at, "heirloom", "leeks"));
const snapshot = buildSnapshot(aMarket(products, orders));

function insteadOf(productId: string, options: RecommendOptions = everythingAvailable): string[] {
  return substitutesFor(snapshot, { ...aRequest(), productId }, options).items.map((item) => item.productId);
}

describe("substitutes", () => {
  it("are of the same crop first, however it is sold, and of the same shelf always", () => {
    expect(insteadOf("heirloom").slice(0, 2)).toEqual(["punnet", "leeks"]);
    expect(insteadOf("heirloom")).not.toContain("passata");
  });

  it("never are what is sold out, itself or another", () => {
    const gone = snapshot.productIndex.get("punnet");
    const instead = insteadOf("heirloom", { availability: (product: number) => product !== gone });
    expect(instead[0]).toBe("leeks");
    expect(instead).not.toContain("punnet");
    expect(instead).not.toContain("heirloom");
  });

  it("go by likeness and buyers alone where nobody said what a product is", () => {
    expect(insteadOf("unsaid")).toContain("leeks");
    expect(insteadOf("unsaid")).not.toContain("punnet");
    expect(insteadOf("unknown")).toEqual([]);
  });

  it("know the crop of what was listed since the build", () => {
    const later = buildSnapshot(aMarket(products, orders));
    applyProduct(later, aProduct("cherry", { crop: "tomato", unitPriceCents: 1_200 }));
    const { items } = substitutesFor(later, { ...aRequest(), productId: "heirloom" }, everythingAvailable);
    expect(
      items
        .map(({ productId }) => productId)
        .slice(0, 2)
        .toSorted(),
    ).toEqual(["cherry", "punnet"]);
    for (const { explain, score } of items)
      expect(explain.reduce((sum, term) => sum + term.contribution, 0)).toBeCloseTo(score, 12);
  });
});
