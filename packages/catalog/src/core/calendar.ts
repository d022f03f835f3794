import type { CalendarDay } from "@almanac/kernel";

/** Whether text is a day that exists, of the years 2000 to 2199: "2025-08-16" is, "2025-02-30" is not. */
export function isCalendarDay(text: string): text is CalendarDay {
  if (!/^2[01]\d{2}-\d{2}-\d{2}$/.test(text)) return false;
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

/** Whether text is a month and a day of some year: "02-29" is, "02-30" is not. */
export function isMonthDay(text: string): boolean {
  return /^\d{2}-\d{2}$/.test(text) && isCalendarDay(`2000-${text}`);
}

/** Whether text is a time on a wall clock, "00:00" to "23:59". */
export function isWallTime(text: string): boolean {
  return /^(?:[01]\d|2[0-3]):[0-5]\d$/.test(text);
}

/** Minutes after midnight of a wall-clock time: "08:30" is 510. */
export function minutesOfWallTime(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

/** Whether the platform knows the zone's name, such as "America/New_York". */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
