import type { History } from "../series.ts";

/** A history with its place in the calendar. */
export interface DatedHistory {
  readonly history: History;
  /** The calendar's number of its first period (a day's, a week's): equal numbers are the same period. */
  readonly firstPeriod: number;
}

/** Periods of a year that keep the weekday or the week, by season length; others have no use for it. */
const yearOf: Readonly<Record<number, number>> = { 7: 364, 52: 52 };
const smallest = 1e-3;
/** A calendar of more days than 270 years have is a mistake in a date. */
const longestCalendar = 100_000;

/**
 * What happened a year ago to all series of a panel together, as a column for each: the logarithm of their common level,
 * smoothed over two seasons, one year before. A market that halves after the holidays halved last year too, and a single
 * noisy product could not tell.
 *
 * @param panel series that share a calendar; square roots of shares of each one's mean are averaged, so that none rules
 * @param origins how many values of each are known; nothing after is read
 * @param season 7 for days, 52 for weeks; others give undefined, as does a panel without a series longer than a year
 * @returns one column a series, its length + horizon long; undefined too where the calendar has more than 100,000 periods
 */
export function lastYearColumns(
  panel: readonly DatedHistory[],
  origins: readonly number[],
  horizon: number,
  season: number,
): Float64Array[] | undefined {
  const year = yearOf[season];
  if (year === undefined || !origins.some((known) => known > year + 2 * season)) return undefined;
  const start = Math.min(...panel.map(({ firstPeriod }) => firstPeriod));
  const end = Math.max(...panel.map(({ firstPeriod }, i) => firstPeriod + origins[i]!));
  if (end - start > longestCalendar) return undefined;
  const common = commonLevel(panel, origins, start, end - start);
  const width = season === 7 ? 7 : 3;
  const level = smoothed(smoothed(common, width), width).map((value) => 2 * Math.log(value + smallest));
  return panel.map(({ history, firstPeriod }) =>
    Float64Array.from({ length: history.values.length + horizon }, (_, t) => {
      const at = firstPeriod + t - year - start;
      return level[Math.max(0, Math.min(level.length - 1, at))]!;
    }),
  );
}

function commonLevel(
  panel: readonly DatedHistory[],
  origins: readonly number[],
  start: number,
  length: number,
): Float64Array {
  const sums = new Float64Array(length);
  const counts = new Float64Array(length);
  panel.forEach(({ history: { values }, firstPeriod }, i) => {
    const known = origins[i]!;
    let mean = 0;
    for (let t = 0; t < known; t++) mean += values[t]! / known;
    if (!(mean > 0)) return;
    for (let t = 0; t < known; t++) {
      sums[firstPeriod - start + t]! += Math.sqrt(Math.max(0, values[t]!) / mean);
      counts[firstPeriod - start + t]!++;
    }
  });
  return sums.map((sum, at) => (counts[at]! > 0 ? sum / counts[at]! : NaN));
}

/** Centred means over an odd width, of what is there. */
function smoothed(values: Float64Array, width: number): Float64Array {
  const half = width >> 1;
  return values.map((_, at) => {
    let sum = 0;
    let count = 0;
    for (let k = Math.max(0, at - half); k <= Math.min(values.length - 1, at + half); k++) {
      if (Number.isNaN(values[k]!)) continue;
      sum += values[k]!;
      count++;
    }
    return count > 0 ? sum / count : 0;
  });
}
