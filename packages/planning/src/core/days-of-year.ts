import type { CalendarDay } from "@almanac/kernel";
import { dayNumberOf } from "./holidays.ts";

/** 52 weeks: the same weekday a year before. */
const yearDays = 364;
const weeksOfYear = 52;

/**
 * The season of demand in market days: how many a market has in a year, so that what is that many days back was asked for at
 * the same time of the year. A market that rests in winter has fewer than a weekly one.
 *
 * @param days of the market, ascending
 * @returns those of the latest 52 weeks; 52 where the days are of less than that
 */
export function marketDaysOfYear(days: readonly CalendarDay[]): number {
  const last = days.at(-1);
  if (last === undefined) return weeksOfYear;
  const from = dayNumberOf(last) - yearDays;
  if (dayNumberOf(days[0]!) > from) return weeksOfYear;
  return days.filter((day) => dayNumberOf(day) > from).length;
}
