import { addCalendarDays, type CalendarDay } from "@almanac/kernel";
import type { DemandHistory } from "./demand-history.ts";

/** One reason for a forecast, in words that hold for the history. */
export interface Driver {
  readonly kind: "recent" | "last_year" | "sold_out" | "trend";
  readonly text: string;
}

const recentDays = 4;

/**
 * Why a forecast is what it is, for the farmer: what was asked for lately, whether it grows or falls, what was asked for
 * a year before, and whether sold-out days hid demand.
 *
 * @param day    the market day that is forecast
 * @param format base units in words, such as "12 kg"
 */
export function driversOf(
  history: DemandHistory,
  day: CalendarDay,
  format: (base: number) => string,
): Driver[] {
  const known = history.sold.flatMap((sold, at) => (sold === null ? [] : [{ sold, at }]));
  const recent = known.slice(-recentDays);
  const drivers: Driver[] = [];
  if (recent.length > 0) {
    const text = recent.map(({ sold }) => format(sold)).join(", ");
    drivers.push({
      kind: "recent",
      text: `The last ${recent.length === 1 ? "market day" : `${recent.length} market days`}: ${text}`,
    });
  }
  const trend = trendOf(known.map(({ sold }) => sold));
  if (trend !== undefined) drivers.push({ kind: "trend", text: trend });
  const lastYear = soldAround(history, addCalendarDays(day, -364));
  if (lastYear !== undefined) drivers.push({ kind: "last_year", text: `A year before: ${format(lastYear)}` });
  const hidden = history.soldOut.slice(-8).filter(Boolean).length;
  if (hidden > 0) {
    drivers.push({
      kind: "sold_out",
      text: `Sold out early on ${hidden} of the last 8 market days, so more was wanted than was sold`,
    });
  }
  return drivers;
}

/** Four days against the four before, where the change is plain: a third or more, of something. */
function trendOf(sold: readonly number[]): string | undefined {
  if (sold.length < 2 * recentDays) return undefined;
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const late = sum(sold.slice(-recentDays));
  const early = sum(sold.slice(-2 * recentDays, -recentDays));
  if (early === 0) return late > 0 ? "New: nothing was asked for a month ago" : undefined;
  const change = late / early - 1;
  if (Math.abs(change) < 1 / 3) return undefined;
  return `${Math.round(100 * Math.abs(change))} % ${change > 0 ? "more" : "less"} in the last four market days than in the four before`;
}

/** What was sold on the market day nearest to a day, up to three days away. */
function soldAround({ days, sold }: DemandHistory, day: CalendarDay): number | undefined {
  for (const away of [0, -1, 1, -2, 2, -3, 3]) {
    const at = days.indexOf(addCalendarDays(day, away));
    if (at >= 0) return sold[at] ?? undefined;
  }
  return undefined;
}
