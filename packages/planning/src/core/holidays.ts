import { holidaysBetween, type HolidayRegion } from "@almanac/forecasting";
import { addCalendarDays, type CalendarDay } from "@almanac/kernel";

export interface Holiday {
  readonly day: CalendarDay;
  readonly name: string;
}

const dayLength = 86_400_000;

/** Days since 1970. */
export const dayNumberOf = (day: CalendarDay): number => Date.parse(`${day}T00:00:00Z`) / dayLength;

const dayOfNumber = (day: number): CalendarDay =>
  new Date(day * dayLength).toISOString().slice(0, 10) as CalendarDay;

const countries: Readonly<Record<string, HolidayRegion>> = {
  "Europe/London": "uk",
  "Europe/Berlin": "de",
  "Europe/Paris": "fr",
  "Europe/Rome": "it",
  "Europe/Madrid": "es",
  "Europe/Amsterdam": "nl",
};

/** The country whose holidays a market keeps, as far as its time zone tells: what most of Europe shares where it does not. */
export function holidayRegionOf(timeZone: string): HolidayRegion {
  if (timeZone.startsWith("America/")) return "us";
  if (timeZone.startsWith("Australia/")) return "au";
  return countries[timeZone] ?? "eu";
}

/** Holidays of a year and other days that move how people shop, by the country that a time zone is in; the first one first. */
export function holidaysOf(year: number, timeZone: string): Holiday[] {
  return between(`${year}-01-01` as CalendarDay, `${year}-12-31` as CalendarDay, timeZone);
}

/** How many days before and after a market day a holiday may be to move what is bought on it. */
const nearBefore = 3;
const nearAfter = 6;

/**
 * The holidays that shoppers of a market day have in mind: people shop before a holiday, so those after it reach further; those
 * before it reach over a long weekend, such as from Thanksgiving to its Saturday.
 */
export function holidaysNear(day: CalendarDay, timeZone: string): Holiday[] {
  return between(addCalendarDays(day, -nearBefore), addCalendarDays(day, nearAfter), timeZone);
}

/**
 * The holiday that a market day's sales are told by, "Thanksgiving on 27 November": one from the day before to three days after it,
 * the nearest; `undefined` where there is none. Narrower than `holidaysNear`, which would excuse every third week.
 */
export function holidayOfShoppers(day: CalendarDay, timeZone: string): string | undefined {
  const near = between(addCalendarDays(day, -1), addCalendarDays(day, 3), timeZone);
  const away = (holiday: Holiday): number => Math.abs(dayNumberOf(holiday.day) - dayNumberOf(day));
  const nearest = near.toSorted((a, b) => away(a) - away(b))[0];
  if (!nearest) return undefined;
  const on = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", timeZone: "UTC" });
  return `${nearest.name} on ${on.format(new Date(`${nearest.day}T12:00:00Z`))}`;
}

function between(from: CalendarDay, to: CalendarDay, timeZone: string): Holiday[] {
  const named = holidaysBetween(holidayRegionOf(timeZone), dayNumberOf(from), dayNumberOf(to));
  return Object.entries(named)
    .flatMap(([name, days]) => days.map((day) => ({ day: dayOfNumber(day), name })))
    .sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));
}
