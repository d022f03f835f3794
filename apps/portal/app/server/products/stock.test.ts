import { describe, expect, it } from "vitest";
import { isOut, runsLow, type Level } from "./stock.ts";

describe("what is said of stock", () => {
  const level = (status: Level["status"], availableBase: number) =>
    ({ status, availableBase, isLow: true }) as Level;

  it("is that it runs low while it is on sale and some is left", () => {
    expect(runsLow(level("live", 500))).toBe(true);
    expect(runsLow({ ...level("live", 500), isLow: false })).toBe(false);
    expect(runsLow(level("live", 0))).toBe(false);
    expect(isOut(level("live", 0))).toBe(true);
  });

  it.each(["hidden", "draft", "archived"] as const)(
    "is nothing of what is %s: nobody can order it",
    (status) => {
      expect(runsLow(level(status, 500))).toBe(false);
      expect(isOut(level(status, 0))).toBe(false);
    },
  );
});
