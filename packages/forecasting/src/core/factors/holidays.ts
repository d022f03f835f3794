/** Days since 1970 by name. */
export type NamedDays = Readonly<Record<string, readonly number[]>>;

/** Countries whose nationwide holidays are known. `uk` is England and Wales, `eu` what most of Europe shares. */
export type HolidayRegion = "us" | "uk" | "de" | "fr" | "it" | "es" | "nl" | "au" | "eu";

const dayLength = 86_400_000;

/** Days since 1970 of a date; months from 1 to 12. */
export function dayNumber(year: number, month: number, day: number): number {
  return Math.round(Date.UTC(year, month - 1, day) / dayLength);
}

/**
 * Easter Sunday of the Gregorian calendar, in days since 1970.
 *
 * @param year from 1583 on
 * The anonymous algorithm printed in Nature 13 (1876), as in Meeus (1991), "Astronomical Algorithms", chapter 8.
 */
export function easterSunday(year: number): number {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const inCentury = year % 100;
  const correction = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3);
  const epact = (19 * golden + century - Math.floor(century / 4) - correction + 15) % 30;
  const weekday = (32 + 2 * (century % 4) + 2 * Math.floor(inCentury / 4) - epact - (inCentury % 4)) % 7;
  const late = Math.floor((golden + 11 * epact + 22 * weekday) / 451);
  const place = epact + weekday - 7 * late + 114;
  return dayNumber(year, Math.floor(place / 31), (place % 31) + 1);
}

/** The day of each rule's year, undefined where it was not kept yet. */
type Rule = (year: number) => number | undefined;

const on =
  (month: number, day: number, since = 0): Rule =>
  (year) =>
    year >= since ? dayNumber(year, month, day) : undefined;
const fromEaster =
  (days: number): Rule =>
  (year) =>
    easterSunday(year) + days;
/** The n-th weekday (0 is Sunday) of a month; the last one with n = -1. */
const nth =
  (n: number, weekday: number, month: number): Rule =>
  (year) => {
    if (n < 0) {
      const last = dayNumber(year, month + 1, 1) - 1;
      return last - ((weekdayOf(last) - weekday + 7) % 7);
    }
    const first = dayNumber(year, month, 1);
    return first + ((weekday - weekdayOf(first) + 7) % 7) + 7 * (n - 1);
  };

/** 0 is Sunday, as in JavaScript's dates. 1970 began on a Thursday. */
export function weekdayOf(day: number): number {
  return (((day + 4) % 7) + 7) % 7;
}

/** King's Day is on 27 April, on the 26th when that is a Sunday; before 2014 it was Queen's Day, 30 April or the 29th. */
const kingsDay: Rule = (year) => {
  const day = dayNumber(year, 4, year >= 2014 ? 27 : 30);
  return weekdayOf(day) === 0 ? day - 1 : day;
};

const newYear = { "New Year's Day": on(1, 1) };
const christmas = { "Christmas Eve": on(12, 24), "Christmas Day": on(12, 25) };
const boxing = { "Boxing Day": on(12, 26) };
const easter = { "Easter Sunday": fromEaster(0), "Easter Monday": fromEaster(1) };
const goodFriday = { "Good Friday": fromEaster(-2) };
const ascension = { "Ascension Day": fromEaster(39), "Whit Monday": fromEaster(50) };
const labour = { "Labour Day": on(5, 1) };

