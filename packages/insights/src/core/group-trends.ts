import { analyseTrends, type TrendAnalysis } from "@almanac/forecasting";
import { heldBack } from "./held-back.ts";

/** Days of a period: four whole weeks, so that each has as many market days of a weekday. */
export const periodDays = 28;
const yearPeriods = 13;
/** Periods that are looked at, two years of them. */
export const periodCount = 2 * yearPeriods;
/** Periods of the latest year that must be told, with something bought, before anything is said of a trend. */
const fewestPeriods = 9;

/** What the people of a group bought of a category in one period. */
export interface GroupPurchases {
  readonly group: string;
  readonly category: string;
  /** 0 for the first of `periodCount`, the latest last. */
  readonly period: number;
  /** How many different shoppers. */
  readonly people: number;
  readonly cents: number;
}

export interface GroupTrend extends TrendAnalysis {
  readonly group: string;
  readonly category: string;
  /**
   * Of what the group spent in each period the share that went to the category, 0 to 1, the latest last; null where it is held
   * back or the group bought nothing at all.
   */
  readonly shares: readonly (number | null)[];
  /** `year`: the trend is that of the shares over those of a year before; `plain`: of the shares as they are. */
  readonly basis: "year" | "plain";
  /** The shares of the latest year over those of the same periods a year before, less 1; null where too few are told. */
  readonly yearOnYear: number | null;
}

/**
 * What rises and falls in groups of shoppers, by places or by behaviour: shares of what a group spends, so that a group that
 * grows does not make all of its categories rise. The time of the year is taken out by the year before, where it is known, and
 * the threshold follows from all trends together (false discoveries at 5 %).
 *
 * A share with fewer than ten shoppers behind it is held back, with what it would follow from ({@link heldBack}).
 *
 * @returns trends by group and category, the largest share of late first, and how many had too little that may be told
 */
export function groupTrends(purchases: readonly GroupPurchases[]): {
  readonly trends: readonly GroupTrend[];
  readonly tooLittle: number;
} {
  const told = [...Map.groupBy(purchases, ({ group }) => group)].flatMap(([group, all]) =>
    [...toldShares(all)].map(([category, shares]) => {
      const { values, ...against } = compared(shares);
      return { values, trend: { group, category, shares, ...against } };
    }),
  );
  const enough = told.filter(({ values }) => boughtIn(values) >= fewestPeriods);
  const analyses = analyseTrends(
    enough.map(({ values }) => values),
    { leastValues: fewestPeriods },
  );
  return {
    trends: enough
      .map(({ trend }, at) => ({ ...trend, ...analyses[at]! }))
      .sort((a, b) => lately(b.shares) - lately(a.shares) || (a.category < b.category ? -1 : 1)),
    tooLittle: told.length - enough.length,
  };
}

type Shares = (number | null)[];

/** Of one group, the shares of each category that may be told. */
function toldShares(purchases: readonly GroupPurchases[]): Map<string, Shares> {
  const categories = [...new Set(purchases.map(({ category }) => category))].sort();
  const shares = new Map(
    categories.map((category) => [category, Array<number | null>(periodCount).fill(null)]),
  );
  for (const [period, cells] of Map.groupBy(purchases, (cell) => cell.period)) {
    const total = cells.reduce((sum, { cents }) => sum + cents, 0);
    if (total <= 0) continue;
    const held = heldBack(cells.map(({ people }) => people));
    for (const category of categories) shares.get(category)![period] = 0;
    cells.forEach(({ category, cents }, at) => {
      shares.get(category)![period] = held.has(at) ? null : cents / total;
    });
  }
  return shares;
}

/** The values of the latest year that a trend is looked for in, NaN for what is not told. */
function compared(shares: Shares): Pick<GroupTrend, "basis" | "yearOnYear"> & { values: readonly number[] } {
  const now = shares.slice(-yearPeriods).map((share) => share ?? NaN);
  const before = shares.slice(-2 * yearPeriods, -yearPeriods).map((share) => share || NaN);
  const values = now.map((share, at) => share / before[at]!);
  if (boughtIn(values) < fewestPeriods) return { values: now, basis: "plain", yearOnYear: null };
  const sumOf = (list: readonly number[]): number =>
    list.reduce((sum, share, at) => (Number.isNaN(values[at]) ? sum : sum + share), 0);
  return { values, basis: "year", yearOnYear: sumOf(now) / sumOf(before) - 1 };
}

const boughtIn = (values: readonly number[]): number => values.filter((value) => value > 0).length;

/** The mean of what is told of the latest three periods. */
export function lately(shares: readonly (number | null)[]): number {
  const known = shares.slice(-3).filter((share) => share !== null);
  return known.length === 0 ? 0 : known.reduce((sum, share) => sum + share, 0) / known.length;
}
