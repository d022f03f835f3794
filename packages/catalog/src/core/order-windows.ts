import {
  addCalendarDays,
  atMarketTime,
  marketDay as marketDayAt,
  minutes,
  weekdayAt,
  type CalendarDay,
} from "@almanac/kernel";
import { minutesOfWallTime } from "./calendar.ts";

/** When orders for one market day are taken: from `opensAt` up to, not including, `closesAt`. */
export interface WindowTimes {
  readonly marketDay: CalendarDay;
  readonly opensAt: Date;
  readonly closesAt: Date;
  readonly isCancelled: boolean;
}

/** How long a checkout that began before the close may still finish. */
export const checkoutGraceMs = minutes(15);

export type WindowState = "upcoming" | "open" | "closed" | "cancelled";

/** Open at `opensAt` exactly, closed at `closesAt` exactly. */
export function windowState(window: WindowTimes, now: Date): WindowState {
  if (window.isCancelled) return "cancelled";
  if (now < window.opensAt) return "upcoming";
  return now < window.closesAt ? "open" : "closed";
}

/**
 * Whether an order may be placed: while the window is open, and for 15 minutes more by a checkout that began before it
 * closed.
 *
 * @param startedAt when the checkout began; the same as `now` for an order placed in one step
 */
export function acceptsOrder(window: WindowTimes, startedAt: Date, now: Date): boolean {
  if (windowState(window, startedAt) !== "open") return false;
  return now.getTime() < window.closesAt.getTime() + checkoutGraceMs;
}

/**
 * The window a shopper orders in now: of the open ones that which closes first, else of the coming ones that which opens
 * first. Ties go to the earlier market day.
 *
 * @returns `undefined` when all are closed or cancelled
 */
export function chooseWindow<W extends WindowTimes>(windows: readonly W[], now: Date): W | undefined {
  const inState = (state: WindowState) => windows.filter((window) => windowState(window, now) === state);
  return (
    earliest(inState("open"), (window) => window.closesAt) ??
    earliest(inState("upcoming"), (window) => window.opensAt)
  );
}

function earliest<W extends WindowTimes>(windows: readonly W[], at: (window: W) => Date): W | undefined {
  return [...windows].sort(
    (a, b) => at(a).getTime() - at(b).getTime() || (a.marketDay < b.marketDay ? -1 : 1),
  )[0];
}

/** How a market takes orders week by week, in wall-clock time at the market. */
export interface WindowRhythm {
  readonly opensDaysBefore: number;
  /** "20:00" */
  readonly opensAt: string;
  readonly closesDaysBefore: number;
  readonly closesAt: string;
}

/** Opens on Sunday and closes on Thursday evening for a market on Saturday. */
export const usualRhythm: WindowRhythm = {
  opensDaysBefore: 6,
  opensAt: "08:00",
  closesDaysBefore: 2,
  closesAt: "20:00",
};

/**
 * The window for one market day. Hours are those of the wall clock at the market, so a window that spans a change to or
 * from summer time is an hour shorter or longer, and still closes at the hour people know.
 */
export function planOrderWindow(
  marketDay: CalendarDay,
  timeZone: string,
  rhythm: WindowRhythm = usualRhythm,
): WindowTimes {
  return {
    marketDay,
    opensAt: wallTime(addCalendarDays(marketDay, -rhythm.opensDaysBefore), rhythm.opensAt, timeZone),
    closesAt: wallTime(addCalendarDays(marketDay, -rhythm.closesDaysBefore), rhythm.closesAt, timeZone),
    isCancelled: false,
  };
}

/** The rhythm that would give this window again: how next week's is planned after last week's. */
export function rhythmOf(window: WindowTimes, timeZone: string): WindowRhythm {
  return {
    opensDaysBefore: calendarDaysBefore(window.opensAt, window.marketDay, timeZone),
    opensAt: wallTimeOf(window.opensAt, timeZone),
    closesDaysBefore: calendarDaysBefore(window.closesAt, window.marketDay, timeZone),
    closesAt: wallTimeOf(window.closesAt, timeZone),
  };
}

/**
 * The market days after a moment, today included while it is that weekday.
 *
 * @param weekday 1 Monday to 7 Sunday
 */
export function upcomingMarketDays(
  weekday: number,
  timeZone: string,
  now: Date,
  count: number,
): CalendarDay[] {
  const today = marketDayAt(now, timeZone);
  const ahead = (weekday - weekdayAt(now, timeZone) + 7) % 7;
  return Array.from({ length: count }, (_, week) => addCalendarDays(today, ahead + week * 7));
}

export function wallTime(day: CalendarDay, time: string, timeZone: string): Date {
  const minute = minutesOfWallTime(time);
  return atMarketTime(day, Math.floor(minute / 60), minute % 60, timeZone);
}

/** "20:00" at the market. */
export function wallTimeOf(at: Date, timeZone: string): string {
  return new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(at);
}

function calendarDaysBefore(at: Date, day: CalendarDay, timeZone: string): number {
  const from = Date.parse(`${marketDayAt(at, timeZone)}T00:00:00Z`);
  return Math.round((Date.parse(`${day}T00:00:00Z`) - from) / 86_400_000);
}
