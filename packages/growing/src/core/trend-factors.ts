import type { TrendAnalysis, YearOnYear } from "@almanac/forecasting";
import type { TrendSeries } from "./trend-series.ts";

export interface TrendFacts extends Pick<TrendAnalysis, "type" | "changePerPeriod"> {
  readonly basis: TrendSeries["basis"];
  readonly yearOnYear: YearOnYear | null;
  /** Market days of the latest eight that were sold out early. */
  readonly soldOut: number;
}

const percent = (value: number): string => `${Math.round(100 * Math.abs(value))}\u00a0%`;

const basisWords: Readonly<Record<TrendSeries["basis"], string>> = {
  season: "beside last season at the same age",
  adjusted: "the time of the year taken out",
  plain: "as sold: two years are needed to take the time of the year out",
};

/** What moves a product, in words for the farm, the weightiest first; nothing where nothing does. */
export function trendFactors({ type, changePerPeriod, basis, yearOnYear, soldOut }: TrendFacts): string[] {
  const factors: string[] = [];
  if (type === "rising" || type === "falling") {
    const change = changePerPeriod * 4;
    factors.push(
      `About ${percent(change)} ${change > 0 ? "more" : "less"} each month, ${basisWords[basis]}.`,
    );
  }
  if (yearOnYear && Math.abs(yearOnYear.change) >= 0.05) {
    const { change, weeks, laterDays } = yearOnYear;
    const when =
      Math.abs(laterDays) < 7
        ? ""
        : `, which began ${Math.abs(laterDays)} days ${laterDays > 0 ? "later" : "earlier"}`;
    factors.push(
      `${percent(change)} ${change > 0 ? "above" : "below"} last season after ${weeks} weeks of it${when}.`,
    );
  }
  if (soldOut >= 2) factors.push(`Sold out early on ${soldOut} of the last 8 market days: more was wanted.`);
  return factors;
}
