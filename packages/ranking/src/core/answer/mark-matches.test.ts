import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { markMatches } from "./mark-matches.ts";

/** The text with what is marked in brackets. */
function bracketed(text: string, typed: string): string {
  return markMatches(text, typed).reduceRight(
    (marked, [from, to]) => `${marked.slice(0, from)}[${marked.slice(from, to)}]${marked.slice(to)}`,
    text,
  );
}

describe("letters that answer to what was typed", () => {
  it.each([
    ["Heirloom tomato", "tomato", "Heirloom [tomato]"],
    ["Cherry tomatoes", "tomato", "Cherry [tomatoes]"],
    ["Heirloom tomato", "TOM", "Heirloom [tom]ato"],
    ["Crème fraîche", "creme fr", "[Crème] [fr]aîche"],
    ["Crème brûlée", "bru", "Crème [brû]lée"],
    ["Weißkohl", "weiss", "[Weiß]kohl"],
    ["Tomato, tomato sauce", "tomato sa", "[Tomato], [tomato] [sa]uce"],
    ["Aubergine", "eggplant", "Aubergine"],
    ["Basil", "b", "Basil"],
    ["Honey 500 g", "500", "Honey [500] g"],
    ["The Oak Farm", "the", "[The] Oak Farm"],
    ["Basil", "", "Basil"],
  ])("%s, typed %s: %s", (text, typed, marked) => {
    expect(bracketed(text, typed)).toBe(marked);
  });

  it("never cut the text otherwise, whatever it is and whatever was typed", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (text, typed) => {
        let at = 0;
        for (const [from, to] of markMatches(text, typed)) {
          expect(from).toBeGreaterThanOrEqual(at);
          expect(to).toBeGreaterThan(from);
          at = to;
        }
        expect(at).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});
