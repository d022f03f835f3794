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
  /** Purchases within a month of a year ago. */
  readonly yearAgo: number;
}

/** @param at positions of the baskets of `past` with the item, ascending */
export function purchasesOf(past: readonly Basket[], at: readonly number[], day: number): OwnPurchases {
  const fading = { slow: 0, medium: 0, fast: 0, fastest: 0 };
  const fadingDays: [number, number, number] = [0, 0, 0];
  const inLast = { 2: 0, 5: 0, 10: 0 };
  const weekday = weekdayOf(day);
  let sameWeekday = 0;
  let yearAgo = 0;
  for (const position of at) {
    const back = past.length - 1 - position;
    fading.slow += 0.97 ** back;
    fading.medium += 0.9 ** back;
    fading.fast += 0.7 ** back;
    fading.fastest += 0.5 ** back;
    if (back < 2) inLast[2]++;
    if (back < 5) inLast[5]++;
    if (back < 10) inLast[10]++;
    const age = day - past[position]!.day;
    fadingDays[0] += 2 ** (-age / 15);
    fadingDays[1] += 2 ** (-age / 45);
    fadingDays[2] += 2 ** (-age / 180);
    if (weekdayOf(past[position]!.day) === weekday) sameWeekday++;
    if (Math.abs(age - 365) < 30) yearAgo++;
  }
  const lastAt = at.at(-1);
  return {
    sinceBaskets: lastAt === undefined ? NaN : past.length - lastAt,
    sinceDays: lastAt === undefined ? NaN : day - past[lastAt]!.day,
    ...gapsOf(past, at),
    fading,
    fadingDays,
    inLast,
    sameWeekday,
    yearAgo,
  };
}

function gapsOf(past: readonly Basket[], at: readonly number[]) {
  if (at.length < 2)
    return { meanGapBaskets: NaN, medianGapDays: NaN, gapVariation: NaN, lastGapBaskets: NaN };
  const gaps = at.slice(1).map((position, i) => position - at[i]!);
  const days = at
    .slice(1)
    .map((position, i) => past[position]!.day - past[at[i]!]!.day)
    .sort((a, b) => a - b);
  const mean = gaps.reduce((a, b) => a + b, 0) / gaps.length;
  const squares = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0);
  return {
    meanGapBaskets: mean,
    medianGapDays: Math.max(days[days.length >> 1]!, 0.5),
    gapVariation: Math.sqrt(squares / gaps.length) / mean,
    lastGapBaskets: gaps.at(-1)!,
  };
}
