import { describe, expect, it } from "vitest";
import { Fields, FormProblem } from "../request/fields.ts";
import { daysWords, planView, priceOf, whenOf, whenOptions, type ListedPlan } from "./price-plans.ts";

function form(entries: Record<string, string>): Fields {
  const data = new FormData();
  for (const [name, value] of Object.entries(entries)) data.set(name, value);
  return new Fields(data);
}

const market = "01890000-0000-7000-8000-000000000001";

describe("the form of a planned price", () => {
  it.each([
    ["4.20", { unitPriceCents: 420 }],
    ["4,20", { unitPriceCents: 420 }],
    ["2 for 9", { units: 2, totalCents: 900 }],
    ["3 for 9.50", { units: 3, totalCents: 950 }],
    ["2x9,5", { units: 2, totalCents: 950 }],
  ])("reads %s as a price or as a promotion", (text, expected) => {
    const fields = form({ unitPriceCents: text });
    expect(priceOf(fields)).toEqual(expected);
    fields.done();
  });

  it.each(["", "cheap", "1 for 9", "4.205", "-3", "2 for"])("refuses %j with words at the field", (text) => {
    const fields = form({ unitPriceCents: text });
    priceOf(fields);
    expect(() => fields.done()).toThrow(FormProblem);
  });

  it("is for a market day, or for days of one's own", () => {
    expect(whenOf(form({ when: `${market} 2025-08-16`, fromDay: "2025-08-01" }))).toEqual({
      marketId: market,
      marketDay: "2025-08-16",
    });
    expect(whenOf(form({ when: "days", fromDay: "2025-08-16", toDay: "" }))).toEqual({
      fromDay: "2025-08-16",
      toDay: null,
    });
    const wrong = form({ when: "days", fromDay: "16 August", toDay: "soon" });
    whenOf(wrong);
    expect(() => wrong.done()).toThrow(FormProblem);
  });

  it("offers market days with the day from which those who order pay it", () => {
    const marketDays = [
      { marketId: market, marketName: "Riverside", marketDay: "2025-08-23", fromDay: "2025-08-17" },
      { marketId: market, marketName: "Riverside", marketDay: "2025-08-16", fromDay: "2025-08-16" },
    ] as Parameters<typeof whenOptions>[0]["marketDays"];
    expect(whenOptions({ marketDays }).map(({ label }) => label)).toEqual([
      "Riverside on Sat 23 Aug, with orders from Sun 17 Aug",
      "Riverside on Sat 16 Aug",
      "Other days",
    ]);
  });
});

describe("a planned price in words", () => {
  const plan = {
    id: "one",
    variantId: "way",
    productName: "Tomatoes",
    priceUnit: "kg",
    unitPriceCents: 450,
    currentCents: 490,
    beforeCents: null,
    promotion: null,
    reason: "glut",
    fromDay: "2025-08-16",
    toDay: "2025-08-17",
    marketName: null,
    marketDay: null,
    isBelowFloor: false,
    status: "planned",
    isOverruled: false,
  } as unknown as ListedPlan;

  it("tells its days", () => {
    expect(daysWords(plan)).toBe("Sat 16 Aug to Sun 17 Aug");
    expect(daysWords({ ...plan, toDay: null })).toBe("from Sat 16 Aug on");
    expect(daysWords({ ...plan, toDay: plan.fromDay })).toBe("Sat 16 Aug");
    expect(daysWords({ ...plan, marketName: "Riverside", marketDay: "2025-08-17" })).toBe(
      "Sat 16 Aug to Sun 17 Aug, for Riverside on Sun 17 Aug",
    );
  });

  it("tells how it stands, and can be cancelled until it is over", () => {
    const stateOf = (change: Partial<ListedPlan>) => {
      const { state, isOpen } = planView({ ...plan, ...change });
      return [state, isOpen];
    };
    expect(stateOf({ isBelowFloor: true })).toEqual(["planned, below your floor", true]);
    expect(stateOf({ status: "running", beforeCents: 490 })).toEqual(["asked now, 4.90 again after", true]);
    expect(stateOf({ status: "running", isOverruled: true })).toEqual(["changed by hand since", true]);
    expect(stateOf({ status: "over" })).toEqual(["over", false]);
    expect(stateOf({ status: "missed" })).toEqual(["missed: nobody was there in time", false]);
  });

  it("does not say a promotion twice", () => {
    const promotion = { units: 2, totalCents: 900, words: "2 for 9.00" };
    const view = planView({ ...plan, promotion, reason: "2 for 9.00" });
    expect([view.price, view.reason]).toEqual(["4.50 / kg (2 for 9.00)", ""]);
  });
});
