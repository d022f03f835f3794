import { selectAt } from "./select-at.ts";

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
  const tally = new TasteTally(options);
  for (const { signal, category, farm, unitPriceCents, day, amount } of events)
    tally.add(signal, category, farm, unitPriceCents, day, amount);
  return tally.profile();
}

/** What one signal tells of. */
interface Counts {
  readonly signal: TasteSignal;
  /** What one observation counts after so many whole days. */
  readonly decays: Float64Array;
  readonly categories: Float64Array;
  readonly farms: Float64Array;
}

/** The same for whoever goes through hundreds of events and keeps none of them: each is counted as it comes. */
export class TasteTally {
  private readonly options: ProfileOptions;
  private readonly bySignal: Partial<Record<TasteSignal, Counts>> = {};
  private counts: Counts | undefined;
  private readonly prices: number[] = [];
  private eventCount = 0;
  private lastActiveDay = -Infinity;

  constructor(options: ProfileOptions) {
    this.options = options;
  }

  /** Counts an event, given as the parts of a `TasteEvent` in their order. What was deleted counts nothing. */
  add(
    signal: TasteSignal,
    category: number,
    farm: number,
    unitPriceCents: number,
    day: number,
    amount: number,
  ): void {
    const { day: today, deletedCategories, deletedFarms } = this.options;
    // Those of one signal come one after the other, more often than not.
    if (this.counts?.signal !== signal) this.counts = this.bySignal[signal] ??= this.noCounts(signal);
    const { decays, categories, farms } = this.counts;
    const ageDays = Math.max(0, today - day);
    const counted = amount * (decays[ageDays] ?? decay(signal, ageDays));
    if (category >= 0 && deletedCategories?.has(category) !== true) categories[category]! += counted;
    if (farm >= 0 && deletedFarms?.has(farm) !== true) farms[farm]! += counted;
    if (unitPriceCents >= 0) this.prices.push(unitPriceCents);
    if (day > this.lastActiveDay) this.lastActiveDay = day;
    this.eventCount++;
  }

  /** What it comes to; asked once, at the end. */
  profile(): TasteProfile {
    const categories = new Float64Array(this.options.categoryCount);
    const farms = new Float64Array(this.options.farmCount);
    const categoriesBySignal: Partial<Record<TasteSignal, Float64Array>> = {};
    for (const signal of tasteSignals) {
      const counts = this.bySignal[signal];
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
      priceRange: middlePrices(this.prices),
      eventCount: this.eventCount,
      lastActiveDay: this.eventCount === 0 ? undefined : this.lastActiveDay,
    };
  }

  private noCounts(signal: TasteSignal): Counts {
    const { categoryCount, farmCount } = this.options;
    return {
      signal,
      decays: decays[signal],
      categories: new Float64Array(categoryCount),
      farms: new Float64Array(farmCount),
    };
  }
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

/** @param prices in any order, which changes */
function middlePrices(prices: number[]): TasteProfile["priceRange"] {
  if (prices.length === 0) return undefined;
  const last = prices.length - 1;
  const lowest = Math.floor(last * 0.1);
  const minCents = selectAt(prices, lowest, 0);
  return { minCents, maxCents: selectAt(prices, Math.ceil(last * 0.9), lowest) };
}
