import type { Basket, BasketLog, BasketQuery } from "../baskets.ts";
import { weekdayOf } from "./calendar.ts";

export const tripSizeColumnCount = 8;

/** Latest baskets of a user that are read, what each counts for sizes against the one after it, and for an item's. */
const depth = 150;
const sizeDecay = 0.97;
const itemDecay = 0.98;
/** Baskets that the usual size weighs, purchases that everybody's leaning weighs, and those that no leaning weighs. */
const sizeShrinkage = 3;
const ownShrinkage = 4;
const itemShrinkage = 20;
/** Days since the basket before, by their upper ends. */
const pauses = [1, 2, 4, 7];

/**
 * Whether an item is bought on large or on small trips: the mean of ln(items of the basket), less its buyer's mean, over the
 * baskets with it; pulled to 0. One entry an item.
 */
export function readSizeLeanings(log: BasketLog): Float64Array {
  const sums = new Float64Array(log.itemCount);
  const counts = new Float64Array(log.itemCount).fill(itemShrinkage);
  for (const baskets of log.byUser) {
    const usual = baskets.reduce((sum, basket) => sum + logSize(basket), 0) / Math.max(1, baskets.length);
    for (const basket of baskets)
      for (const item of basket.items) {
        sums[item]! += logSize(basket) - usual;
        counts[item]!++;
      }
  }
  return sums.map((sum, item) => sum / counts[item]!);
}

/**
 * How large the trip to come may be, and how that suits an item: the logarithm of the user's usual size; how far from it
 * trips on this weekday are, trips after such a pause, and those that are both; which size everybody and the user alone buy
 * the item at; and how far the trip leans with each. Without dates the trip is a usual one.
 *
 * @param at positions of the baskets of `past` with the item, ascending
 */
export type TripSizeReader = (item: number, at: readonly number[]) => number[];

/** Reads what is the same for all items of a question once. */
export function tripSizeReader(leanings: Float64Array, { past, day }: BasketQuery): TripSizeReader {
  const from = Math.max(0, past.length - depth);
  const weekday = weekdayOf(day);
  const pause = pauseOf(day - (past.at(-1)?.day ?? NaN));
  const [all, sameWeekday, samePause, both] = [new Mean(), new Mean(), new Mean(), new Mean()];
  for (let at = from; at < past.length; at++) {
    const weight = sizeDecay ** (past.length - 1 - at);
    const size = logSize(past[at]!);
    const isWeekday = weekdayOf(past[at]!.day) === weekday;
    const isPause = at > 0 && pauseOf(past[at]!.day - past[at - 1]!.day) === pause;
    all.add(size, weight);
    if (isWeekday) sameWeekday.add(size, weight);
    if (isPause) samePause.add(size, weight);
    if (isWeekday && isPause) both.add(size, weight);
  }
  const usual = all.pulled(0, 1e-9);
  const byWeekday = sameWeekday.pulled(usual, sizeShrinkage) - usual;
  const byPause = samePause.pulled(usual, sizeShrinkage) - usual;
  const trip = both.pulled(usual + byWeekday + byPause, sizeShrinkage) - usual;
  return (item, at) => {
    const everybodys = leanings[item]!;
    const own = new Mean();
    for (const position of at)
      if (position >= from)
        own.add(logSize(past[position]!) - usual, itemDecay ** (past.length - 1 - position));
    const leaning = own.pulled(everybodys, ownShrinkage);
    return [usual, byWeekday, byPause, trip, everybodys, leaning, trip * everybodys, trip * leaning];
  };
}

class Mean {
  #sum = 0;
  #weight = 0;

  add(value: number, weight: number): void {
    this.#sum += weight * value;
    this.#weight += weight;
  }

  /** The mean, as if `expected` had been seen with a weight of `strength` more. */
  pulled(expected: number, strength: number): number {
    return (this.#sum + strength * expected) / (this.#weight + strength);
  }
}

function logSize({ items }: Basket): number {
  return Math.log(Math.max(1, items.length));
}

/** The class of a pause in days; NaN, which is like no other, without a date. */
function pauseOf(days: number): number {
  if (Number.isNaN(days)) return NaN;
  const at = pauses.findIndex((end) => days <= end);
  return at < 0 ? pauses.length : at;
}
