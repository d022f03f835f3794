import type { DayFacts, ProductFacts } from "./facts.ts";
import type { UnitMoney } from "./newsvendor.ts";

/** Of what it cost, what is left over is worth when it still sells at the next market: the rest is the work to keep it. */
const carriedShare = 0.9;

/**
 * Money of a product on one market day, at the price that is asked on it. What is left of it, and keeps until the farm's market day after, need not be harvested
 * anew for that one: it is worth nine tenths of its cost instead of its salvage. Without a shelf life nothing is said to keep.
 *
 * A newsvendor over several periods, where what is left saves the next order (Porteus 2002, "Foundations of Stochastic
 * Inventory Theory", 4.2).
 */
export function moneyOn(product: ProductFacts, day: DayFacts): UnitMoney {
  const money = day.priceCents === undefined ? product.money : { ...product.money, price: day.priceCents };
  if (!keepsUntilNext(product, day)) return money;
  return { ...money, salvage: Math.max(money.salvage, carriedShare * money.cost) };
}

/** Whether what is fresh on a market day still sells on the one after. */
export function keepsUntilNext({ shelfLifeDays, days }: ProductFacts, { day }: DayFacts): boolean {
  if (shelfLifeDays === undefined) return false;
  const after = days.find((one) => one.day > day);
  return after !== undefined && daysBetween(day, after.day) < shelfLifeDays;
}

/** How many market days a product keeps; `undefined` where the farm has not said. */
export function keepsPeriods({ shelfLifeDays, days }: ProductFacts): number | undefined {
  const [next, after] = [...new Set(days.map(({ day }) => day))].sort();
  if (shelfLifeDays === undefined) return undefined;
  return next === undefined || after === undefined ? shelfLifeDays : shelfLifeDays / daysBetween(next, after);
}

const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
