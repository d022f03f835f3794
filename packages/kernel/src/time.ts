import { DateTime } from "luxon";

/** The only source of "now". Shipped code gets one passed in; tests and the demo pass a fixed or shifted one. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

export interface ShiftedClock extends Clock {
  /** Moves the clock forward; negative durations are refused, as time that runs back breaks ledgers. */
  advance(durationMs: Milliseconds): void;
}

/** A clock that starts at `startsAt` and then runs on at the speed of the wall clock. */
export function shiftedClock(startsAt: Date, wall: Clock = systemClock): ShiftedClock {
  let offsetMs = startsAt.getTime() - wall.now().getTime();
  return {
    now: () => new Date(wall.now().getTime() + offsetMs),
    advance(durationMs) {
      if (durationMs < 0) throw new RangeError("a clock only moves forward");
      offsetMs += durationMs;
    },
  };
}

export type Milliseconds = number;
export const seconds = (n: number): Milliseconds => n * 1_000;
export const minutes = (n: number): Milliseconds => n * 60_000;
export const hours = (n: number): Milliseconds => n * 3_600_000;
export const days = (n: number): Milliseconds => n * 86_400_000;

/** A day of a calendar with no time and no zone: "2025-08-16". */
export type CalendarDay = string;

export type Season = "SPRING" | "SUMMER" | "FALL" | "WINTER";

/** Days that were asked for, by zone and minute; all are forgotten when so many are known. */
const knownDays = new Map<string, CalendarDay>();
const maxKnownDays = 1_000;

/** Since then the clocks of all zones differ from UTC by whole minutes, so that a day begins with a minute. */
const wholeMinutesSince = Date.UTC(1973, 0);

/**
 * The calendar day at the market, not in UTC: 1 March 00:30 in Auckland is still 29 February in London. Thousands ask for the day of
 * the same moment, so it is remembered.
 */
export function marketDay(at: Date, timeZone: string): CalendarDay {
  const key = `${timeZone} ${Math.floor(at.getTime() / minutes(1))}`;
  const known = knownDays.get(key);
  if (known !== undefined) return known;
  const day = inZone(at, timeZone).toFormat("yyyy-LL-dd");
  if (at.getTime() < wholeMinutesSince) return day;
  if (knownDays.size >= maxKnownDays) knownDays.clear();
  knownDays.set(key, day);
  return day;
}

/** The moment at which a clock on the market's wall shows `hour:minute` on that day. In the lost hour of a DST change, the hour after. */
export function atMarketTime(day: CalendarDay, hour: number, minute: number, timeZone: string): Date {
  const key = `${timeZone} ${day} ${hour}:${minute}`;
  const known = knownMoments.get(key);
  if (known !== undefined) return new Date(known);
  const found = DateTime.fromISO(day, { zone: timeZone })
    .set({ hour, minute, second: 0, millisecond: 0 })
    .toMillis();
  if (knownMoments.size >= maxKnownMoments) knownMoments.clear();
  knownMoments.set(key, found);
  return new Date(found);
}

/** The same market days are asked about again and again, and a time zone is slow to ask. */
const knownMoments = new Map<string, number>();
const maxKnownMoments = 20_000;

/** Calendar days later, or earlier when negative. */
export function addCalendarDays(day: CalendarDay, count: number): CalendarDay {
  return new Date(Date.parse(day) + days(count)).toISOString().slice(0, 10);
}

/** 1 (Monday) to 7 (Sunday), in the market's zone. */
export function weekdayAt(at: Date, timeZone: string): number {
  return inZone(at, timeZone).weekday;
}

/** 1 to 12, in the market's zone. */
export function monthAt(at: Date, timeZone: string): number {
  return inZone(at, timeZone).month;
}

/** 1 to 366, in the market's zone. */
export function dayOfYear(day: CalendarDay): number {
  const at = new Date(day);
  return (at.getTime() - Date.UTC(at.getUTCFullYear(), 0)) / days(1) + 1;
}

/** Whole and broken days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: Date, to: Date): number {
  return (to.getTime() - from.getTime()) / 86_400_000;
}

/**
 * The season at a place: meteorological (whole months), by the market's own calendar, turned by half a year south of the equator.
 *
 * @param latitude degrees, positive north
 */
export function seasonAt(at: Date, timeZone: string, latitude: number): Season {
  const northern: readonly Season[] = ["WINTER", "SPRING", "SUMMER", "FALL"];
  const quarter = Math.floor((monthAt(at, timeZone) % 12) / 3);
  return northern[latitude < 0 ? (quarter + 2) % 4 : quarter]!;
}

/**
 * A month and day six calendar months later, so that July becomes January: the same time of the year on the other half of the
 * earth. A day that the other month does not have becomes its last.
 *
 * @param monthDay "08-31"
 * @returns "02-28"
 */
export function halfYearLater(monthDay: string): string {
  const [month, day] = monthDay.split("-").map(Number);
  const later = ((month! + 5) % 12) + 1;
  const length = new Date(Date.UTC(2001, later, 0)).getUTCDate();
  return [later, Math.min(day!, length)].map((part) => String(part).padStart(2, "0")).join("-");
}

/** "Sat 16 Aug, 08:00" in the market's zone. */
export function formatMarketTime(at: Date, timeZone: string): string {
  return inZone(at, timeZone).setLocale("en-GB").toFormat("ccc d LLL, HH:mm");
}

function inZone(at: Date, timeZone: string): DateTime {
  return DateTime.fromJSDate(at, { zone: timeZone });
}
