import { formatQuantity, formatRoughQuantity, type BaseUnit, type CalendarDay } from "@almanac/kernel";

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

/** "36 kg", "nothing". */
export const inStock = (base: number, unit: BaseUnit): string => (base > 0 ? amount(base, unit) : "nothing");

/** What is only expected: 15.8 kg rather than 15.838 kg. */
export const roughly = formatRoughQuantity;

export const perCent = (share: number): string => `${Math.round(100 * share)} %`;

export const inTen = (share: number): string => `${Math.round(10 * share)} of 10 times`;
