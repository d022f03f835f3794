import type { History } from "../series.ts";

export const daysOfWeek = 7;
/** A day in periods of an hour, half and a quarter of it, ten and five minutes. */
const days = [24, 48, 96, 144, 288];
/** Correlation of changes from the day before with those of a week ago, from which days of the week differ. */
const leastCorrelation = 0.25;
/** By how much it must exceed that of any other number of days: what only drifts is alike from day to day. */
const leastLead = 0.1;

/** Whether a season is a day of shorter periods. */
export function isDay(season: number): boolean {
  return days.includes(season);
}

/**
 * The history with a week beside its season, where that is a day of hours or shorter periods and the days of the week
 * differ: the change from a day before is like that of a week ago, and less like those of other days.
 *
 * @returns the history as it is where it names long seasons, has another season, or shows no two weeks and a day
 */
export function withWeek(history: History): History {
  const { values, season, longSeasons, nonNegative } = history;
  const week = daysOfWeek * season;
  if (longSeasons.length > 0 || !isDay(season) || values.length < 2 * week + season) return history;
  const roots = nonNegative ? values.map((value) => Math.sqrt(value)) : values;
  const changes = roots.subarray(season).map((value, t) => value - roots[t]!);
  const correlation = correlationAt(changes, week);
  // Neighbours of a day share a value, whatever the week.
  const others = [2, 3, 4, 5, 6].map((times) => correlationAt(changes, times * season));
  const isWeekly = correlation > leastCorrelation && correlation > Math.max(...others) + leastLead;
  return isWeekly ? { ...history, longSeasons: [week] } : history;
}

/** Of pairs of values `lag` apart, around zero; 0 where nothing changes. */
function correlationAt(values: Float64Array, lag: number): number {
  let cross = 0;
  let before = 0;
  let after = 0;
  for (let t = lag; t < values.length; t++) {
    cross += values[t]! * values[t - lag]!;
    before += values[t - lag]! ** 2;
    after += values[t]! ** 2;
  }
  return before > 0 && after > 0 ? cross / Math.sqrt(before * after) : 0;
}
