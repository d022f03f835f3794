import type { CalendarDay } from "@almanac/kernel";

/** Whole days since 1970 of a calendar day. */
export function dayNumber(day: CalendarDay): number {
  return Math.round(Date.parse(`${day}T00:00:00Z`) / 86_400_000);
}

export function dayOfNumber(number: number): CalendarDay {
  return new Date(number * 86_400_000).toISOString().slice(0, 10);
}

/** The Monday of its week. */
export function mondayOf(number: number): number {
  return number - ((((number + 3) % 7) + 7) % 7);
}

/** "MM-DD" in a year as a day number; 29 February is 1 March where there is none. */
export function dayInYear(year: number, monthDay: string): number {
  return dayNumber(`${String(year).padStart(4, "0")}-01-01`) + ordinal(year, monthDay);
}

function ordinal(year: number, monthDay: string): number {
  const [month, day] = monthDay.split("-").map(Number);
  return Math.round((Date.UTC(year, month! - 1, day) - Date.UTC(year, 0, 1)) / 86_400_000);
}

export function yearOf(number: number): number {
  return new Date(number * 86_400_000).getUTCFullYear();
}
