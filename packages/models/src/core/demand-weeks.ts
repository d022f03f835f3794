import { days } from "@almanac/kernel";

/** Weeks of one product at one market: 1 where somebody ordered it and the order stood. */
export interface DemandWeeks {
  readonly product: string;
  readonly market: string;
  /** The week of the first entry, see `weekOf`; weeks follow one another without gaps. */
  readonly firstWeek: number;
  readonly isAsked: Uint8Array;
}

/** The weeks in which a product was asked for at a market, rising. */
export interface AskedWeeks {
  readonly product: string;
  readonly market: string;
  readonly weeks: readonly number[];
}

/** Weeks that are held back, and that a network tells. */
export const heldBackWeeks = 8;
/** A year to learn from before those that are held back. */
export const leastSeriesWeeks = 52 + heldBackWeeks;
const leastAsked = 5;
const mostSeries = 400;
const yearWeeks = 365.25 / 7;

/** Weeks since Monday, 29 December 1969 (UTC). @param at milliseconds */
export const weekOf = (at: number): number => Math.floor((at / days(1) + 3) / 7);

/** The Monday that a week begins with, in milliseconds. */
export const mondayOf = (week: number): number => (7 * week - 3) * days(1);

/** Where in the year a week begins, 0 to 52.17. */
export const weekOfYear = (week: number): number => (week - 3 / 7) % yearWeeks;

/**
 * Series that end before `endWeek`. Each begins a week after the product was first asked for at the market: the first one is
 * there by its making and tells nothing. Left out are those of less than a year and eight weeks and those that were asked for
 * in fewer than five weeks; of more than 400 the most asked for are kept.
 */
export function demandSeries(asked: readonly AskedWeeks[], endWeek: number): DemandWeeks[] {
  return asked
    .flatMap(({ product, market, weeks }) => {
      const firstWeek = (weeks[0] ?? endWeek) + 1;
      if (endWeek - firstWeek < leastSeriesWeeks) return [];
      const isAsked = new Uint8Array(endWeek - firstWeek);
      for (const week of weeks) if (week >= firstWeek && week < endWeek) isAsked[week - firstWeek] = 1;
      return [{ product, market, firstWeek, isAsked, asked: countOf(isAsked) }];
    })
    .filter((one) => one.asked >= leastAsked)
    .sort((a, b) => b.asked - a.asked || (`${a.product} ${a.market}` < `${b.product} ${b.market}` ? -1 : 1))
    .slice(0, mostSeries)
    .map(({ product, market, firstWeek, isAsked }) => ({ product, market, firstWeek, isAsked }));
}

/** What was known so many weeks before the end. */
export const shortened = (series: readonly DemandWeeks[], weeks: number): DemandWeeks[] =>
  series.map((one) => ({ ...one, isAsked: one.isAsked.subarray(0, one.isAsked.length - weeks) }));

export const countOf = (isAsked: Uint8Array): number => isAsked.reduce((sum, one) => sum + one, 0);
