import { splitSeasons, stl, type DatedSales } from "@almanac/forecasting";
import { dayNumber, mondayOf } from "./day-numbers.ts";

/** What a trend is looked for in, and how it was made. */
export interface TrendSeries {
  /** By week, the latest last; NaN is a gap. */
  readonly values: Float64Array;
  /**
   * `season`: this season as a share of the one before, by weeks since the first harvest; `adjusted`: the year's usual course
   * is taken out; `plain`: as sold.
   */
  readonly basis: "season" | "adjusted" | "plain";
}

const yearWeeks = 52;
/** Weeks of late that a trend is looked for in. */
export const trendWeeks = 26;
/** Of them, with a sale, below which nothing is said. */
export const fewestWeeks = 8;
/** Share of weeks without a sale from which a product has a season of its own. */
const seasonalFrom = 0.25;

/** Sold by week from the first to the last, the mean of a week's market days; NaN without one. */
export function weeklySales(sales: readonly DatedSales[]): Float64Array {
  if (sales.length === 0) return new Float64Array(0);
  const mondays = sales.map(({ day }) => mondayOf(dayNumber(day)));
  const first = Math.min(...mondays);
  const count = Math.round((Math.max(...mondays) - first) / 7) + 1;
  const sums = new Float64Array(count);
  const days = new Float64Array(count);
  sales.forEach(({ sold }, at) => {
    if (!Number.isFinite(sold)) return;
    const week = (mondays[at]! - first) / 7;
    sums[week]! += sold;
    days[week]! += 1;
  });
  return sums.map((sum, week) => (days[week]! > 0 ? sum / days[week]! : NaN));
}

/**
 * The series whose trend is the product's own, without what the time of the year does to it.
 *
 * @param sales of market days in order, over all markets; a day on which nobody wanted any is 0, one that had nothing to
 * sell NaN
 */
export function trendSeries(sales: readonly DatedSales[]): TrendSeries {
  const weeks = weeklySales(sales);
  // Out of season it is mostly not there; whether it was or not, that week sold none.
  const marketWeeks = new Set(sales.map(({ day }) => mondayOf(dayNumber(day)))).size;
  const without = 1 - weeks.filter((value) => value > 0).length / Math.max(1, marketWeeks);
  if (without > seasonalFrom && weeks.length > trendWeeks)
    return { values: overSeasonBefore(sales), basis: "season" };
  const latest = (values: Float64Array): Float64Array => values.slice(-trendWeeks);
  if (latest(weeks).filter((value) => value > 0).length < fewestWeeks)
    return { values: new Float64Array(0), basis: "plain" };
  if (weeks.length < 2 * yearWeeks) return { values: latest(weeks), basis: "plain" };
  const { seasonal } = stl(filled(weeks), yearWeeks, { seasonalWidth: "periodic" });
  return { values: latest(weeks.map((value, at) => value - seasonal[at]!)), basis: "adjusted" };
}

function overSeasonBefore(sales: readonly DatedSales[]): Float64Array {
  const [before, now] = splitSeasons(sales).slice(-2);
  if (!before || !now) return new Float64Array(0);
  const ratios = now.weeks.map((sold, week) => {
    const then = before.weeks[week];
    return then !== undefined && then > 0 ? sold / then : NaN;
  });
  return Float64Array.from(ratios);
}

/** Gaps as the value before them. */
function filled(values: Float64Array): Float64Array {
  let last = values.find((value) => !Number.isNaN(value)) ?? 0;
  return values.map((value) => (Number.isNaN(value) ? last : (last = value)));
}
