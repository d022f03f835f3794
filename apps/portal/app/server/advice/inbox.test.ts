import { describe, expect, it } from "vitest";
import type { AdviceView } from "./advice-views.ts";
import { inboxOf } from "./inbox.ts";

const saturday = "Saturday 16 August, Riverside";

function view(type: AdviceView["type"], product: string, change: Partial<AdviceView> = {}): AdviceView {
  return {
    id: `${type} ${product}`,
    type,
    kind: type,
    title: type,
    occasion: saturday,
    productId: product,
    product,
    unit: "g",
    what: "",
    reasoning: "",
    priority: "MEDIUM",
    gain: null,
    until: "",
    accept: "",
    recommendedBase: 1_000,
    canChange: false,
    fan: null,
    ...change,
  };
}

describe("the inbox of advice", () => {
  it("keeps a market day together, product by product, in the order of what it was given", () => {
    const { groups, later } = inboxOf([
      view("BRING_TO_MARKET", "tomatoes"),
      view("BRING_TO_MARKET", "kale"),
      view("HARVEST_MORE", "tomatoes"),
    ]);
    expect(groups.map(({ title }) => title)).toEqual([saturday]);
    expect(groups[0]!.products.map(({ product, rows }) => [product, rows.map(({ type }) => type)])).toEqual([
      ["tomatoes", ["BRING_TO_MARKET", "HARVEST_MORE"]],
      ["kale", ["BRING_TO_MARKET"]],
    ]);
    expect(later).toBeNull();
  });

  it("folds what can be left undone, however much it earns", () => {
    const { groups, later } = inboxOf([
      view("BRING_TO_MARKET", "tomatoes"),
      view("HARVEST_LESS", "chilies", { priority: "LOW", gain: "earns about 23.40 more" }),
      view("PLANT", "kale", { priority: "LOW", occasion: "" }),
    ]);
    expect(groups.flatMap(({ products }) => products.map(({ product }) => product))).toEqual(["tomatoes"]);
    expect(later?.products.map(({ product }) => product)).toEqual(["chilies", "kale"]);
  });

  it("takes with one tap what is loaded and picked, never what lowers a price or gives away", () => {
    const { groups } = inboxOf([
      view("DONATE", "basil", { occasion: "" }),
      view("DONATE", "chard", { occasion: "" }),
      view("BRING_TO_MARKET", "tomatoes"),
      view("MARK_DOWN", "tomatoes"),
      view("HARVEST_MORE", "kale"),
    ]);
    expect(groups.map(({ title, all }) => [title, all?.ids ?? null])).toEqual([
      ["Before it spoils", null],
      [saturday, ["BRING_TO_MARKET tomatoes", "HARVEST_MORE kale"]],
    ]);
  });
});
