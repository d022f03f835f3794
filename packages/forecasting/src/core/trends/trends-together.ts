import { analyseTrend, type TrendAnalysis, type TrendOptions } from "./trend.ts";

export interface TrendsOptions extends Pick<TrendOptions, "leastValues"> {
  /** Of the series that are called rising or falling, the share that may be noise; .05 unless told. */
  readonly falseDiscoveries?: number;
  /** Sum of a series' values below which nothing is said of it; 0 unless told. */
  readonly leastVolume?: number;
}

/**
 * The trends of many series that are looked at together. One in a hundred flat series would look like a trend by itself; here
 * the threshold follows from all of them, so that of those told to rise or fall at most one in twenty does not (Benjamini &
 * Hochberg 1995, Journal of the Royal Statistical Society B 57). What is sold too little is stable, with confidence 0.
 *
 * @param series one row of values each, NaN are left out; take the season out before
 * @returns one for each
 */
export function analyseTrends(
  series: readonly ArrayLike<number>[],
  { falseDiscoveries = 0.05, leastVolume = 0, ...options }: TrendsOptions = {},
): TrendAnalysis[] {
  const open = series.map((values) =>
    volumeOf(values) < leastVolume ? undefined : analyseTrend(values, { ...options, falseAlarms: 1.01 }),
  );
  const threshold = stepUp(
    open.flatMap((trend) => (trend && trend.confidence > 0 ? [1 - trend.confidence] : [])),
    falseDiscoveries,
  );
  return series.map((values, at) => {
    const trend = open[at];
    if (!trend) return { ...analyseTrend([], options), strength: 0 };
    const isTold = trend.type === "rising" || trend.type === "falling";
    // Those that stay told need no second look; the others are stable or volatile by their own movement.
    return isTold && 1 - trend.confidence <= threshold
      ? trend
      : analyseTrend(values, { ...options, falseAlarms: 0 });
  });
}

/** The largest chance that is still told: p(k) <= k q / n. */
function stepUp(chances: readonly number[], share: number): number {
  const sorted = chances.toSorted((a, b) => a - b);
  const last = sorted.findLastIndex((chance, at) => chance <= ((at + 1) * share) / sorted.length);
  return last < 0 ? -1 : sorted[last]!;
}

function volumeOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) if (Number.isFinite(values[at]!)) sum += Math.abs(values[at]!);
  return sum;
}
