import type { BasketLog } from "../baskets.ts";

/**
 * When everybody bought what. Read strictly before a day, so that one diary of all known baskets serves every question
 * of a walk forward: each sees what others had bought by then and nothing later.
 */
export interface PurchaseDiary {
  /** Baskets of days [from, to). */
  basketsBetween(from: number, to: number): number;
  /** Baskets of days [from, to) with the item. */
  purchasesBetween(item: number, from: number, to: number): number;
}

/** Baskets without a date are left out. */
export function readPurchaseDiary(log: BasketLog): PurchaseDiary {
  const dated = log.byUser
    .flat()
    .filter(({ day }) => !Number.isNaN(day))
    .sort((a, b) => a.day - b.day);
  const basketDays = Float64Array.from(dated, ({ day }) => day);
  const offsets = new Int32Array(log.itemCount + 1);
  for (const { items } of dated) for (const item of items) offsets[item + 1]!++;
  for (let item = 0; item < log.itemCount; item++) offsets[item + 1]! += offsets[item]!;
  const filled = offsets.slice(0, log.itemCount);
  const itemDays = new Float64Array(offsets[log.itemCount]!);
  for (const { day, items } of dated) for (const item of items) itemDays[filled[item]!++] = day;

  const basketsBetween = (from: number, to: number): number =>
    firstFrom(basketDays, to, 0, basketDays.length) - firstFrom(basketDays, from, 0, basketDays.length);
  const purchasesBetween = (item: number, from: number, to: number): number => {
    const [start, end] = [offsets[item]!, offsets[item + 1]!];
    return firstFrom(itemDays, to, start, end) - firstFrom(itemDays, from, start, end);
  };
  return { basketsBetween, purchasesBetween };
}

/** Position of the first of the ascending `days` from `start` to `end` that is not before `day`; `end` without one. */
function firstFrom(days: Float64Array, day: number, start: number, end: number): number {
  let low = start;
  let high = end;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (days[middle]! < day) low = middle + 1;
    else high = middle;
  }
  return low;
}
