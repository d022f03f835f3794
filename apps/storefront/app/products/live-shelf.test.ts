import { describe, expect, it } from "vitest";
import type { ShopPick } from "./card.ts";
import { mergePicks } from "./live-shelf.ts";

const pick = (id: string): ShopPick => ({
  card: {
    id,
    slug: id,
    name: id,
    category: { slug: "fruits", name: "Fruits" },
    farm: { slug: "farm", name: "Farm" },
    picture: "peach",
    variantId: id,
    variantName: "each",
    priceCents: 100,
    priceUnit: "each",
    isWeighed: false,
    estimateCents: 100,
    isOrganic: false,
  },
});
const ids = (picks: readonly ShopPick[]) => picks.map(({ card }) => card.id);

describe("a shelf that changes", () => {
  it("shows the new ones first and fills up with those of before, each once", () => {
    expect(ids(mergePicks([pick("c"), pick("d")], [pick("a"), pick("b"), pick("c")], 4))).toEqual([
      "c",
      "d",
      "a",
      "b",
    ]);
  });

  it("never grows", () => {
    expect(mergePicks([pick("x"), pick("y"), pick("z")], [pick("a")], 2)).toHaveLength(2);
  });
});
