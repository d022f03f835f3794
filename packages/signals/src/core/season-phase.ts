import { addCalendarDays } from "@almanac/kernel";
import type { CalendarDay } from "@almanac/kernel";
import {
  dayIndex,
  daysOfYear,
  monthDayAt,
  monthLength,
  seasonalScore,
  windowPosition,
  windowsAt,
} from "./season.ts";
import type { HarvestWindow, ProductSeason } from "./season.ts";

/** Where in its season a product is; `until`, `from` and `back` are days of the market's calendar. */
export type SeasonPhase =
  | { readonly kind: "year-round" }
  /** No window is known: only the category map speaks, and it knows no dates. */
  | { readonly kind: "undated"; readonly inSeason: boolean }
  | { readonly kind: "coming"; readonly from: CalendarDay; readonly daysToGo: number }
  | {
      readonly kind: "first-weeks";
      readonly since: CalendarDay;
      readonly until: CalendarDay;
      readonly daysLeft: number;
    }
  | { readonly kind: "peak"; readonly until: CalendarDay; readonly daysLeft: number }
  | {
      readonly kind: "ending";
      readonly until: CalendarDay;
      readonly daysLeft: number;
      readonly weeksLeft: number;
    }
  | { readonly kind: "off"; readonly back: CalendarDay; readonly daysToGo: number };

/** A harvest with fewer days to go is told by what is left of it. */
const endingDays = 21;

export interface SeasonPhaseOptions {
  /** Off season becomes "coming" this many days before the first harvest; 21 unless told. */
  readonly comingDays?: number;
  /** "Ending" starts this many days before the last, even within the peak; 21 unless told. */
  readonly endingDays?: number;
}

/** A month of the harvest calendar: shares of its days, each 0 to 1, `peak <= inSeason`. */
export interface SeasonMonth {
  /** 1 to 12. */
  readonly month: number;
  readonly inSeason: number;
  readonly peak: number;
}

/**
 * Where a product is in its season on a market's calendar day. When windows overlap the one that lasts longest counts;
 * when none is open, the one that opens next. `daysLeft` counts the days after today that are still in season.
 *
 * @param latitude degrees, positive north
 */
export function seasonPhase(
  season: ProductSeason,
  day: CalendarDay,
  latitude: number,
  options: SeasonPhaseOptions = {},
): SeasonPhase {
  if (season.supply === "year-round") return { kind: "year-round" };
  const windows = windowsAt(season, latitude);
  if (windows.length === 0) return { kind: "undated", inSeason: seasonalScore(season, day, latitude) > 0 };
  const index = dayIndex(day);
  const open = openWindow(windows, index);
  return open === undefined
    ? closedPhase(windows, day, index, options)
    : openPhase(open, day, index, options);
}

/** Whether its harvest is on. What has no season is not in season, nor is what comes from under glass or from a store meanwhile. */
export function isInSeason(season: ProductSeason, day: CalendarDay, latitude: number): boolean {
  const phase = seasonPhase(season, day, latitude);
  if (phase.kind === "undated") return phase.inSeason;
  return phase.kind === "first-weeks" || phase.kind === "peak" || phase.kind === "ending";
}

/**
 * The phase in plain words: "Peak now", "First of the season", "2 weeks left", "Last day", "From 12 June",
 * "Back on 12 June", "In season" (past its peak with three weeks to go or more, or not known closer), "All year", "Out of season".
 */
export function seasonWords(phase: SeasonPhase): string {
  switch (phase.kind) {
    case "year-round":
      return "All year";
    case "undated":
      return phase.inSeason ? "In season" : "Out of season";
    case "coming":
      return `From ${dayInWords(phase.from)}`;
    case "first-weeks":
      return "First of the season";
    case "peak":
      return "Peak now";
    case "ending":
      return phase.daysLeft < endingDays ? leftInWords(phase.daysLeft, phase.weeksLeft) : "In season";
    case "off":
      return `Back on ${dayInWords(phase.back)}`;
  }
}

