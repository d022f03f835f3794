import type { CalendarDay } from "@almanac/kernel";
import type { Crop } from "../crops.ts";
import { dayNumber } from "../day-numbers.ts";
import { degreeDays, type DayWeather, type DegreeDays, type GrowthRange } from "./degree-days.ts";

/** Coldest and warmest air of days, by day number; days that nobody measured are not in it. */
export type MeasuredDays = ReadonlyMap<number, DayWeather>;

/**
 * What bears frost grows from 40 degrees Fahrenheit on, what does not from 50, and neither faster beyond 86: the round figures of
 * extension services for vegetables, in degrees Celsius.
 */
export function growthRangeOf({ outsideFromFrostDays }: Pick<Crop, "outsideFromFrostDays">): GrowthRange {
  return { base: outsideFromFrostDays < 0 ? 4.4 : 10, ceiling: 30 };
}

/** Years back whose days stand in for one that is yet to come. */
const yearsBack = 3;

/**
 * Degree-days of a season: of its days so far what was measured, of those to come the mean of the same days of the years before.
 *
 * @param season both days included
 */
export function seasonWeather(
  measured: MeasuredDays,
  season: { readonly from: CalendarDay; readonly to: CalendarDay },
  range: GrowthRange,
): DegreeDays {
  const first = dayNumber(season.from);
  const length = Math.max(0, dayNumber(season.to) - first + 1);
  return degreeDays(
    Array.from({ length }, (_, at) => measured.get(first + at) ?? usualOn(measured, first + at)),
    range,
  );
}

function usualOn(measured: MeasuredDays, day: number): DayWeather {
  const before = Array.from({ length: yearsBack }, (_, at) =>
    measured.get(Math.round(day - 365.2425 * (at + 1))),
  ).filter((one) => one !== undefined);
  const meanOf = (of: (one: DayWeather) => number | undefined): number =>
    before.reduce((sum, one) => sum + (of(one) ?? NaN), 0) / before.length;
  return before.length === 0 ? {} : { min: meanOf(({ min }) => min), max: meanOf(({ max }) => max) };
}
