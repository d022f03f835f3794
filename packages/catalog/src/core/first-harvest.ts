import { AppError } from "@almanac/kernel";
import type { HarvestDays } from "./harvest.ts";

const yearDays = 365;

/**
 * A season that begins earlier or later than usual: its first day and the beginning of its peak move, its end stays. A peak
 * that would begin after it ends is one day; a season that would begin after its last day is refused.
 *
 * @param windows of a crop that comes once or more
 * @param index which of them
 * @throws AppError `input_invalid`
 */
export function moveFirstHarvest(
  windows: readonly HarvestDays[],
  index: number,
  byDays: number,
): HarvestDays[] {
  const window = windows[index];
  if (!window)
    throw new AppError("input_invalid", "There is no such harvest.", { details: { field: "index" } });
  const first = ordinal(window.firstDay);
  const length = distance(first, ordinal(window.lastDay));
  const peakStart = distance(first, ordinal(window.peakStart));
  const peakEnd = distance(first, ordinal(window.peakEnd));
  if (byDays > length || yearDays - 1 - length + byDays < 0) {
    throw new AppError("input_invalid", "The season would begin after it ends.", {
      details: { field: "days" },
    });
  }
  const at = (days: number): string => monthDay(first + days);
  const moved = {
    firstDay: at(byDays),
    peakStart: at(Math.max(byDays, Math.min(peakStart + byDays, Math.max(peakEnd, byDays)))),
    peakEnd: at(Math.max(peakEnd, byDays)),
    lastDay: window.lastDay,
  };
  return windows.map((one, at_) => (at_ === index ? moved : one));
}

/** A harvest that comes before its season by more is last season's tail, or what was kept. */
const earliestDays = 45;

/**
 * The season that a harvest begins before its time: the next to come, where none is under way.
 *
 * @param windows of a crop that comes once or more
 * @param day of the harvest, "MM-DD"
 * @returns which window, and how many days before its first; nothing in a season, or more than 45 days before one
 */
export function seasonBegunBy(
  windows: readonly HarvestDays[],
  day: string,
): { index: number; daysEarly: number } | undefined {
  const today = ordinal(day);
  const isUnderWay = windows.some(({ firstDay, lastDay }) => {
    const first = ordinal(firstDay);
    return distance(first, today) <= distance(first, ordinal(lastDay));
  });
  if (isUnderWay) return undefined;
  const coming = windows
    .map(({ firstDay }, index) => ({ index, daysEarly: distance(today, ordinal(firstDay)) }))
    .toSorted((a, b) => a.daysEarly - b.daysEarly)[0];
  return coming && coming.daysEarly <= earliestDays ? coming : undefined;
}

/** Days since 1 January of a year without 29 February. */
function ordinal(day: string): number {
  const [month, date] = day.split("-").map(Number);
  const shown = month === 2 && date === 29 ? 28 : date!;
  return Math.round((Date.UTC(2001, month! - 1, shown) - Date.UTC(2001, 0, 1)) / 86_400_000);
}

function distance(from: number, to: number): number {
  return (to - from + yearDays) % yearDays;
}

function monthDay(ordinalDay: number): string {
  const within = ((ordinalDay % yearDays) + yearDays) % yearDays;
  return new Date(Date.UTC(2001, 0, 1 + within)).toISOString().slice(5, 10);
}
