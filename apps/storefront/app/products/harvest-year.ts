import type { SeasonLevel } from "@almanac/ui";

/** Days of a harvest, "MM-DD" in order around the year; it may run over New Year. */
export interface HarvestDays {
  readonly firstDay: string;
  readonly peakStart: string;
  readonly peakEnd: string;
  readonly lastDay: string;
}

/**
 * The months of a year by the share of their days that lie in a harvest: peak when half of the month is, some when any
 * day is. A product without a season is at its best all year.
 */
export function harvestYear(
  harvest: { readonly kind: string; readonly windows: readonly HarvestDays[] } | undefined,
): SeasonLevel[] | undefined {
  if (!harvest) return undefined;
  if (harvest.kind === "year_round") return Array.from({ length: 12 }, () => "peak" as const);
  return Array.from({ length: 12 }, (_, month) => levelOf(month, harvest.windows));
}

function levelOf(month: number, windows: readonly HarvestDays[]): SeasonLevel {
  const days = daysOfMonth(month);
  const isIn = (day: string, from: string, to: string) =>
    from <= to ? day >= from && day <= to : day >= from || day <= to;
  const inPeak = days.filter((day) => windows.some((each) => isIn(day, each.peakStart, each.peakEnd)));
  if (inPeak.length * 2 >= days.length) return "peak";
  return days.some((day) => windows.some((each) => isIn(day, each.firstDay, each.lastDay))) ? "some" : "none";
}

function daysOfMonth(month: number): string[] {
  const length = new Date(Date.UTC(2025, month + 1, 0)).getUTCDate();
  const two = (value: number) => String(value).padStart(2, "0");
  return Array.from({ length }, (_, day) => `${two(month + 1)}-${two(day + 1)}`);
}
