import type { BasketLog } from "../baskets.ts";
import { monthOf, weekdayOf } from "./calendar.ts";

/** What is known of each item over all users; every array has one entry an item. */
export interface ItemStatistics {
  /** Share of all baskets with the item. */
  readonly popularity: Float64Array;
  /** The same among baskets of the last 60 days of the log; all 0 without dates. */
  readonly recentPopularity: Float64Array;
  /** Share of all purchases, each counting half for every 56 days before the last of the log; without dates all count alike. */
  readonly recentShare: Float64Array;
  /** Share of users whose latest basket has it: where nothing is dated, the nearest to "now". */
  readonly latestPopularity: Float64Array;
  /** First purchases in other than a user's first basket, by such baskets: how often it is taken up. */
  readonly takeUp: Float64Array;
  /** Share of users who ever bought it. */
  readonly userShare: Float64Array;
  /** Of baskets with the item that have a next one, the share whose next one has it again; shrunk to the mean. */
  readonly repeatRate: Float64Array;
  /** Mean of the natural logarithm of the gap between two purchases by one user, in baskets and in days; shrunk. */
  readonly logGapBaskets: Float64Array;
  readonly logGapDays: Float64Array;
  /** Lift of the item in each month and on each weekday, `calendarSlots` per item; 1 without dates. */
  readonly calendarLift: Float32Array;
}

/** Twelve months, seven weekdays. */
export const calendarSlots = 19;

const recentDays = 60;
const shareHalfLife = 56;
/** Weight, in observations, of the mean over all items. */
const repeatShrinkage = 10;
const gapShrinkage = 5;
const liftShrinkage = 5;

/** Counts everything in one pass over the log. */
export function readItemStatistics(log: BasketLog): ItemStatistics {
  const tally = (): Float64Array => new Float64Array(log.itemCount);
  const [count, users, latest, recent, takenUp, fading] = [
    tally(),
    tally(),
    tally(),
    tally(),
    tally(),
    tally(),
  ];
  const [again, chances, gaps, gapBaskets, gapDays] = [tally(), tally(), tally(), tally(), tally()];
  const calendar = new Float32Array(log.itemCount * calendarSlots);
  const slotBaskets = new Float64Array(calendarSlots);
  const lastDay = lastDayOf(log);
  const since = lastDay - recentDays;
  let [basketCount, userCount, recentCount, fadingTotal] = [0, 0, 0, 0];
  for (const baskets of log.byUser) {
    if (baskets.length > 0) userCount++;
    const lastAt = new Map<number, number>();
    baskets.forEach((basket, at) => {
      const next = at + 1 < baskets.length ? new Set(baskets[at + 1]!.items) : undefined;
      const isRecent = basket.day >= since;
      basketCount++;
      if (isRecent) recentCount++;
      const slots = slotsOf(basket.day);
      for (const slot of slots) slotBaskets[slot]!++;
      const weight = Number.isNaN(basket.day) ? 1 : 2 ** ((basket.day - lastDay) / shareHalfLife);
      fadingTotal += weight * basket.items.length;
      for (const item of basket.items) {
        count[item]!++;
        fading[item]! += weight;
        if (next === undefined) latest[item]!++;
        else {
          chances[item]!++;
          if (next.has(item)) again[item]!++;
        }
        if (isRecent) recent[item]!++;
        for (const slot of slots) calendar[item * calendarSlots + slot]!++;
        const before = lastAt.get(item);
        if (before === undefined) {
          users[item]!++;
          if (at > 0) takenUp[item]!++;
        } else {
          gaps[item]!++;
          gapBaskets[item]! += Math.log(at - before);
          gapDays[item]! += Math.log(Math.max(0.5, basket.day - baskets[before]!.day));
        }
        lastAt.set(item, at);
      }
    });
  }
  const per = (counts: Float64Array, total: number): Float64Array =>
    counts.map((n) => n / Math.max(1, total));
  return {
    popularity: per(count, basketCount),
    recentPopularity: per(recent, recentCount),
    recentShare: fading.map((sum) => (fadingTotal > 0 ? sum / fadingTotal : 0)),
    latestPopularity: per(latest, userCount),
    takeUp: per(takenUp, basketCount - userCount),
    userShare: per(users, userCount),
    repeatRate: shrunkMeans(again, chances, repeatShrinkage),
    logGapBaskets: shrunkMeans(gapBaskets, gaps, gapShrinkage),
    logGapDays: shrunkMeans(gapDays, gaps, gapShrinkage),
    calendarLift: calendarLifts(calendar, slotBaskets, count, basketCount),
  };
}

/** The latest day of a log; NaN without dates. */
function lastDayOf(log: BasketLog): number {
  let last = NaN;
  for (const baskets of log.byUser)
    for (const { day } of baskets) if (!(day <= last) && !Number.isNaN(day)) last = day;
  return last;
}

function slotsOf(day: number): readonly number[] {
  return Number.isNaN(day) ? [] : [monthOf(day), 12 + weekdayOf(day)];
}

/** Each item's mean, pulled to the mean over all items as if that had been seen `strength` times. */
function shrunkMeans(sums: Float64Array, counts: Float64Array, strength: number): Float64Array {
  const total = counts.reduce((a, b) => a + b, 0);
  const mean = sums.reduce((a, b) => a + b, 0) / Math.max(1, total);
  return sums.map((sum, item) => (sum + strength * mean) / (counts[item]! + strength));
}

function calendarLifts(
  calendar: Float32Array,
  slotBaskets: Float64Array,
  count: Float64Array,
  basketCount: number,
): Float32Array {
  return calendar.map((n, at) => {
    const item = Math.floor(at / calendarSlots);
    const expected = (count[item]! * slotBaskets[at % calendarSlots]!) / Math.max(1, basketCount);
    return (n + liftShrinkage) / (expected + liftShrinkage);
  });
}
