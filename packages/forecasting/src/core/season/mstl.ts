import { stl } from "./stl.ts";

/** Seasons longer than months of a year have too many positions for a line through each. */
const longestLines = 12;

/** A series as the sum of a trend, one seasonal part a season length, and a remainder. */
export interface MultipleDecomposition {
  readonly trend: Float64Array;
  /** In the order of the season lengths given. */
  readonly seasonals: readonly Float64Array[];
  readonly remainder: Float64Array;
}

/**
 * MSTL: STL for several seasons, each taken from what the others leave, shortest first, twice over.
 *
 * @param seasons ascending, each from 2 up and at most half as long as the values
 * @param robust outliers lose their weight; ten times slower
 * Bandara, Hyndman & Bergmeir (2021), "MSTL: A seasonal-trend decomposition algorithm for time series with multiple
 * seasonal patterns", arXiv 2107.13462; widths 11, 15, 19, ... as in R forecast's `mstl`. A position of a long season, seen
 * fewer times than its width, is smoothed by means, as always in R: a line through three weeks of three years says nothing
 * of the fourth (Walmart's departments, 135 weeks: MASE .64, .84 by lines). Of months lines are better or as good.
 */
export function mstl(
  values: Float64Array,
  seasons: readonly number[],
  robust = false,
): MultipleDecomposition {
  const seasonals = seasons.map(() => new Float64Array(values.length));
  let rest = values.slice();
  let trend = new Float64Array(values.length);
  const rounds = seasons.length > 1 ? 2 : 1;
  for (let round = 0; round < rounds; round++) {
    seasons.forEach((season, i) => {
      const own = seasonals[i]!;
      const whole = rest.map((value, t) => value + own[t]!);
      const seasonalWidth = 11 + 4 * i;
      const isShort = values.length < seasonalWidth * season;
      const parts = stl(whole, season, {
        seasonalWidth,
        seasonalDegree: season > longestLines && isShort ? 0 : 1,
        robust,
      });
      own.set(parts.seasonal);
      trend = Float64Array.from(parts.trend);
      rest = whole.map((value, t) => value - own[t]!);
    });
  }
  return { trend, seasonals, remainder: rest.map((value, t) => value - trend[t]!) };
}
