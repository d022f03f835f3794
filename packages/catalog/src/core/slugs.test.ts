import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { slugCandidates, slugMaxLength, slugOf, slugPattern } from "./slugs.ts";

const first = (count: number, candidates: Iterator<string>) =>
  Array.from({ length: count }, () => String(candidates.next().value));

describe("a slug", () => {
  it.each([
    ["Heirloom Tomato", "heirloom-tomato"],
    ["Jalapeño & Crème fraîche", "jalapeno-creme-fraiche"],
    ["Grüße, Straße!", "grusse-strasse"],
    ["Smørrebrød with Łosoś", "smorrebrod-with-losos"],
    ["Farmer's  own -- eggs", "farmers-own-eggs"],
    ["ﬁg ½", "fig-1-2"],
  ])("folds %j to %j", (name, slug) => {
    expect(slugOf(name, "product")).toBe(slug);
  });

  it("falls back for a name that has no Latin letter", () => {
    expect(slugOf("大根", "product")).toBe("product");
  });

  it("is cut at a word where one ends near", () => {
    const slug = slugOf("tomato ".repeat(20), "product");
    expect(slug).toMatch(/^(tomato-)*tomato$/);
    expect(slug.length).toBeLessThanOrEqual(slugMaxLength);
  });

  it("always fits its pattern and length, whatever the name", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", maxLength: 300 }),
        fc.string({ maxLength: 120 }),
        (name, apart) => {
          for (const slug of first(4, slugCandidates(name, apart, "product"))) {
            expect(slug).toMatch(slugPattern);
            expect(slug.length).toBeLessThanOrEqual(slugMaxLength);
          }
        },
      ),
    );
  });
});

describe("slugs to try", () => {
  it("add the farm, then numbers", () => {
    expect(first(4, slugCandidates("Basil", "Fern Bank", "product"))).toEqual([
      "basil",
      "basil-fern-bank",
      "basil-fern-bank-2",
      "basil-fern-bank-3",
    ]);
  });

  it("go on to numbers at once when there is nothing to tell apart", () => {
    expect(first(2, slugCandidates("Basil", "", "product"))).toEqual(["basil", "basil-2"]);
  });
});
