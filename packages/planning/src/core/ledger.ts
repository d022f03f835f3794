import type { CalendarDay, MarketId, OrderWindowId, ProductId } from "@almanac/kernel";
import type { Absence } from "./absences.ts";
import { dayKey, type DaySales, type MarketDay } from "./demand-history.ts";

/** A market day as one orders for it; moments in milliseconds. */
export interface MarketWindow {
  readonly id: OrderWindowId;
  readonly marketId: MarketId;
  readonly day: CalendarDay;
  readonly opensAt: number;
  readonly closesAt: number;
  readonly isCancelled: boolean;
}

/** What was sold for a market day, with when ordering for it closes. */
export interface SalesOfDay extends DaySales {
  readonly closesAt: number;
}

/** Ordered lines of one product for one market day, of orders that hold, one an index. */
export interface OrderedLines {
  readonly windowId: OrderWindowId;
  /** Milliseconds, ascending. */
  readonly placedAt: Float64Array;
  /** As they were ordered, base units. */
  readonly base: Float64Array;
}

/**
 * What past sales of one product follow from, without the time of asking: whoever asks later takes another part of the same.
 */
export interface Ledger {
  readonly sales: readonly SalesOfDay[];
  /** The first entry of its stock ledger; nothing where it has none. */
  readonly firstEntryAt: number | undefined;
  /** When there was nothing of it since then, in order of time. */
  readonly gone: readonly Absence[];
  readonly lines: readonly OrderedLines[];
}

export interface Period {
  readonly since: Date;
  readonly now: Date;
}

/** What was sold on days whose ordering has closed since. */
export function salesOf({ sales }: Ledger, { since, now }: Period): DaySales[] {
  return sales.filter(({ closesAt }) => closesAt > since.getTime() && closesAt <= now.getTime());
}

/** When there was nothing of a product, as `listAbsences` tells it. */
export function absencesOf({ firstEntryAt, gone }: Ledger, { since, now }: Period): Absence[] {
  const [from, to] = [since.getTime(), now.getTime()];
  if (firstEntryAt === undefined || firstEntryAt > to) return [];
  return [
    { from: -Infinity, until: firstEntryAt },
    ...gone
      .filter((one) => one.from <= to && one.until > Math.max(one.from, from))
      .map((one) => (one.until <= to ? one : { from: one.from, until: Infinity })),
  ];
}

/**
 * Market days whose ordering has closed since, and of each market the next two that one can still order for.
 *
 * @param windows by day
 */
export function marketDaysOf(
  windows: readonly MarketWindow[],
  { since, now }: Period,
): { past: MarketDay[]; coming: MarketDay[] } {
  const takingPlace = windows.filter(
    ({ isCancelled, closesAt }) => !isCancelled && closesAt > since.getTime(),
  );
  const dayOf = ({ marketId, day, closesAt }: MarketWindow): MarketDay => ({
    marketId,
    day,
    closesAt: new Date(closesAt),
  });
  const seen = new Map<MarketId, number>();
  const isNext = ({ marketId }: MarketWindow): boolean => {
    const before = seen.get(marketId) ?? 0;
    seen.set(marketId, before + 1);
    return before < 2;
  };
  return {
    past: takingPlace.filter(({ closesAt }) => closesAt <= now.getTime()).map(dayOf),
    coming: takingPlace
      .filter(({ closesAt }) => closesAt > now.getTime())
      .filter(isNext)
      .map(dayOf),
  };
}

export interface OrderBook {
  readonly ledgers: ReadonlyMap<ProductId, Ledger>;
  /** By day. */
  readonly windows: readonly MarketWindow[];
}

/** What was ordered by now for market days, by `dayKey`. */
export function orderedOf(
  { ledgers, windows }: OrderBook,
  { days, now }: { readonly days: readonly CalendarDay[]; readonly now: Date },
): Map<string, number> {
  const wanted = new Map(
    windows.filter(({ day }) => days.includes(day)).map((window) => [window.id, window]),
  );
  const found = new Map<string, number>();
  for (const [productId, { lines }] of ledgers)
    for (const { windowId, placedAt, base } of lines) {
      const window = wanted.get(windowId);
      const until = window && countUntil(placedAt, now.getTime());
      if (!until) continue;
      const key = dayKey(productId, window.marketId, window.day);
      found.set(key, (found.get(key) ?? 0) + sumOf(base, until));
    }
  return found;
}

/** Market days of each market that tell how orders come in. */
export const bookedDays = 26;

/** The latest market days that are closed to orders, and from them how orders came in. */
export function closedBefore(
  windows: readonly MarketWindow[],
  marketId: MarketId,
  { now, before, most }: { readonly now: Date; readonly before?: CalendarDay; readonly most: number },
): MarketWindow[] {
  return windows
    .filter(
      (one) =>
        one.marketId === marketId &&
        !one.isCancelled &&
        one.closesAt <= now.getTime() &&
        (before === undefined || one.day < before),
    )
    .slice(-most);
}

export interface BookedBy {
  readonly productId: ProductId;
  readonly marketId: MarketId;
  /** The market day that is to come. */
  readonly comingDay: CalendarDay;
  readonly pastDay: CalendarDay;
  /** Ordered for the past day until as long before its closing as it is now before the coming day's; base units. */
  readonly byThenBase: number;
  /** Base units of one order line on average, over all of the past day's. */
  readonly lineBase: number;
}

/**
 * How much of a farm's products had been ordered for each of the latest market days by the same time before ordering closed
 * as it is now, for coming market days that can be ordered for already.
 */
export function bookedOf(
  { ledgers, windows }: OrderBook,
  {
    marketIds,
    days,
    now,
  }: { readonly marketIds: ReadonlySet<MarketId>; readonly days: readonly CalendarDay[]; readonly now: Date },
): BookedBy[] {
  const coming = windows.filter(
    ({ marketId, day, isCancelled, opensAt }) =>
      marketIds.has(marketId) && !isCancelled && opensAt <= now.getTime() && days.includes(day),
  );
  const before = coming[0]?.day;
  if (before === undefined) return [];
  const comingAt = Map.groupBy(coming, ({ marketId }) => marketId);
  const past = new Map(
    [...comingAt.keys()].flatMap((marketId) =>
      closedBefore(windows, marketId, { now, before, most: bookedDays }).map((one) => [one.id, one] as const),
    ),
  );
  const found: BookedBy[] = [];
  for (const [productId, { lines }] of ledgers)
    for (const { windowId, placedAt, base } of lines) {
      const over = past.get(windowId);
      if (!over) continue;
      const lineBase = sumOf(base, base.length) / base.length;
      for (const { marketId, day, closesAt } of comingAt.get(over.marketId)!) {
        const lead = Math.max(0, closesAt - now.getTime());
        found.push({
          productId,
          marketId,
          comingDay: day,
          pastDay: over.day,
          byThenBase: sumOf(base, countUntil(placedAt, over.closesAt - lead)),
          lineBase,
        });
      }
    }
  return found;
}

/** How many of ascending moments lie at one or before it. */
function countUntil(moments: Float64Array, until: number): number {
  let [low, high] = [0, moments.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (moments[middle]! <= until) low = middle + 1;
    else high = middle;
  }
  return low;
}

function sumOf(values: Float64Array, count: number): number {
  let sum = 0;
  for (let at = 0; at < count; at++) sum += values[at]!;
  return sum;
}
