import { halfYearLater, invariant } from "@almanac/kernel";
import type { CalendarDay, Season } from "@almanac/kernel";
import { categoriesOfSeason, seasonOfDay } from "./season-categories.ts";

/** A day of any year: "06-12". 29 February counts as 28 February. */
export type MonthDay = string;

/**
 * When a product is harvested in one region. The four days follow each other around the year and may cross New Year:
 * `firstDay <= peakStart <= peakEnd <= lastDay`.
 */
export interface HarvestWindow {
  readonly firstDay: MonthDay;
  readonly peakStart: MonthDay;
  readonly peakEnd: MonthDay;
  readonly lastDay: MonthDay;
}

/**
 * How a product reaches the stall outside its harvest: `field` does not, `greenhouse` and `stored` do (at a lower
 * score), `year-round` has no season at all (eggs, bread, cheese).
 */
export type Supply = "field" | "greenhouse" | "stored" | "year-round";

export interface ProductSeason {
  /** Windows of the product in its region; two for crops that come twice. Empty when nobody entered any. */
  readonly windows: readonly HarvestWindow[];
  /** Half of the earth the windows were written for; "north" when absent. */
  readonly windowsHemisphere?: "north" | "south";
  /** "field" when absent. */
  readonly supply?: Supply;
  /** Decides by the four-category map when there is no window. */
  readonly category?: string;
}

/** What a product without any season scores: between peak and off, so that it neither wins nor loses by the calendar. */
export const yearRoundSeasonalScore = 0.5;

/** What greenhouse and stored produce scores outside its harvest. */
export const offSeasonSupplyScore = 0.3;

/** Days of the year as season counts them: 29 February is folded into 28 February. */
export const daysOfYear = 365;

const daysBeforeMonth = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365] as const;

/**
 * Where a month and day fall in a year of 365 days, 0 for 1 January.
 *
 * @param monthDay "MM-DD" or "YYYY-MM-DD"; the year is ignored
 * @throws InvariantError when it is not a day of a year
 */
export function dayIndex(monthDay: MonthDay): number {
  const match = /^(?:\d{4}-)?(\d{2})-(\d{2})$/.exec(monthDay);
  const month = Number(match?.[1]);
  const day = Number(match?.[2]);
  const length = monthLength(month);
  invariant(length > 0 && day >= 1 && day <= (month === 2 ? 29 : length), `not a month and day: ${monthDay}`);
  return daysBeforeMonth[month - 1]! + Math.min(day, length) - 1;
}

/** The month and day at a place in the year of 365 days; any whole number, taken around the year. */
export function monthDayAt(index: number): MonthDay {
  const wrapped = wrap(index);
  const month = daysBeforeMonth.findLastIndex((before) => before <= wrapped) + 1;
  return `${pad(month)}-${pad(wrapped - daysBeforeMonth[month - 1]! + 1)}`;
}

/**
 * The same harvest on the other half of the earth: each day six calendar months later, so that July becomes January. A
 * day the other month does not have becomes its last day.
 */
export function otherHemisphere(window: HarvestWindow): HarvestWindow {
  return {
    firstDay: halfYearLater(window.firstDay),
    peakStart: halfYearLater(window.peakStart),
    peakEnd: halfYearLater(window.peakEnd),
    lastDay: halfYearLater(window.lastDay),
  };
}

/** The windows as they fall at that latitude (degrees, positive north; the equator counts as north). */
export function windowsAt(season: ProductSeason, latitude: number): readonly HarvestWindow[] {
  const written = season.windowsHemisphere ?? "north";
  const place = latitude < 0 ? "south" : "north";
  return written === place ? season.windows : season.windows.map(otherHemisphere);
}

/**
 * How much in season a product is, 0 to 1: 1 from peak start to peak end, straight lines from the day before the first
 * to the peak and from the peak to the day after the last, 0 off season (`offSeasonSupplyScore` for greenhouse and
 * stored produce). With several windows the best counts. Without a window the four-category map decides, 1 or 0, and
 * a category the map does not know, like a year-round product, scores `yearRoundSeasonalScore`.
 *
 * @param day       the calendar day at the market
 * @param latitude  degrees, positive north: south of the equator windows written for the north move by half a year
 */
export function seasonalScore(season: ProductSeason, day: CalendarDay, latitude: number): number {
  if (season.supply === "year-round") return yearRoundSeasonalScore;
  const floor = season.supply === "greenhouse" || season.supply === "stored" ? offSeasonSupplyScore : 0;
  if (season.windows.length === 0) return Math.max(floor, categoryScore(season.category, day, latitude));
  const index = dayIndex(day);
  return windowsAt(season, latitude).reduce(
    (best, window) => Math.max(best, windowScore(window, index)),
    floor,
  );
}

/**
 * Height of one window on one day, 0 to 1.
 *
 * @param index place in the year, 0 to 364 (`dayIndex`)
 */
export function windowScore(window: HarvestWindow, index: number): number {
  const { peakStart, peakEnd, lastDay, position } = windowPosition(window, index);
  if (position > lastDay) return 0;
  if (position < peakStart) return (position + 1) / (peakStart + 1);
  if (position <= peakEnd) return 1;
  return (lastDay - position + 1) / (lastDay - peakEnd + 1);
}

/** All four days of a window and one day of the year, counted in days from the window's first day. */
export interface WindowPosition {
  readonly peakStart: number;
  readonly peakEnd: number;
  readonly lastDay: number;
  /** 0 on the first day, `lastDay` on the last, more when the window is over or not yet open. */
  readonly position: number;
}

/** @throws InvariantError when the four days do not follow each other within one year */
export function windowPosition(window: HarvestWindow, index: number): WindowPosition {
  const first = dayIndex(window.firstDay);
  const peakStart = wrap(dayIndex(window.peakStart) - first);
  const peakEnd = wrap(dayIndex(window.peakEnd) - first);
  const lastDay = wrap(dayIndex(window.lastDay) - first);
  invariant(
    peakStart <= peakEnd && peakEnd <= lastDay,
    "a harvest window runs first, peak start, peak end, last",
  );
  return { peakStart, peakEnd, lastDay, position: wrap(index - first) };
}

/** 28 for February, 0 for a month that is none. */
export function monthLength(month: number): number {
  return month >= 1 && month <= 12 ? daysBeforeMonth[month]! - daysBeforeMonth[month - 1]! : 0;
}

function categoryScore(category: string | undefined, day: CalendarDay, latitude: number): number {
  const seasons = category === undefined ? [] : seasonsOf(category);
  if (seasons.length === 0) return yearRoundSeasonalScore;
  return seasons.includes(seasonOfDay(day, latitude)) ? 1 : 0;
}

function seasonsOf(category: string): readonly Season[] {
  const wanted = category.trim().toLowerCase();
  const seasons: readonly Season[] = ["SPRING", "SUMMER", "FALL", "WINTER"];
  return seasons.filter((season) => categoriesOfSeason[season].some((name) => name.toLowerCase() === wanted));
}

function wrap(index: number): number {
  return ((index % daysOfYear) + daysOfYear) % daysOfYear;
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}
