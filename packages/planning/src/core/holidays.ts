import { addCalendarDays, type CalendarDay } from "@almanac/kernel";

export interface Holiday {
  readonly day: CalendarDay;
  readonly name: string;
}

/**
 * Public holidays of a year that move how people shop, by the country that a time zone is in: the United States, Australia,
 * else the few that most of Europe shares.
 */
export function holidaysOf(year: number, timeZone: string): Holiday[] {
  const easter = easterSunday(year);
  const shared = [
    { day: at(year, 1, 1), name: "New Year's Day" },
    { day: later(easter, 0), name: "Easter Sunday" },
    { day: at(year, 12, 25), name: "Christmas Day" },
  ];
  const own = timeZone.startsWith("America/")
    ? unitedStates(year)
    : timeZone.startsWith("Australia/")
      ? australia(year, easter)
      : europe(year, easter);
  return [...shared, ...own].sort((a, b) => (a.day < b.day ? -1 : 1));
}

/** How many days before and after a market day a holiday may be to move what is bought on it. */
const nearBefore = 1;
const nearAfter = 6;

/** The holidays that shoppers of a market day have in mind: people shop before a holiday, so those after it reach further. */
export function holidaysNear(day: CalendarDay, timeZone: string): Holiday[] {
  const from = addCalendarDays(day, -nearBefore);
  const to = addCalendarDays(day, nearAfter);
  const years = new Set([from, to].map((one) => Number(one.slice(0, 4))));
  return [...years]
    .flatMap((year) => holidaysOf(year, timeZone))
    .filter((holiday) => holiday.day >= from && holiday.day <= to);
}

function unitedStates(year: number): Holiday[] {
  return [
    { day: weekdayOf(year, 5, 1, -1), name: "Memorial Day" },
    { day: at(year, 6, 19), name: "Juneteenth" },
    { day: at(year, 7, 4), name: "Independence Day" },
    { day: weekdayOf(year, 9, 1, 1), name: "Labor Day" },
    { day: weekdayOf(year, 11, 4, 4), name: "Thanksgiving" },
  ];
}

function australia(year: number, easter: number): Holiday[] {
  return [
    { day: at(year, 1, 26), name: "Australia Day" },
    { day: later(easter, -2), name: "Good Friday" },
    { day: later(easter, 1), name: "Easter Monday" },
    { day: at(year, 4, 25), name: "Anzac Day" },
    { day: at(year, 12, 26), name: "Boxing Day" },
  ];
}

function europe(year: number, easter: number): Holiday[] {
  return [
    { day: later(easter, -2), name: "Good Friday" },
    { day: later(easter, 1), name: "Easter Monday" },
    { day: at(year, 5, 1), name: "Labour Day" },
    { day: later(easter, 39), name: "Ascension Day" },
    { day: later(easter, 50), name: "Whit Monday" },
    { day: at(year, 12, 26), name: "Second Day of Christmas" },
  ];
}

/** The day number of Easter Sunday (anonymous Gregorian algorithm; Meeus 1991, Astronomical Algorithms, chapter 8). */
function easterSunday(year: number): number {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor(b / 4);
  const e = b % 4;
  const f = Math.floor((b + 8) / 25);
  const g = Math.floor((b - f + 1) / 3);
  const h = (19 * a + b - d - g + 15) % 30;
  const i = Math.floor(c / 4);
  const k = c % 4;
  const l = (32 + 2 * e + 2 * i - h - k) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const month = Math.floor((h + l - 7 * m + 114) / 31);
  const day = ((h + l - 7 * m + 114) % 31) + 1;
  return Math.round(Date.UTC(year, month - 1, day) / 86_400_000);
}

/**
 * @param weekday 1 Monday to 7 Sunday
 * @param nth 1 the first of the month, -1 the last
 */
function weekdayOf(year: number, month: number, weekday: number, nth: number): CalendarDay {
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const matching = Array.from({ length: days }, (_, day) => day + 1).filter(
    (day) => ((new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7) + 1 === weekday,
  );
  return at(year, month, matching.at(nth > 0 ? nth - 1 : nth)!);
}

function at(year: number, month: number, day: number): CalendarDay {
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
}

function later(dayNumber: number, days: number): CalendarDay {
  return new Date((dayNumber + days) * 86_400_000).toISOString().slice(0, 10);
}
