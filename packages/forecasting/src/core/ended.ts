import type { Series } from "./series.ts";

/** A demand that has ended: what it was, and for how long there was none. */
export interface Ended {
  /** Observed periods without any since the last demand. */
  readonly periods: number;
  /** What was demanded when there was some, smallest first, in the caller's unit. */
  readonly demands: Float64Array;
}

/** A rest is out of the ordinary where it is longer than so many times the longest before. */
const timesLongest = 2;
/** And where the rate of demand before would leave it as improbable as this. */
const leastChance = 1e-3;
/** Of two years each position of a season was empty twice. */
const years = 2;
const weeksOfYear = 52;
/** Days of a week in which something may be sold: such a season does not tell the year. */
const daysOfWeek = { least: 5, most: 7 };
const hoursOfDay = 24;
const daysOfYear = 364;

/**
 * Whether a history has ended: it rests for two years, more than twice as long as ever before, and a demand as frequent as
 * it was would have shown itself. A crop out of season rests for less, and rare demand has rested before.
 *
 * The chance of no demand in r periods after D in L is (L / (L + r))^D: that of a Poisson rate known from those L alone.
 *
 * @returns undefined for one that goes on: also where values are below zero, where none is above, and with known columns,
 *   as what they took away they may bring back
 */
export function endedHistory({ values, season = 1, covariates = {} }: Series): Ended | undefined {
  if (Object.keys(covariates).length > 0) return undefined;
  const demands: number[] = [];
  let rest = 0;
  let longest = 0;
  let length = 0;
  for (let t = 0; t < values.length; t++) {
    const value = values[t];
    if (value === null || value === undefined || Number.isNaN(value)) continue;
    if (value < 0) return undefined;
    if (value === 0) {
      rest++;
      continue;
    }
    // What came before the first demand is no rest between two.
    if (demands.length > 0) {
      longest = Math.max(longest, rest);
      length += rest;
    }
    length++;
    rest = 0;
    demands.push(value);
  }
  if (demands.length === 0 || rest < years * yearOf(season) || rest <= timesLongest * longest)
    return undefined;
  if ((length / (length + rest)) ** demands.length > leastChance) return undefined;
  return { periods: rest, demands: Float64Array.from(demands).sort() };
}

/** Periods of a year as a season tells them; a series without one may be of weeks. */
function yearOf(season: number): number {
  if (season === hoursOfDay) return hoursOfDay * daysOfYear;
  if (season >= daysOfWeek.least && season <= daysOfWeek.most) return season * weeksOfYear;
  return season > 1 ? season : weeksOfYear;
}

/**
 * What a share of all periods to come stays at or below, in the caller's unit. After r periods without demand it comes back
 * in one of r + 2 (Laplace's rule of succession), as large as it was: high quantiles of a rest not yet long lie above zero.
 *
 * @param share in (0, 1)
 */
export function endedQuantile({ periods, demands }: Ended, share: number): number {
  const back = 1 / (periods + 2);
  const place = Math.ceil(((share - 1 + back) / back) * demands.length) - 1;
  return place < 0 ? 0 : demands[place]!;
}
