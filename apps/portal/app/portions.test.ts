import { describe, expect, it } from "vitest";
import { portionsOf } from "./portions.ts";

describe("a long list in portions", () => {
  const list = Array.from({ length: 47 }, (_, at) => at);

  it("has a few in sight, and a few more behind each tap, none twice and none lost", () => {
    const portions = portionsOf(list, 4, 8);
    expect(portions.map(({ length }) => length)).toEqual([4, 8, 8, 8, 8, 8, 3]);
    expect(portions.flat()).toEqual(list);
  });

  it("is one portion where all fit, and none where there is nothing", () => {
    expect(portionsOf([1, 2, 3, 4], 4, 8)).toEqual([[1, 2, 3, 4]]);
    expect(portionsOf([], 4, 8)).toEqual([]);
  });
});
