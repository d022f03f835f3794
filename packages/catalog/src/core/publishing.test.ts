import { isAppError } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { assertStatusChange, listingFact } from "./publishing.ts";

describe("what is told when a product's status changes", () => {
  it.each([
    ["draft", "live", false, "product.listed"],
    ["archived", "live", false, "product.listed"],
    ["hidden", "live", true, "product.changed"],
    ["archived", "live", true, "product.changed"],
    ["live", "hidden", true, "product.delisted"],
    ["live", "archived", true, "product.delisted"],
    ["hidden", "archived", true, undefined],
    ["live", "live", true, undefined],
  ] as const)("%s -> %s (listed before: %s): %s", (from, to, wasListed, fact) => {
    expect(listingFact(from, to, wasListed)).toBe(fact);
  });
});

describe("a change of status", () => {
  it("puts nothing on sale that has no price", () => {
    expect(() => assertStatusChange("live", { wasListed: false, liveVariants: 0 })).toThrow(
      expect.toSatisfy((error) => isAppError(error, "product_not_sellable")),
    );
  });

  it("makes no draft of what was on sale", () => {
    expect(() => assertStatusChange("draft", { wasListed: true, liveVariants: 1 })).toThrow("draft");
    expect(() => assertStatusChange("draft", { wasListed: false, liveVariants: 0 })).not.toThrow();
  });

  it("can be made back: live to archived to live", () => {
    expect(() => assertStatusChange("archived", { wasListed: true, liveVariants: 1 })).not.toThrow();
    expect(() => assertStatusChange("live", { wasListed: true, liveVariants: 1 })).not.toThrow();
  });
});
