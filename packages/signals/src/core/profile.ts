export const tasteSignals = ["purchase", "browse", "wishlist", "search", "farm"] as const;
export type TasteSignal = (typeof tasteSignals)[number];

/** How much each signal can say about a taste; the shares sum to one. */
export const signalWeights = {
  purchase: 0.6,
  browse: 0.2,
  wishlist: 0.1,
  search: 0.05,
  farm: 0.05,
} as const satisfies Record<TasteSignal, number>;

/** Days after which one observation counts half: a look fades within weeks, a followed farm hardly. */
export const signalHalfLifeDays = {
  purchase: 60,
  browse: 14,
  wishlist: 60,
  search: 14,
  farm: 180,
} as const satisfies Record<TasteSignal, number>;

export interface TasteEvent {
  readonly signal: TasteSignal;
  /** Index of the category, -1 when the event says nothing about one. */
  readonly category: number;
  /** Index of the farm, -1 likewise. */
  readonly farm: number;
  /** -1 when no product was involved. */
  readonly unitPriceCents: number;
  readonly day: number;
  /** 1 for one observation; a followed farm spreads one over its categories. */
  readonly amount: number;
}

export interface ProfileOptions {
  readonly categoryCount: number;
  readonly farmCount: number;
  /** Today; events after it count as today. */
  readonly day: number;
  /** Interests that the shopper deleted: they stay at zero whatever the events say. */
  readonly deletedCategories?: ReadonlySet<number>;
  readonly deletedFarms?: ReadonlySet<number>;
}

export interface TasteProfile {
  /** Preference per category, 0..1: each signal's decayed counts over their maximum, times the signal's weight, summed. */
  readonly categories: Float64Array;
  /** Preference per farm, likewise. */
  readonly farms: Float64Array;
  /** What each signal alone says of each category, 0..1; absent for a signal without events. */
  readonly categoriesBySignal: Partial<Record<TasteSignal, Float64Array>>;
  /** The middle 80 % of the unit prices looked at or paid; absent without any. */
  readonly priceRange: { readonly minCents: number; readonly maxCents: number } | undefined;
  readonly eventCount: number;
  readonly lastActiveDay: number | undefined;
}

/**
 * The taste of one shopper from five signals.
 *
 * Three views of herbs and nothing else give herbs 1.0 of the browse share: 0.2. No events give zeros, no price range
 * and `eventCount` 0: never NaN.
 */
export function buildProfile(events: readonly TasteEvent[], options: ProfileOptions): TasteProfile {
  const categories = new Float64Array(options.categoryCount);
  const farms = new Float64Array(options.farmCount);
  const bySignal = countBySignal(events, options);
  const categoriesBySignal: Partial<Record<TasteSignal, Float64Array>> = {};
  for (const signal of tasteSignals) {
    const counts = bySignal[signal];
    if (counts === undefined) continue;
    divideByMaximum(counts.categories);
    divideByMaximum(counts.farms);
    categoriesBySignal[signal] = counts.categories;
    addWeighted(categories, counts.categories, signalWeights[signal]);
    addWeighted(farms, counts.farms, signalWeights[signal]);
  }
  return {
    categories,
    farms,
    categoriesBySignal,
    priceRange: middlePrices(events),
    eventCount: events.length,
    lastActiveDay:
      events.length === 0 ? undefined : events.reduce((last, e) => Math.max(last, e.day), -Infinity),
  };
}

interface Counts {
  readonly signal: TasteSignal;
  /** What one observation counts after so many whole days. */
  readonly decays: Float64Array;
  readonly categories: Float64Array;
  readonly farms: Float64Array;
}

/** Decayed counts by signal, of the signals that there are; what was deleted counts nothing. */
function countBySignal(
  events: readonly TasteEvent[],
  { categoryCount, farmCount, day, deletedCategories, deletedFarms }: ProfileOptions,
): Partial<Record<TasteSignal, Counts>> {
  const bySignal: Partial<Record<TasteSignal, Counts>> = {};
  let counts: Counts | undefined;
  for (const { signal, category, farm, day: eventDay, amount: observed } of events) {
    // Those of one signal come one after the other, more often than not.
    if (counts?.signal !== signal) counts = bySignal[signal] ??= noCounts(signal, categoryCount, farmCount);
    const ageDays = Math.max(0, day - eventDay);
    const amount = observed * (counts.decays[ageDays] ?? decay(signal, ageDays));
    if (category >= 0 && deletedCategories?.has(category) !== true) counts.categories[category]! += amount;
    if (farm >= 0 && deletedFarms?.has(farm) !== true) counts.farms[farm]! += amount;
  }
  return bySignal;
}

function noCounts(signal: TasteSignal, categoryCount: number, farmCount: number): Counts {
  return {
    signal,
    decays: decays[signal],
    categories: new Float64Array(categoryCount),
    farms: new Float64Array(farmCount),
  };
}

/** Whole days of three years, worked out once: a profile asks about some hundred of them. */
const rememberedDays = 1_100;
const decays = Object.fromEntries(
  tasteSignals.map((signal) => [
    signal,
    Float64Array.from({ length: rememberedDays }, (_, ageDays) => decay(signal, ageDays)),
  ]),
) as Record<TasteSignal, Float64Array>;

function decay(signal: TasteSignal, ageDays: number): number {
  return 2 ** (-ageDays / signalHalfLifeDays[signal]);
}

function addWeighted(sums: Float64Array, values: Float64Array, weight: number): void {
  for (let i = 0; i < sums.length; i++) sums[i]! += weight * values[i]!;
}

function divideByMaximum(values: Float64Array): void {
  let maximum = 0;
  for (const value of values) if (value > maximum) maximum = value;
  if (maximum > 0) for (let i = 0; i < values.length; i++) values[i]! /= maximum;
}

function middlePrices(events: readonly TasteEvent[]): TasteProfile["priceRange"] {
  const prices = new Float64Array(events.length);
  let count = 0;
  for (const { unitPriceCents } of events) if (unitPriceCents >= 0) prices[count++] = unitPriceCents;
  if (count === 0) return undefined;
  const sorted = prices.subarray(0, count).sort();
  const last = count - 1;
  return { minCents: sorted[Math.floor(last * 0.1)]!, maxCents: sorted[Math.ceil(last * 0.9)]! };
}
