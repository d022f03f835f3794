import { describe, expect, it } from "vitest";
import { cut, prepare } from "./prepare.ts";

describe("a history as it was at an earlier origin", () => {
  it("fills a gap by what was known then, not by what came after it", () => {
    const history = prepare({ values: [4, 4, 4, null, null, null, 16, 16] })!;
    expect([...cut(history, 6).values].map((value) => value * history.scale)).toEqual([4, 4, 4, 4, 4, 4]);
    expect([...history.values].map((value) => value * history.scale)).toEqual([4, 4, 4, 7, 10, 13, 16, 16]);
  });

  it("does not fill a gap by a season that has not come yet", () => {
    const history = prepare({ values: [1, 2, 3, 4, 1, null, 3, 4, 1, 8, 3, 4], season: 4 })!;
    expect(history.values[5]! * history.scale).toBe(5);
    expect(cut(history, 9).values[5]! * history.scale).toBe(2);
  });
});
