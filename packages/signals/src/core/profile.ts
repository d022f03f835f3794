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
  const categoriesBySignal: Partial<Record<TasteSignal, Float64Array>> = {};
  for (const signal of tasteSignals) {
    const ofSignal = events.filter((event) => event.signal === signal);
    if (ofSignal.length === 0) continue;
    const byCategory = new Float64Array(options.categoryCount);
    const byFarm = new Float64Array(options.farmCount);
    for (const event of ofSignal) {
      const ageDays = Math.max(0, options.day - event.day);
      const amount = event.amount * 2 ** (-ageDays / signalHalfLifeDays[signal]);
      if (event.category >= 0 && !options.deletedCategories?.has(event.category))
        byCategory[event.category]! += amount;
      if (event.farm >= 0 && !options.deletedFarms?.has(event.farm)) byFarm[event.farm]! += amount;
    }
    divideByMaximum(byCategory);
    divideByMaximum(byFarm);
    categoriesBySignal[signal] = byCategory;
    for (let c = 0; c < categories.length; c++) categories[c]! += signalWeights[signal] * byCategory[c]!;
    for (let f = 0; f < farms.length; f++) farms[f]! += signalWeights[signal] * byFarm[f]!;
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

function divideByMaximum(values: Float64Array): void {
  let maximum = 0;
  for (const value of values) if (value > maximum) maximum = value;
  if (maximum > 0) for (let i = 0; i < values.length; i++) values[i]! /= maximum;
}

function middlePrices(events: readonly TasteEvent[]): TasteProfile["priceRange"] {
  const prices = events.flatMap((event) => (event.unitPriceCents >= 0 ? [event.unitPriceCents] : []));
  if (prices.length === 0) return undefined;
  prices.sort((a, b) => a - b);
  const last = prices.length - 1;
  return { minCents: prices[Math.floor(last * 0.1)]!, maxCents: prices[Math.ceil(last * 0.9)]! };
}
