import { days } from "@almanac/kernel";

/** Weeks of one product at one market: 1 where somebody ordered it and the order stood. */
export interface DemandWeeks {
  readonly product: string;
  readonly market: string;
  /** The week of the first entry, see `weekOf`; weeks follow one another without gaps. */
  readonly firstWeek: number;
  readonly isAsked: Uint8Array;
  /** 0 in weeks that tell nothing, as there was nothing to sell in all of them; absent where each week tells. */
  readonly isKnown?: Uint8Array;
}

/** The weeks in which a product was asked for at a market, rising. */
export interface AskedWeeks {
  readonly product: string;
  readonly market: string;
  readonly weeks: readonly number[];
}

/** Weeks in which there was nothing to sell of a product, from the first to the last. */
export interface AbsentWeeks {
  readonly product: string;
  readonly from: number;
  readonly to: number;
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
 * in fewer than five weeks, or of whose latest year nothing is known; of more than 400 the most asked for are kept.
 *
 * @param absent weeks that tell nothing of what was wanted, except where it was asked for all the same
 */
export function demandSeries(
  asked: readonly AskedWeeks[],
  endWeek: number,
  absent: readonly AbsentWeeks[] = [],
): DemandWeeks[] {
  const absentOf = Map.groupBy(absent, ({ product }) => product);
  return asked
    .flatMap(({ product, market, weeks }) => {
      const firstWeek = (weeks[0] ?? endWeek) + 1;
      if (endWeek - firstWeek < leastSeriesWeeks) return [];
      const isAsked = new Uint8Array(endWeek - firstWeek);
      for (const week of weeks) if (week >= firstWeek && week < endWeek) isAsked[week - firstWeek] = 1;
      const isKnown = new Uint8Array(isAsked.length).fill(1);
      for (const { from, to } of absentOf.get(product) ?? [])
        for (let week = Math.max(from, firstWeek); week <= Math.min(to, endWeek - 1); week++)
          isKnown[week - firstWeek] = isAsked[week - firstWeek]!;
      return [{ product, market, firstWeek, isAsked, isKnown, asked: countOf(isAsked) }];
    })
    .filter((one) => one.asked >= leastAsked && isLatestYearKnown(one.isKnown))
    .sort((a, b) => b.asked - a.asked || (`${a.product} ${a.market}` < `${b.product} ${b.market}` ? -1 : 1))
    .slice(0, mostSeries)
    .map(({ product, market, firstWeek, isAsked, isKnown }) => ({
      product,
      market,
      firstWeek,
      isAsked,
      ...(isKnown.includes(0) && { isKnown }),
    }));
}

/** Something of it is known, wherever the last weeks are held back. */
const isLatestYearKnown = (isKnown: Uint8Array): boolean =>
  [0, heldBackWeeks, 2 * heldBackWeeks].every((back) => {
    const end = isKnown.length - back;
    return isKnown.subarray(Math.max(0, end - 52), end).includes(1);
  });

/** Whether the entry at a place tells anything. */
export const isWeekKnown = ({ isKnown }: DemandWeeks, at: number): boolean => isKnown?.[at] !== 0;

/** Of the latest 52 weeks those that are known, and those of them in which it was asked for. */
export function latestYear({ isAsked, isKnown }: DemandWeeks): {
  readonly asked: number;
  readonly of: number;
} {
  const latest = isAsked.subarray(-52);
  return { asked: countOf(latest), of: isKnown ? countOf(isKnown.subarray(-52)) : latest.length };
}

/** What was known so many weeks before the end. */
export const shortened = (series: readonly DemandWeeks[], weeks: number): DemandWeeks[] =>
  series.map((one) => {
    const end = one.isAsked.length - weeks;
    const { isKnown } = one;
    return {
      ...one,
      isAsked: one.isAsked.subarray(0, end),
      ...(isKnown && { isKnown: isKnown.subarray(0, end) }),
    };
  });

export const countOf = (isAsked: Uint8Array): number => isAsked.reduce((sum, one) => sum + one, 0);
