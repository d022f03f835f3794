import { isAppError } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { assertSellable, comparablePriceCents, estimateCents, leadVariant } from "./prices.ts";

const tomato = { unitPriceCents: 490, unitPricePer: 1000, unitQuantityBase: 750, isWeighed: true };
const basil = { unitPriceCents: 250, unitPricePer: 1, unitQuantityBase: 1, isWeighed: false };

describe("a variant's price", () => {
  it("estimates one unit half-up to the cent", () => {
    expect(estimateCents(tomato)).toBe(368);
    expect(estimateCents(basil)).toBe(250);
  });

  it("compares per kilogram, per litre or per piece", () => {
    expect(comparablePriceCents({ unitPriceCents: 150, unitPricePer: 250 }, "g")).toBe(600);
    expect(comparablePriceCents({ unitPriceCents: 490, unitPricePer: 1000 }, "g")).toBe(490);
    expect(comparablePriceCents({ unitPriceCents: 600, unitPricePer: 12 }, "piece")).toBe(50);
  });

  it.each([
    { field: "a broken price", pricing: { ...tomato, unitPriceCents: 4.9 } },
    { field: "a negative price", pricing: { ...tomato, unitPriceCents: -1 } },
    { field: "a slip of the finger", pricing: { ...tomato, unitPriceCents: 10_000_001 } },
    { field: "not a number", pricing: { ...tomato, unitPriceCents: Number.NaN } },
    { field: "a price per nothing", pricing: { ...tomato, unitPricePer: 0 } },
    { field: "a unit of nothing", pricing: { ...tomato, unitQuantityBase: 0 } },
  ])("refuses $field", ({ pricing }) => {
    expect(() => assertSellable(pricing, "g")).toThrow(
      expect.toSatisfy((error) => isAppError(error, "input_invalid")),
    );
  });

  it("accepts what is given away", () => {
    expect(() => assertSellable({ ...basil, unitPriceCents: 0 }, "piece")).not.toThrow();
  });

  it("refuses weighing what is counted in pieces", () => {
    expect(() => assertSellable({ ...basil, isWeighed: true }, "piece")).toThrow("pieces");
  });
});

describe("the variant on a card", () => {
  const way = (id: string, position: number, unitPriceCents: number) => ({
    ...basil,
    id,
    position,
    unitPriceCents,
  });

  it("is the farmer's first, and the cheaper where two are first", () => {
    expect(leadVariant([way("a", 1, 100), way("b", 0, 300), way("c", 0, 200)])?.id).toBe("c");
  });

  it("is none where there is none", () => {
    expect(leadVariant([])).toBeUndefined();
  });
});
