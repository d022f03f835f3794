import type { PurchaseDiary } from "./purchase-diary.ts";

export const seasonColumnCount = 7;

const yearDays = 365.2425;
const always = -1e9;

/**
 * How popular an item is on a day, from what everybody bought strictly before it: in the last week, month and quarter,
 * the month beside the year, and the share around this day of the years before beside the share over all time. NaN
 * without a date.
 */
export type SeasonReader = (item: number) => number[];

/** Reads what is the same for all items of a question once. */
export function seasonReader(diary: PurchaseDiary, day: number): SeasonReader {
  if (Number.isNaN(day)) return () => Array.from({ length: seasonColumnCount }, () => NaN);
  const total = diary.basketsBetween(always, day);
  const [week, month, quarter, year] = [7, 28, 91, 365].map((days) => diary.basketsBetween(day - days, day));
  const windows = [1, 2, 3].map((ago) => day - ago * yearDays);
  const before = sum(windows.map((at) => diary.basketsBetween(at - 7, at + 14)));
  const lastYear = diary.basketsBetween(windows[0]! - 7, windows[0]! + 14);
  return (item) => {
    const share = (diary.purchasesBetween(item, always, day) + 0.5) / (total + 100);
    const pulled = (count: number, baskets: number, weight = 30): number =>
      Math.log((count + weight * share) / (baskets + weight));
    const since = (days: number): number => diary.purchasesBetween(item, day - days, day);
    const around = windows.map((at) => diary.purchasesBetween(item, at - 7, at + 14));
    const monthly = pulled(since(28), month!);
    const yearly = pulled(since(365), year!);
    return [
      pulled(since(7), week!),
      monthly,
      pulled(since(91), quarter!),
      monthly - yearly,
      pulled(sum(around), before) - Math.log(share),
      pulled(around[0]!, lastYear) - Math.log(share),
      yearly,
    ];
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
