import type { Basket } from "../baskets.ts";
import { weekdayOf } from "./calendar.ts";

/** What a user's own baskets say of themselves, whichever the item. */
export interface HistoryShape {
  readonly baskets: number;
  readonly distinctItems: number;
  /** Mean items of a basket, and those of the latest; NaN without one. */
  readonly meanSize: number;
  readonly lastSize: number;
  /** Share of what was put into baskets after the first that had been bought before; shrunk to a quarter. */
  readonly repeatShare: number;
  readonly daysSinceLast: number;
}

export function shapeOf(past: readonly Basket[], day: number): HistoryShape {
  const seen = new Set<number>();
  let again = 0;
  let total = 0;
  past.forEach(({ items }, at) => {
    if (at > 0) for (const item of items) if (seen.has(item)) again++;
    for (const item of items) seen.add(item);
    total += items.length;
  });
  const afterFirst = total - (past[0]?.items.length ?? 0);
  const last = past.at(-1);
  return {
    baskets: past.length,
    distinctItems: seen.size,
    meanSize: total / Math.max(1, past.length),
    lastSize: last?.items.length ?? NaN,
    repeatShare: (again + 1) / (afterFirst + 4),
    daysSinceLast: last === undefined ? NaN : day - last.day,
  };
}

/** Positions of the baskets with each of `items`, ascending. */
export function positionsOf(past: readonly Basket[], items: readonly number[]): Map<number, number[]> {
  const positions = new Map<number, number[]>(items.map((item) => [item, []]));
  past.forEach((basket, at) => {
    for (const item of basket.items) positions.get(item)?.push(at);
  });
  return positions;
}

/** How often, how lately and how regularly one item was bought. NaN is "not known": no date, or bought too seldom. */
export interface OwnPurchases {
  /** Baskets with the item. */
  readonly count: number;
  readonly sinceBaskets: number;
  readonly sinceDays: number;
  readonly meanGapBaskets: number;
  readonly medianGapDays: number;
  /** Standard deviation of the gaps over their mean. */
  readonly gapVariation: number;
  readonly lastGapBaskets: number;
  /** Purchases that fade with each later basket, to the power of the rate. */
  readonly fading: Readonly<Record<"slow" | "medium" | "fast" | "fastest", number>>;
  /** Purchases that fade by days, with half-lives of 15, 45 and 180. */
  readonly fadingDays: readonly [number, number, number];
  readonly inLast: Readonly<Record<2 | 5 | 10, number>>;
  readonly sameWeekday: number;
  /** Purchases on this weekday, each counting .8 for every week since. */
  readonly fadingWeekday: number;
  /** Share of the gaps in days that had ended by now, and of those in baskets; pulled to a half by one gap. */
  readonly gapsEndedDays: number;
  readonly gapsEndedBaskets: number;
  /** Purchases within a month of a year ago. */
  readonly yearAgo: number;
}

/** What a purchase counts after 0, 1, ... later baskets; less than a millionth is nothing. */
const powersOf = {
  slow: powers(0.97),
  medium: powers(0.9),
  fast: powers(0.7),
  fastest: powers(0.5),
};

/** The same after whole days with a half-life of 180, and after whole weeks at the rate of weekdays. */
const halfYears = Float64Array.from({ length: 3_650 }, (_, days) => halfYearShare(days));
const weeks = Float64Array.from({ length: 521 }, (_, week) => weekShare(week));

function halfYearShare(days: number): number {
  return 2 ** (-days / 180);
}

function weekShare(week: number): number {
  return 0.8 ** week;
}

/** What a table has for a whole number, reckoned anew for any other. */
function lookUp(table: Float64Array, at: number, reckon: (at: number) => number): number {
  return at >= 0 && at < table.length && at === Math.floor(at) ? table[at]! : reckon(at);
}

function powers(rate: number): Float64Array {
  return Float64Array.from({ length: Math.ceil(Math.log(1e-6) / Math.log(rate)) }, (_, back) => rate ** back);
}

/** @param at positions of the baskets of `past` with the item, ascending */
export function purchasesOf(past: readonly Basket[], at: readonly number[], day: number): OwnPurchases {
  const fading = { slow: 0, medium: 0, fast: 0, fastest: 0 };
  const fadingDays: [number, number, number] = [0, 0, 0];
  const inLast = { 2: 0, 5: 0, 10: 0 };
  const weekday = weekdayOf(day);
  let sameWeekday = 0;
  let fadingWeekday = 0;
  let yearAgo = 0;
  for (const position of at) {
    const back = past.length - 1 - position;
    fading.slow += powersOf.slow[back] ?? 0;
    fading.medium += powersOf.medium[back] ?? 0;
    fading.fast += powersOf.fast[back] ?? 0;
    fading.fastest += powersOf.fastest[back] ?? 0;
    if (back < 2) inLast[2]++;
    if (back < 5) inLast[5]++;
    if (back < 10) inLast[10]++;
    const age = day - past[position]!.day;
    const byHalfYear = lookUp(halfYears, age, halfYearShare);
    const bySixWeeks = byHalfYear * byHalfYear * byHalfYear * byHalfYear;
    fadingDays[0] += bySixWeeks * bySixWeeks * bySixWeeks;
    fadingDays[1] += bySixWeeks;
    fadingDays[2] += byHalfYear;
    if (weekdayOf(past[position]!.day) === weekday) {
      sameWeekday++;
      fadingWeekday += lookUp(weeks, Math.round(age / 7), weekShare);
    }
    if (Math.abs(age - 365) < 30) yearAgo++;
  }
  const lastAt = at.at(-1);
  return {
    count: at.length,
    sinceBaskets: lastAt === undefined ? NaN : past.length - lastAt,
    sinceDays: lastAt === undefined ? NaN : day - past[lastAt]!.day,
    ...gapsOf(past, at, day),
    fading,
    fadingDays,
    inLast,
    sameWeekday,
    fadingWeekday,
    yearAgo,
  };
}

function gapsOf(past: readonly Basket[], at: readonly number[], day: number) {
  if (at.length < 2)
    return {
      meanGapBaskets: NaN,
      medianGapDays: NaN,
      gapVariation: NaN,
      lastGapBaskets: NaN,
      gapsEndedDays: NaN,
      gapsEndedBaskets: NaN,
    };
  const count = at.length - 1;
  const days = new Float64Array(count);
  const mean = (at[count]! - at[0]!) / count;
  const sinceDays = day - past[at[count]!]!.day;
  const sinceBaskets = past.length - at[count]!;
  let squares = 0;
  let endedDays = 0.5;
  let endedBaskets = 0.5;
  for (let i = 0; i < count; i++) {
    const gap = at[i + 1]! - at[i]!;
    days[i] = past[at[i + 1]!]!.day - past[at[i]!]!.day;
    squares += (gap - mean) ** 2;
    if (days[i]! <= sinceDays) endedDays++;
    if (gap <= sinceBaskets) endedBaskets++;
  }
  return {
    meanGapBaskets: mean,
    medianGapDays: Math.max(days.sort()[count >> 1]!, 0.5),
    gapVariation: Math.sqrt(squares / count) / mean,
    lastGapBaskets: at[count]! - at[count - 1]!,
    gapsEndedDays: Number.isNaN(sinceDays) ? NaN : endedDays / (count + 1),
    gapsEndedBaskets: endedBaskets / (count + 1),
  };
}
