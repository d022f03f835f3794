import { describe, expect, it } from "vitest";
import { wordVector } from "./word-vectors.ts";

const product = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, value, at) => sum + value * b[at]!, 0);

describe("vectors of words", () => {
  it("have length one, and the same words in any order the same direction", () => {
    const one = wordVector(["leek", "hill farm"], 32);
    expect(product(one, one)).toBeCloseTo(1, 12);
    expect(product(one, wordVector(["hill farm", "leek"], 32))).toBeCloseTo(1, 12);
  });

  it("bring things near that share words, and keep apart those that share none", () => {
    const leek = wordVector(["leek", "vegetables", "hill farm"], 64);
    const kale = wordVector(["kale", "vegetables", "hill farm"], 64);
    const jam = wordVector(["jam", "preserves", "lake farm"], 64);
    expect(product(leek, kale)).toBeGreaterThan(0.4);
    expect(Math.abs(product(leek, jam))).toBeLessThan(0.4);
  });

  it("are zeros without a word", () => expect([...wordVector([], 3)]).toEqual([0, 0, 0]));
});
