import { formatQuantity, formatRoughQuantity, type BaseUnit, type CalendarDay } from "@almanac/kernel";
import type { DayFacts, ProductFacts } from "./facts.ts";

/** "Saturday 16 August". */
export function dayInWords(day: CalendarDay): string {
  return weekday.format(new Date(`${day}T12:00:00Z`)).replace(",", "");
}
const weekday = new Intl.DateTimeFormat("en-GB", {
  weekday: "long",
  day: "numeric",
  month: "long",
  timeZone: "UTC",
});

export const amount = (base: number, unit: BaseUnit): string => formatQuantity(Math.round(base), unit);

/** "in stock: 4 kg, of which about 1.2 kg should still sell today, beside 1.8 kg put aside for orders". */
export function stockInWords(
  {
    onHandBase,
    sellingTodayBase = 0,
    baseUnit,
  }: Pick<ProductFacts, "onHandBase" | "sellingTodayBase" | "baseUnit">,
  { orderedBase }: Pick<DayFacts, "orderedBase">,
): string {
  const left = onHandBase > 0 ? amount(onHandBase, baseUnit) : "nothing";
  const aside = orderedBase > 0 ? `, beside ${amount(orderedBase, baseUnit)} put aside for orders` : "";
  const today =
    sellingTodayBase > 0
      ? `, of which about ${roughly(sellingTodayBase, baseUnit)} should still sell today`
      : "";
  return `in stock: ${left}${today}${aside}`;
}

/** What is only expected: 15.8 kg rather than 15.838 kg. */
export const roughly = formatRoughQuantity;

export const perCent = (share: number): string => `${Math.round(100 * share)} %`;

/** "that is enough 7 of 10 times", for a chance from 0 to 1. */
export function enoughInWords(chance: number): string {
  const tenths = Math.round(10 * chance);
  if (tenths === 10) return "that is nearly always enough";
  return tenths === 0 ? "that is hardly ever enough" : `that is enough ${tenths} of 10 times`;
}