const rules: Readonly<Record<HolidayRegion, Readonly<Record<string, Rule>>>> = {
  us: {
    ...newYear,
    "Martin Luther King Day": nth(3, 1, 1),
    "Presidents' Day": nth(3, 1, 2),
    "Easter Sunday": fromEaster(0),
    "Mother's Day": nth(2, 0, 5),
    "Memorial Day": nth(-1, 1, 5),
    Juneteenth: on(6, 19, 2021),
    "Independence Day": on(7, 4),
    "Labor Day": nth(1, 1, 9),
    "Columbus Day": nth(2, 1, 10),
    Halloween: on(10, 31),
    "Veterans Day": on(11, 11),
    Thanksgiving: nth(4, 4, 11),
    ...christmas,
  },
  uk: {
    ...newYear,
    ...goodFriday,
    ...easter,
    "Early May bank holiday": nth(1, 1, 5),
    "Spring bank holiday": nth(-1, 1, 5),
    "Summer bank holiday": nth(-1, 1, 8),
    ...christmas,
    ...boxing,
  },
  de: {
    ...newYear,
    ...goodFriday,
    ...easter,
    ...labour,
    ...ascension,
    "German Unity Day": on(10, 3, 1990),
    ...christmas,
    ...boxing,
  },
  fr: {
    ...newYear,
    ...easter,
    ...labour,
    "Victory Day": on(5, 8),
    ...ascension,
    "Bastille Day": on(7, 14),
    "Assumption Day": on(8, 15),
    "All Saints' Day": on(11, 1),
    "Armistice Day": on(11, 11),
    ...christmas,
  },
  it: {
    ...newYear,
    Epiphany: on(1, 6),
    ...easter,
    "Liberation Day": on(4, 25),
    ...labour,
    "Republic Day": on(6, 2),
    "Assumption Day": on(8, 15),
    "All Saints' Day": on(11, 1),
    "Immaculate Conception": on(12, 8),
    ...christmas,
    ...boxing,
  },
  es: {
    ...newYear,
    Epiphany: on(1, 6),
    ...goodFriday,
    "Easter Sunday": fromEaster(0),
    ...labour,
    "Assumption Day": on(8, 15),
    "National Day": on(10, 12),
    "All Saints' Day": on(11, 1),
    "Constitution Day": on(12, 6),
    "Immaculate Conception": on(12, 8),
    ...christmas,
  },
  nl: {
    ...newYear,
    ...easter,
    "King's Day": kingsDay,
    "Liberation Day": on(5, 5),
    ...ascension,
    ...christmas,
    ...boxing,
  },
  au: {
    ...newYear,
    "Australia Day": on(1, 26),
    ...goodFriday,
    ...easter,
    "Anzac Day": on(4, 25),
    ...christmas,
    ...boxing,
  },
  eu: {
    ...newYear,
    ...goodFriday,
    ...easter,
    ...labour,
    ...ascension,
    ...christmas,
    ...boxing,
  },
};

/**
 * The nationwide holidays of a country, and days that fill its markets (Easter, Halloween, Christmas Eve), by rule: no table
 * of dates, so that it never runs out. A day is where it falls, not where an office closes for it instead; holidays of
 * single states and one-off ones are not known.
 *
 * @param from, to days since 1970, both included
 * @returns names and the days on which each falls, ascending; names that never fall between are left out
 */
export function holidaysBetween(region: HolidayRegion, from: number, to: number): NamedDays {
  const first = new Date(from * dayLength).getUTCFullYear();
  const last = new Date(to * dayLength).getUTCFullYear();
  const years = Array.from({ length: Math.max(0, last - first + 1) }, (_, k) => first + k);
  const named = Object.entries(rules[region]).map(([name, rule]) => {
    const days = years.flatMap((year) => rule(year) ?? []).filter((day) => day >= from && day <= to);
    return [name, days] as const;
  });
  return Object.fromEntries(named.filter(([, days]) => days.length > 0));
}

/**
 * The days just before named ones, under names of their own: people shop before a feast, not on it.
 *
 * @param days how many days before count, 1 or more
 */
export function daysBefore(named: NamedDays, days: number): NamedDays {
  return Object.fromEntries(
    Object.entries(named).map(([name, on]) => [
      `before ${name}`,
      on.flatMap((day) => Array.from({ length: days }, (_, k) => day - days + k)),
    ]),
  );
}
