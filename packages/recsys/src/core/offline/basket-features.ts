import type { Basket, BasketLog, BasketQuery } from "./baskets.ts";
import { itemCounts } from "./baskets.ts";
import type { SparseRows } from "./sparse.ts";
import { packRows } from "./sparse.ts";
import { similarItems } from "./item-knn.ts";
import type { TifuParts } from "./tifu-knn.ts";

/** Columns of a candidate's row, in the order of `fillFeatures`. */
export const featureCount = 26;

/** What the features know of items over all users. */
export interface BasketContext {
  /** Share of all baskets, 0..1. */
  readonly popularity: Float64Array;
  /** The same over the last tenth of the days; equal to `popularity` without dates. */
  readonly recentPopularity: Float64Array;
  /** Of baskets with the item that have a next one, the share whose next one has it again. */
  readonly repeatRate: Float64Array;
  /** Lift of the item in each month and on each weekday, 12 + 7 per item; 1 without dates. */
  readonly calendarLift: Float32Array;
  readonly goesWith: SparseRows;
  /** Items the user never bought, with a first guess of how likely they are. */
  freshScores(query: BasketQuery, parts: TifuParts): Map<number, number>;
}

/** Counts everything once over the log. */
export function readContext(log: BasketLog): BasketContext {
  const baskets = log.byUser.flat();
  const total = Math.max(1, baskets.length);
  const counts = itemCounts(log);
  const popularity = counts.map((count) => count / total);
  const days = baskets
    .map((basket) => basket.day)
    .filter((day) => !Number.isNaN(day))
    .sort((a, b) => a - b);
  const since = days.length === 0 ? -Infinity : days[Math.floor(days.length * 0.9)]!;
  const recent = itemCounts(log, since);
  const recentTotal = since === -Infinity ? total : baskets.filter((basket) => basket.day >= since).length;
  const rows: number[] = [];
  const columns: number[] = [];
  baskets.forEach((basket, row) =>
    basket.items.forEach((item) => {
      rows.push(row);
      columns.push(item);
    }),
  );
  const goesWith = similarItems(packRows(baskets.length, log.itemCount, rows, columns), {
    neighbours: 100,
    shrinkage: 10,
  });
  const popular = [...popularity.keys()]
    .sort((a, b) => popularity[b]! - popularity[a]! || a - b)
    .slice(0, 60);
  return {
    popularity,
    recentPopularity: recent.map((count) => count / Math.max(1, recentTotal)),
    repeatRate: repeatRates(log, counts),
    calendarLift: calendarLifts(baskets, log.itemCount, counts),
    goesWith,
    freshScores(query, parts) {
      const fresh = new Map<number, number>();
      const add = (item: number, score: number): void => {
        if (!parts.own.has(item)) fresh.set(item, (fresh.get(item) ?? 0) + score);
      };
      for (const [item, value] of parts.neighbours) add(item, value);
      for (const item of popular) add(item, popularity[item]!);
      eachCompanion(goesWith, query.past, (item, value) => add(item, 0.02 * value));
      return fresh;
    },
  };
}

const companionBaskets = 5;

function eachCompanion(
  goesWith: SparseRows,
  past: readonly Basket[],
  visit: (item: number, value: number) => void,
): void {
  const { offsets, columns, values } = goesWith;
  for (let back = 1; back <= Math.min(companionBaskets, past.length); back++) {
    const { items } = past[past.length - back]!;
    const weight = 0.8 ** (back - 1) / Math.sqrt(items.length);
    for (const item of items)
      for (let i = offsets[item]!; i < Math.min(offsets[item + 1]!, offsets[item]! + 30); i++)
        visit(columns[i]!, weight * values[i]!);
  }
}

/**
 * Writes one row per item. NaN stands for "unknown", such as days in data without dates or a gap of an item bought once.
 */
