import { marketDay } from "@almanac/kernel";
import type { CalendarDay } from "@almanac/kernel";

export interface DayBook {
  dayAt(now: Date, timeZone: string): CalendarDay;
}

/** Calendar days by time zone, worked out once a minute: a page of cards asks two dozen times. */
export function createDayBook(): DayBook {
  const days = new Map<string, CalendarDay>();
  let minute = Number.NaN;
  return {
    dayAt(now, timeZone) {
      const nowMinute = Math.floor(now.getTime() / 60_000);
      if (nowMinute !== minute) {
        days.clear();
        minute = nowMinute;
      }
      const known = days.get(timeZone);
      if (known !== undefined) return known;
      const day = marketDay(now, timeZone);
      days.set(timeZone, day);
      return day;
    },
  };
}
