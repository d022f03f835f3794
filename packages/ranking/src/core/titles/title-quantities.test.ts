import { describe, expect, it } from "vitest";
import { matchQuantities, quantitiesOf, titleQuantityCount, titleQuantityNames } from "./title-quantities.ts";

function match(query: string, title: string): Record<string, number> {
  const out = new Float32Array(titleQuantityCount + 1);
  matchQuantities(quantitiesOf(query), quantitiesOf(title), out, 1);
  return Object.fromEntries(titleQuantityNames.map((name, at) => [name, out[at + 1]!]));
}

describe("quantities of a text", () => {
  it.each([
    ["3/4 in. x 8 ft.", [0.75, "in", 8, "ft"]],
    ["1-1/2-inch pipe", [1.5, "in"]],
    ["1 1/2 pipe", [1.5, ""]],
    [".5 gal and 1,200 watts", [0.5, "gal", 1200, "w"]],
    ["5&quot; disc, 7-Piece", [5, "in", 7, "pack"]],
    ["4x8", [4, "", 8, ""]],
    ["no number", []],
    ["1/0 wire", [1, ""]],
  ])("%j are %j", (text, expected) => {
    expect(quantitiesOf(text).flatMap(({ value, unit }) => [value, unit])).toEqual(expected);
  });
});

describe("quantities of a title beside those of a query", () => {
  it("are met whichever way they are written", () => {
    expect(match("0.75 inch pipe", "3/4 in. x 10 ft. Pipe")).toMatchObject({
      quantitiesMet: 1,
      quantitiesOff: 0,
      quantitiesAgainst: 0,
      quantitiesAsked: 1,
      titleQuantities: 2,
      firstQuantityMet: 1,
    });
  });

  it("are against it in the same unit with another value only", () => {
    expect(match("10 ft pipe", "20 ft. Pipe")["quantitiesAgainst"]).toBe(1);
    expect(match("10 ft pipe", "20 ft. Pipe")["quantitiesOff"]).toBeCloseTo(Math.log(2), 2);
    expect(match("10 ft pipe", "20 in. Pipe")).toMatchObject({ quantitiesAgainst: 0, quantitiesOff: 3 });
    expect(match("10 ft pipe", "10 ft. or 20 ft. Pipe")["quantitiesAgainst"]).toBe(0);
  });

  it("are compared without a unit where one side has none", () => {
    expect(match("4x8 plywood", "Plywood 4 ft. x 8 ft.")["quantitiesMet"]).toBe(1);
  });

  it("are not known where the query has none", () => {
    const { quantitiesMet, quantitiesAsked, firstQuantityMet } = match("pipe", "10 ft. Pipe");
    expect([quantitiesMet, quantitiesAsked, firstQuantityMet]).toEqual([NaN, 0, NaN]);
  });
});
