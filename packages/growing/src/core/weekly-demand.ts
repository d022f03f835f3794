import type { CalendarDay } from "@almanac/kernel";
import { dayNumber, dayOfNumber, mondayOf } from "./day-numbers.ts";
import type { WeekDemand } from "./successions.ts";

export interface SoldOn {
  readonly day: CalendarDay;
  /** Base units over all markets; a market day on which nobody wanted any is 0, one that had nothing to sell `null`. */
  readonly base: number | null;
}

const yearDays = 364;
/** Weeks before and after, of earlier years, that speak for a week. */
const around = 2;

/**
 * What will be wanted in coming weeks, as a quantile of what was sold around the same time of earlier years: all weeks within
 * two of it count that had it to sell on all of their market days. Where there are none of an earlier year, the weeks of the last quarter
 * do; where there are and none had it, it is out of season, and nothing is planned for.
 *
 * @param share the quantile, .5 for as likely too much as too little, .8 to run out in one week of five
 * @param from any day of the first week
 */
export function weeklyDemand(
  sold: readonly SoldOn[],
  { from, weeks, share }: { from: CalendarDay; weeks: number; share: number },
): WeekDemand[] {
  const byWeek = new Map<number, number | null>();
  for (const { day, base } of sold) {
    const monday = mondayOf(dayNumber(day));
    const before = byWeek.get(monday);
    byWeek.set(monday, base === null || before === null ? null : base + (before ?? 0));
  }
  const mondays = [...byWeek.keys()].sort((a, b) => a - b);
  const knownOf = (list: readonly number[]): number[] =>
    list.map((monday) => byWeek.get(monday) ?? null).filter((base) => base !== null);
  const latest = mondays.findLast((monday) => byWeek.get(monday) !== null) ?? 0;
  const recent = knownOf(mondays.filter((monday) => monday > latest - 13 * 7));
  const first = mondayOf(dayNumber(from));
  return Array.from({ length: weeks }, (_, at) => {
    const week = first + 7 * at;
    const same = mondays.filter((monday) => {
      const years = Math.round((week - monday) / yearDays);
      return years >= 1 && Math.abs(week - monday - years * yearDays) <= 7 * around;
    });
    const values = same.length > 0 ? knownOf(same) : recent;
    return { week: dayOfNumber(week), base: quantile(values, share) };
  });
}

/** By linear interpolation; 0 of nothing. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const before = Math.floor(place);
  const low = sorted[before] ?? 0;
  return low + (place - before) * ((sorted[before + 1] ?? low) - low);
}
