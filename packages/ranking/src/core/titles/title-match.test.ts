import { describe, expect, it } from "vitest";
import { matchTitle, titleMatchCount, titleMatchNames, viewQuery, viewTitle } from "./title-match.ts";
import type { titleMatchNames as Names } from "./title-match.ts";
import { tokenizeQuery } from "../words/tokenize.ts";
import { WordRoles } from "./word-roles.ts";

type Name = (typeof Names)[number];

/** Features by name; every word weighs 1 unless told. */
function match(query: string, title: string, idfs = tokenizeQuery(query).map(() => 1)): Record<Name, number> {
  const out = new Float32Array(titleMatchCount);
  matchTitle(viewQuery(query, idfs), viewTitle(title), out, 0);
  return Object.fromEntries(titleMatchNames.map((name, at) => [name, out[at]!])) as Record<Name, number>;
}

describe("what a title says about a query", () => {
  it("is all there when they are the same", () => {
    const same = match("red cherry tomatoes", "Red Cherry Tomatoes");
    for (const name of [
      "coverage",
      "words",
      "likeness",
      "neighbours",
      "order",
      "closeness",
      "trigrams",
    ] as const)
      expect(same[name]).toBe(1);
    for (const name of [
      "head",
      "titleHead",
      "lead",
      "precision",
      "phrase",
      "headPhrase",
      "firstWord",
    ] as const)
      expect(same[name]).toBe(1);
    expect(same.worstMiss).toBe(0);
  });

  it("weighs words by their idf", () => {
    const { coverage, words, worstMiss } = match("red tomato", "Green tomato", [1, 3]);
    expect(coverage).toBe(0.75);
    expect(words).toBe(0.5);
    expect(worstMiss).toBe(0.25);
  });

  it("counts another ending of a word in part, and a word across a space", () => {
    const { coverage, likeness, squeezed } = match("mounting backsplash", "Back splash with mount");
    expect(coverage).toBe(0);
    expect(likeness).toBeGreaterThan(0.3);
    expect(squeezed).toBe(0.5);
  });

  it("tells order from neighbourhood", () => {
    expect(match("cherry tomato", "Cherry red tomato")).toMatchObject({ neighbours: 0, order: 1, phrase: 0 });
    expect(match("cherry tomato", "Tomato, cherry")).toMatchObject({ neighbours: 0, order: 0 });
    expect(match("cherry tomato", "Tomato cherry tomato")).toMatchObject({ neighbours: 1 });
  });

  it("measures how close together the words stand, in the best place", () => {
    expect(match("red tomato", "Red and green and yellow tomato").closeness).toBeCloseTo(2 / 6, 6);
    expect(match("red tomato", "Tomato with a red tomato").closeness).toBe(1);
  });

  it("takes for the title's head what stands before with, in, for, comma or bracket, past sizes", () => {
    expect(match("hose", "Garden hose with reel").titleHead).toBe(1);
    expect(match("reel", "Garden hose with reel").titleHead).toBeLessThan(0.5);
    expect(match("hose", "Garden Hose 50 ft.").titleHead).toBe(1);
  });

  it("knows numbers asked for from numbers that contradict", () => {
    expect(match("ladder 6 ft", "Ladder 6 ft.")).toMatchObject({ numbers: 1, contradiction: 0 });
    expect(match("ladder 6 feet", "Ladder 8 ft.")).toMatchObject({ numbers: 0, contradiction: 1 });
    expect(match("ladder 6 ft", "Ladder 8 in. wide")).toMatchObject({ contradiction: 0 });
    expect(match("ladder", "Ladder 8 ft.")).toMatchObject({ numbers: NaN, contradiction: NaN });
  });

  it("is nothing for an empty title, and finite or unknown for an empty query", () => {
    const nothing = match("red tomato", "");
    for (const name of ["coverage", "words", "closeness", "trigrams", "head", "titleHead"] as const)
      expect(nothing[name]).toBe(0);
    for (const value of Object.values(match("", "Red tomato"))) expect(Math.abs(value)).not.toBe(Infinity);
  });
});

describe("roles of words", () => {
  const roles = new WordRoles(
    ["Acme garden hose", "Acme rubber hose", "Acme drip hose with tap", "Zenith brass tap"].map(viewTitle),
  );

  it("reads things off the heads of titles and makers off their starts", () => {
    expect(roles.roleOf("hose").thing).toBe(3 / 6);
    expect(roles.roleOf("hose").maker).toBe(0);
    expect(roles.roleOf("acme")).toEqual({ thing: 0, maker: 3 / 6 });
    expect(roles.roleOf("tap").thing).toBe(1 / 5);
  });

  it("knows nothing of a word that no title has", () => {
    expect(roles.roleOf("spade")).toEqual({ thing: 0, maker: 0 });
  });
});