/**
 * The twelve-month strip of the harvest calendar, January first: which share of each month is in season and at peak.
 * A product without windows is marked by the category map (no peak); a year-round one is in season all year.
 */
export function seasonStrip(season: ProductSeason, latitude: number): readonly SeasonMonth[] {
  return Array.from({ length: 12 }, (_, at) => seasonMonth(season, latitude, at + 1));
}

function seasonMonth(season: ProductSeason, latitude: number, month: number): SeasonMonth {
  if (season.supply === "year-round") return { month, inSeason: 1, peak: 0 };
  const windows = windowsAt(season, latitude);
  const first = dayIndex(`${String(month).padStart(2, "0")}-01`);
  if (windows.length === 0) {
    const inSeason = seasonalScore(season, `2001-${monthDayAt(first)}`, latitude) > 0;
    return { month, inSeason: inSeason ? 1 : 0, peak: 0 };
  }
  const length = monthLength(month);
  let open = 0;
  let peak = 0;
  for (let index = first; index < first + length; index++) {
    const positions = windows.map((window) => windowPosition(window, index));
    if (positions.some((p) => p.position <= p.lastDay)) open++;
    if (positions.some((p) => p.position >= p.peakStart && p.position <= p.peakEnd)) peak++;
  }
  return { month, inSeason: open / length, peak: peak / length };
}

function openWindow(windows: readonly HarvestWindow[], index: number): HarvestWindow | undefined {
  const left = (window: HarvestWindow): number => {
    const { lastDay, position } = windowPosition(window, index);
    return lastDay - position;
  };
  return windows.filter((window) => left(window) >= 0).toSorted((a, b) => left(b) - left(a))[0];
}

function openPhase(
  window: HarvestWindow,
  day: CalendarDay,
  index: number,
  options: SeasonPhaseOptions,
): SeasonPhase {
  const { peakStart, peakEnd, lastDay, position } = windowPosition(window, index);
  const daysLeft = lastDay - position;
  const until = addSeasonDays(day, daysLeft);
  if (position < peakStart) {
    return { kind: "first-weeks", since: addSeasonDays(day, -position), until, daysLeft };
  }
  if (position > peakEnd || daysLeft < (options.endingDays ?? endingDays)) {
    return { kind: "ending", until, daysLeft, weeksLeft: Math.round(daysLeft / 7) };
  }
  return { kind: "peak", until, daysLeft };
}

function closedPhase(
  windows: readonly HarvestWindow[],
  day: CalendarDay,
  index: number,
  options: SeasonPhaseOptions,
): SeasonPhase {
  const daysToGo = Math.min(...windows.map((window) => daysOfYear - windowPosition(window, index).position));
  const date = addSeasonDays(day, daysToGo);
  if (daysToGo <= (options.comingDays ?? 21)) return { kind: "coming", from: date, daysToGo };
  return { kind: "off", back: date, daysToGo };
}

/** Calendar days later on a calendar without 29 February, so that a window's date is the same every year. */
function addSeasonDays(day: CalendarDay, count: number): CalendarDay {
  const target = dayIndex(day) + count;
  const year = Number(day.slice(0, 4)) + Math.floor(target / daysOfYear);
  return addCalendarDays(`${String(year).padStart(4, "0")}-${monthDayAt(target)}`, 0);
}

function leftInWords(daysLeft: number, weeksLeft: number): string {
  if (daysLeft === 0) return "Last day";
  if (daysLeft < 7) return daysLeft === 1 ? "1 day left" : `${daysLeft} days left`;
  return weeksLeft === 1 ? "1 week left" : `${weeksLeft} weeks left`;
}

function dayInWords(day: CalendarDay): string {
  const months =
    "January February March April May June July August September October November December".split(" ");
  return `${Number(day.slice(8, 10))} ${months[Number(day.slice(5, 7)) - 1]}`;
}
