import { describe, expect, it } from "vitest";
import { missingWords, standingOf } from "./standing.ts";

describe("what a farm lacks before anybody can order", () => {
  it.each([
    ["products at all", [], "no-products"],
    ["products, where it gave up all it had", [{ status: "archived", availableBase: 5 }], "no-products"],
    ["one on sale, where all are drafts or hidden", [{ status: "draft", availableBase: 5 }], "not-on-sale"],
    [
      "stock of what is on sale",
      [
        { status: "live", availableBase: 0 },
        { status: "hidden", availableBase: 5 },
      ],
      "no-stock",
    ],
    [
      "nothing",
      [
        { status: "live", availableBase: 5 },
        { status: "draft", availableBase: 0 },
      ],
      "selling",
    ],
  ] as const)("is %s", (_what, levels, standing) => {
    expect(standingOf(levels)).toBe(standing);
  });

  it("is said with where to see to it", () => {
    for (const { why, path } of Object.values(missingWords)) {
      expect(why).toMatch(/\.$/);
      expect(path).toMatch(/^\/(products|stock)/);
    }
  });
});
