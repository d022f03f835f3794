import { describe, expect, it } from "vitest";
import { basketTotals, holdWords } from "./totals.tsx";

const basket = {
  groups: [
    { farm: { name: "Hollow Oak" }, subtotalCents: 735 },
    { farm: { name: "Fern Bank" }, subtotalCents: 250 },
    { farm: { name: "Whey Street" }, subtotalCents: 600 },
  ],
  lines: [
    { name: "Heirloom tomatoes", isWeighed: true },
    { name: "Basil", isWeighed: false },
  ],
  subtotalCents: 1585,
  holdCents: 1696,
};

describe("the bill of a basket", () => {
  it("lists each farm's part and the subtotal", () => {
    expect(basketTotals(basket).map(({ value }) => value)).toEqual(["7.35", "2.50", "6.00", "15.85"]);
  });

  it("says what is held and why", () => {
    expect(holdWords(basket)?.title).toBe("Heirloom tomatoes are weighed, hold up to 16.96");
  });

  it.each([
    [["Gouda"], "Gouda is weighed"],
    [["Asparagus"], "Asparagus is weighed"],
    [["Gouda", "Whole chicken"], "Gouda and Whole chicken are weighed"],
  ])("speaks of %j as of one or of many", (names, words) => {
    const lines = names.map((name) => ({ name, isWeighed: true }));
    expect(holdWords({ ...basket, lines })?.title).toBe(`${words}, hold up to 16.96`);
  });

  it("says nothing of holding when nothing is weighed", () => {
    expect(
      holdWords({ ...basket, lines: [{ name: "Basil", isWeighed: false }], holdCents: 1585 }),
    ).toBeUndefined();
  });
});
