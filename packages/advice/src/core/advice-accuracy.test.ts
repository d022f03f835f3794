import type { CalendarDay, MarketId, ProductId } from "@almanac/kernel";
import { describe, expect, it } from "vitest";
import { adviceAccuracy, type AdvisedLoad, type SoldDays } from "./advice-accuracy.ts";

const marketId = "riverside" as MarketId;
const productId = "tomato" as ProductId;
const dayOf = (week: number): CalendarDay =>
  new Date(Date.UTC(2025, 0, 4 + 7 * week)).toISOString().slice(0, 10) as CalendarDay;

function sales(sold: readonly (number | null)[], soldOut: readonly number[] = []): SoldDays {
  return {
    productId,
    marketId,
    days: sold.map((_, week) => dayOf(week)),
    sold,
    soldOut: sold.map((_, week) => soldOut.includes(week)),
  };
}
const advised = (week: number, advisedBase: number): AdvisedLoad => ({
  productId,
  marketId,
  day: dayOf(week),
  advisedBase,
  worth: 1,
});

describe("inventory accuracy, |advised - sold| beside the farmer's own baseline", () => {
  // Good and bad weeks in turn: who brings what was sold the time before is wrong by 4 each time.
  const turns = sales(Array.from({ length: 12 }, (_, week) => (week % 2 ? 8 : 12)));

  it("is -30 % of the error where advice is off by 2.8 and the time before by 4", () => {
    const loads = Array.from({ length: 8 }, (_, n) => advised(4 + n, (n % 2 ? 8 : 12) + 2.8));
    const found = adviceAccuracy(loads, [turns]);
    expect(found.days).toBe(8);
    expect(found.lessError).toBeCloseTo(0.3, 12);
    expect(found.offShare! / found.asBeforeShare!).toBeCloseTo(0.7, 12);
  });

  it("weighs by price, so that pieces and grams may stand in one sum", () => {
    const grams = turns.sold.map((sold) => 1_000 * sold!);
    const loads = [advised(4, 12), { ...advised(4, 15_000), productId: "pepper" as ProductId, worth: 0.001 }];
    const found = adviceAccuracy(loads, [turns, { ...turns, productId: "pepper" as ProductId, sold: grams }]);
    // Off by nothing, and by 3 where 12 were sold of each.
    expect(found.offShare).toBeCloseTo(3 / 24, 12);
    expect(found.asBeforeShare).toBeCloseTo(8 / 24, 12);
  });

  it("is below 0 where advice is further off, and not claimed from seven days", () => {
    const loads = Array.from({ length: 8 }, (_, n) => advised(4 + n, 20));
    expect(adviceAccuracy(loads, [turns]).lessError).toBeLessThan(-1);
    expect(adviceAccuracy(loads.slice(1), [turns]).lessError).toBeNull();
  });

  it("leaves out what was sold out, what is not known and what was never sold before", () => {
    const nothing = { days: 0, offShare: null, asBeforeShare: null, lessError: null };
    expect(adviceAccuracy([advised(3, 9)], [sales([5, 5, 5, 5], [3])])).toEqual(nothing);
    expect(adviceAccuracy([advised(1, 9)], [sales([5, null])])).toEqual(nothing);
    expect(adviceAccuracy([advised(2, 9)], [sales([0, 0, 5])])).toEqual(nothing);
    expect(adviceAccuracy([advised(9, 9)], [sales([5, 5])])).toEqual(nothing);
    expect(adviceAccuracy([], [turns])).toEqual(nothing);
  });
});
