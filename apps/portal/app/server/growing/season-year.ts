import type { SeasonLevel } from "@almanac/ui";

export interface HarvestDays {
  readonly firstDay: string;
  readonly peakStart: string;
  readonly peakEnd: string;
  readonly lastDay: string;
}

const monthLengths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * January to December as a strip shows them: a month is at its peak when half of its days or more are, and in season when
 * any day is. Windows may cross New Year.
 */
export function seasonYear(windows: readonly HarvestDays[]): SeasonLevel[] {
  return monthLengths.map((length, index) => {
    const days = Array.from({ length }, (_, day) => monthDay(index + 1, day + 1));
    const peak = days.filter((day) =>
      windows.some((window) => isWithin(day, window.peakStart, window.peakEnd)),
    ).length;
    if (peak * 2 >= length) return "peak";
    return days.some((day) => windows.some((window) => isWithin(day, window.firstDay, window.lastDay)))
      ? "some"
      : "none";
  });
}

function isWithin(day: string, from: string, to: string): boolean {
  return from <= to ? day >= from && day <= to : day >= from || day <= to;
}

function monthDay(month: number, day: number): string {
  return `${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}
