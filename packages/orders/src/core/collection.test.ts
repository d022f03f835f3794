import { days } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { afterUndo, canUndoCollection } from "./collection.ts";

describe("undoing a hand-over", () => {
  it.each([
    ["collected", { weighedLines: 0, weighed: 0 }, { order: "ready", part: "ready" }],
    ["collected", { weighedLines: 2, weighed: 1 }, { order: "ready", part: "ready" }],
    ["ready", { weighedLines: 1, weighed: 1 }, { order: "ready", part: "ready" }],
    ["placed", { weighedLines: 0, weighed: 0 }, { order: "placed", part: "placed" }],
    ["placed", { weighedLines: 2, weighed: 1 }, { order: "placed", part: "placed" }],
    ["placed", { weighedLines: 2, weighed: 2 }, { order: "placed", part: "ready" }],
  ] as const)("of an order that is %s with %o gives %o", (order, part, expected) => {
    expect(afterUndo(order, part)).toEqual(expected);
  });

  it("is possible for a day, to the millisecond", () => {
    const collectedAt = new Date("2025-08-16T13:00:00Z");
    const after = (ms: number): Date => new Date(collectedAt.getTime() + ms);
    expect(canUndoCollection(collectedAt, after(days(1)))).toBe(true);
    expect(canUndoCollection(collectedAt, after(days(1) + 1))).toBe(false);
  });
});
