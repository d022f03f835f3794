import { daysBetween } from "@almanac/kernel";
import type { Cents, FarmId, MarketId, ProductId, ShopperId } from "@almanac/kernel";
import { behaviourScore } from "./behaviour-score.ts";
import { TasteTally, type TasteSignal } from "./profile.ts";

/** One thing a shopper did that says something about their taste. */
export interface TasteRecord {
  readonly signal: TasteSignal;
  readonly productId?: ProductId | undefined;
  /** Slug. */
  readonly category?: string | undefined;
  readonly farmId?: FarmId | undefined;
  /** Slugs of what a followed farm sells: its one observation is spread over them. */
  readonly farmCategories?: readonly string[] | undefined;
  /** Cents for 1000 g, 1000 ml or 1 piece; absent when no product was involved. */
  readonly comparablePriceCents?: Cents | undefined;
  /** Whole days since 1970-01-01. */
  readonly day: number;
  readonly at: Date;
  /** 1 for one observation; putting something into the cart counts as three looks. */
  readonly amount: number;
}

/** What a shopper asked to forget: stays at zero whatever they do. */
export interface HiddenInterests {
  readonly categories: readonly string[];
  readonly farms: readonly FarmId[];
}

export const nothingHidden: HiddenInterests = { categories: [], farms: [] };

/** What is known of a shopper's taste. */
export interface Taste {
  readonly shopperId: ShopperId;
  /** False when the shopper refused tracking: then `records` is empty. */
  readonly mayTrack: boolean;
  /** False when the shopper refused tracking or switched personal results off: then nothing may be ranked by this. */
  readonly mayPersonalise: boolean;
  /** Where the shopper shops and is, as they said. */
  readonly marketId?: MarketId;
  readonly location?: { readonly latitude: number; readonly longitude: number };
  /** In no promised order. */
  readonly records: readonly TasteRecord[];
  readonly hidden: HiddenInterests;
}

/** A taste by name: preferences 0 to 1, only those above 0. */
export interface NamedProfile {
  readonly categories: ReadonlyMap<string, number>;
  readonly farms: ReadonlyMap<FarmId, number>;
  readonly priceRange?: { readonly minCents: Cents; readonly maxCents: Cents };
  readonly eventCount: number;
  readonly lastActiveAt?: Date;
}

/** The profile of `TasteTally` from records, with names instead of indexes. Empty for an empty history. */
export function profileOf({ records, hidden }: Pick<Taste, "records" | "hidden">, now: Date): NamedProfile {
  const categories = new Numbering();
  const farms = new Numbering();
  for (const { category, farmId, farmCategories } of records) {
    categories.numberOf(category);
    farms.numberOf(farmId);
    if (farmCategories) for (const slug of farmCategories) categories.numberOf(slug);
  }
  const tally = new TasteTally({
    categoryCount: categories.names.length,
    farmCount: farms.names.length,
    day: dayNumber(now),
    deletedCategories: categories.find(hidden.categories),
    deletedFarms: farms.find(hidden.farms),
  });
  let lastActiveMs = -Infinity;
  for (const record of records) {
    const { signal, category, farmId, farmCategories, comparablePriceCents = -1, day, at, amount } = record;
    tally.add(
      signal,
      categories.numberOf(category),
      farms.numberOf(farmId),
      comparablePriceCents,
      day,
      amount,
    );
    lastActiveMs = Math.max(lastActiveMs, at.getTime());
    if (!farmCategories) continue;
    const share = amount / farmCategories.length;
    for (const slug of farmCategories) tally.add(signal, categories.numberOf(slug), -1, -1, day, share);
  }
  const profile = tally.profile();
  return {
    categories: named(categories.names, profile.categories),
    farms: named(farms.names as FarmId[], profile.farms),
    ...(profile.priceRange && { priceRange: profile.priceRange }),
    eventCount: records.length,
    ...(records.length > 0 && { lastActiveAt: new Date(lastActiveMs) }),
  };
}

/** What `behaviourScorer` reads of a product; a `ShopEntry` has it all. */
export interface ScoredProduct {
  readonly product: { readonly category: { readonly slug: string }; readonly farm: { readonly id: FarmId } };
  readonly comparablePriceCents: Cents;
}

/**
 * How well a product suits a shopper, 0 to 1: .6 category preference + .3 when the price is in the range they buy in
 * + .1 farm preference (REC-06). What they asked to forget scores by its price alone.
 *
 * @returns `undefined` when nothing is known, or nothing may be used: then everybody sees one order
 */
export function behaviourScorer(taste: Taste, now: Date): ((product: ScoredProduct) => number) | undefined {
  if (!taste.mayPersonalise || taste.records.length === 0) return undefined;
  const { categories, farms, priceRange } = profileOf(taste, now);
  if (categories.size === 0 && farms.size === 0) return undefined;
  return ({ product, comparablePriceCents: cents }) => {
    const isInRange =
      priceRange !== undefined && cents >= priceRange.minCents && cents <= priceRange.maxCents;
    return behaviourScore(
      categories.get(product.category.slug) ?? 0,
      isInRange,
      farms.get(product.farm.id) ?? 0,
    );
  };
}

/** Whole days since 1970-01-01. */
export function dayNumber(at: Date): number {
  return Math.floor(daysBetween(new Date(0), at));
}

class Numbering {
  readonly names: string[] = [];
  private readonly numbers = new Map<string, number>();

  numberOf(name: string | undefined): number {
    if (name === undefined) return -1;
    const known = this.numbers.get(name);
    if (known !== undefined) return known;
    this.numbers.set(name, this.names.length);
    return this.names.push(name) - 1;
  }

  find(names: readonly string[]): Set<number> {
    return new Set(names.flatMap((name) => this.numbers.get(name) ?? []));
  }
}

function named<Name extends string>(names: readonly Name[], values: Float64Array): Map<Name, number> {
  return new Map(names.map((name, at) => [name, values[at]!] as const).filter(([, value]) => value > 0));
}