export function fillFeatures(
  context: BasketContext,
  query: BasketQuery,
  parts: TifuParts,
  fresh: ReadonlyMap<number, number>,
  items: readonly number[],
  out: Float32Array,
): void {
  const { past, day } = query;
  const last = past.at(-1);
  const bought = new Map<number, number[]>(items.map((item) => [item, []]));
  past.forEach((basket, at) => {
    for (const item of basket.items) bought.get(item)?.push(at);
  });
  const companions = new Map<number, number>();
  eachCompanion(context.goesWith, past, (item, value) => {
    if (bought.has(item)) companions.set(item, (companions.get(item) ?? 0) + value);
  });
  const month = monthOf(day);
  const weekday = weekdayOf(day);
  const meanSize = past.reduce((sum, basket) => sum + basket.items.length, 0) / Math.max(1, past.length);
  items.forEach((item, row) => {
    const at = bought.get(item)!;
    const lastAt = at.at(-1);
    const sinceBaskets = lastAt === undefined ? NaN : past.length - lastAt;
    const sinceDays = lastAt === undefined ? NaN : day - past[lastAt]!.day;
    const gap = at.length < 2 ? NaN : (at.at(-1)! - at[0]!) / (at.length - 1);
    const gapDays = medianGapDays(past, at);
    const decay = (rate: number): number => at.reduce((sum, a) => sum + rate ** (past.length - 1 - a), 0);
    const sameWeekday = at.filter((a) => weekdayOf(past[a]!.day) === weekday).length;
    const inYears = at.filter((a) => Math.abs(day - past[a]!.day - 365) < 30).length;
    const lift = (slot: number): number =>
      Number.isNaN(slot) ? NaN : context.calendarLift[item * 19 + slot]!;
    out.set(
      [
        at.length,
        at.length / Math.max(1, past.length),
        decay(0.97),
        decay(0.9),
        decay(0.7),
        sinceBaskets,
        sinceDays,
        gap,
        sinceBaskets / gap,
        gapDays,
        sinceDays / gapDays,
        at.filter((a) => a >= past.length - 5).length,
        past.length,
        meanSize,
        Math.log(context.popularity[item]! + 1e-6),
        Math.log(context.recentPopularity[item]! + 1e-6),
        context.repeatRate[item]!,
        parts.own.get(item) ?? 0,
        parts.neighbours.get(item) ?? 0,
        (sameWeekday + 1) / (at.length + 7),
        inYears,
        companions.get(item) ?? 0,
        at.reduce((sum, a) => sum + 2 ** (-(day - past[a]!.day) / 45), 0),
        last === undefined ? NaN : day - last.day,
        lift(month),
        lift(12 + weekday),
      ],
      row * featureCount,
    );
    if (at.length === 0) out[row * featureCount + 17] = -(fresh.get(item) ?? 0);
  });
}

function medianGapDays(past: readonly Basket[], at: readonly number[]): number {
  if (at.length < 2) return NaN;
  const gaps = at
    .slice(1)
    .map((a, i) => past[a]!.day - past[at[i]!]!.day)
    .sort((a, b) => a - b);
  return Math.max(gaps[gaps.length >> 1]!, 0.5);
}

function repeatRates(log: BasketLog, counts: Float64Array): Float64Array {
  const again = new Float64Array(log.itemCount);
  const chances = new Float64Array(log.itemCount);
  for (const baskets of log.byUser)
    for (let b = 0; b + 1 < baskets.length; b++) {
      const next = new Set(baskets[b + 1]!.items);
      for (const item of baskets[b]!.items) {
        chances[item]!++;
        if (next.has(item)) again[item]!++;
      }
    }
  const mean =
    again.reduce((sum, n) => sum + n, 0) /
    Math.max(
      1,
      chances.reduce((sum, n) => sum + n, 0),
    );
  return counts.map((_, item) => (again[item]! + 10 * mean) / (chances[item]! + 10));
}

function calendarLifts(baskets: readonly Basket[], itemCount: number, counts: Float64Array): Float32Array {
  const lifts = new Float32Array(itemCount * 19);
  const totals = new Float64Array(19);
  for (const basket of baskets) {
    if (Number.isNaN(basket.day)) continue;
    for (const slot of [monthOf(basket.day), 12 + weekdayOf(basket.day)]) {
      totals[slot]!++;
      for (const item of basket.items) lifts[item * 19 + slot]!++;
    }
  }
  for (let item = 0; item < itemCount; item++)
    for (let slot = 0; slot < 19; slot++) {
      const expected = (counts[item]! * totals[slot]!) / Math.max(1, baskets.length);
      lifts[item * 19 + slot] = (lifts[item * 19 + slot]! + 5) / (expected + 5);
    }
  return lifts;
}

/** 0 to 11, by months of a mean year, which drift by less than a day; NaN without a date. */
function monthOf(day: number): number {
  return Number.isNaN(day) ? NaN : Math.min(11, Math.floor(((day / 365.2425) % 1) * 12));
}

/** 0 (Thursday, as 1970-01-01 was one) to 6; NaN without a date. */
function weekdayOf(day: number): number {
  return Number.isNaN(day) ? NaN : Math.floor(day) % 7;
}
