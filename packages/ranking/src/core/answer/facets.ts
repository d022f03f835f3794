import { distanceKm } from "@almanac/kernel";
import type { GeoPoint } from "@almanac/kernel";
import { catalogFlags } from "../index/catalog-index.ts";
import type { CatalogColumns, CatalogIndex, SeasonColumns } from "../index/catalog-index.ts";

/** What a shopper narrows a search by; kinds are joined by "and", choices of one kind by "or". Empty means no limit. */
export interface CatalogFilters {
  readonly farmIds?: readonly string[];
  readonly marketIds?: readonly string[];
  readonly categories?: readonly string[];
  readonly organic?: boolean;
  readonly snapEligible?: boolean;
  /** Its harvest is on. */
  readonly inSeason?: boolean;
  /** 1 (Monday) to 7. */
  readonly weekdays?: readonly number[];
  readonly pickupWindows?: readonly string[];
  /** Needs the shopper's place; without one nothing is narrowed. */
  readonly maxDistanceKm?: number;
  readonly minPriceCents?: number;
  /** Inclusive, like the minimum. */
  readonly maxPriceCents?: number;
  readonly availableOnly?: boolean;
}

/** A choice and how many results it would leave, the other kinds of filters applied, its own kind not. */
export interface FacetCount<Value> {
  readonly value: Value;
  readonly count: number;
}

/** A band of prices: above `from` (for the first, `from` as well), up to `to` as a filter's maximum is (absent for the last). */
export interface Band {
  readonly from: number;
  readonly to?: number;
}

export interface CatalogFacets {
  /** By farm id; most results first. */
  readonly farms: readonly (FacetCount<string> & { readonly name: string })[];
  readonly categories: readonly FacetCount<string>[];
  readonly pickupWindows: readonly FacetCount<string>[];
  /** Monday first; days without results are left out. */
  readonly weekdays: readonly FacetCount<number>[];
  readonly organic: number;
  readonly snapEligible: number;
  readonly inSeason: number;
  /** Within 5, 10, 20 and 50 km; empty without the shopper's place. */
  readonly distancesKm: readonly FacetCount<number>[];
  readonly pricesCents: readonly FacetCount<Band>[];
}

export interface FilterContext {
  readonly season: SeasonColumns;
  readonly near?: GeoPoint;
  /** Upper edges of the price bands in cents, inclusive, rising; 300, 600, 1200 unless told. */
  readonly priceEdgesCents?: readonly number[];
}

export interface FilterOutcome {
  /** Positions in the given slots that pass every filter. */
  readonly kept: Uint32Array;
  readonly facets: CatalogFacets;
}

/** Within this many kilometres: the choices of the distance facet. */
export const distanceEdgesKm: readonly number[] = [5, 10, 20, 50];
const defaultPriceEdges: readonly number[] = [300, 600, 1200];

const kind = {
  farm: 1,
  category: 2,
  organic: 4,
  snap: 8,
  season: 16,
  weekday: 32,
  pickup: 64,
  distance: 128,
  price: 256,
  available: 512,
  market: 1024,
} as const;
const everyKind = 2047;

/**
 * Filters candidates and counts the facets in one pass. A product that fails one kind of filter only is counted in
 * that kind's facet: so each choice shows what choosing it as well would give.
 */
export function filterAndCount(
  index: CatalogIndex,
  slots: Uint32Array,
  filters: CatalogFilters,
  context: FilterContext,
): FilterOutcome {
  if (isEmpty(filters)) return countedWhole(index, slots, context);
  const failedKinds = compileFilters(index, filters, context);
  const counts = new FacetCounter(index, context);
  const kept = new Uint32Array(slots.length);
  let size = 0;
  for (let at = 0; at < slots.length; at++) {
    const slot = slots[at]!;
    const failed = failedKinds(slot);
    if (failed === 0) kept[size++] = at;
    // With two or more failed kinds: no single further choice brings it back.
    if ((failed & (failed - 1)) === 0) counts.add(slot, failed);
  }
  return { kept: kept.slice(0, size), facets: counts.facets() };
}

/** What was counted of a whole result, by its slots. */
interface CountedWhole {
  readonly revision: number;
  readonly season: SeasonColumns;
  readonly priceEdgesCents: readonly number[] | undefined;
  readonly outcome: FilterOutcome;
}

const counted = new WeakMap<Uint32Array, CountedWhole>();

/**
 * A result that nothing narrows is counted once for everybody, and again when a product changed or the day did; only the
 * distances are somebody's own, and come from the counts of the farms.
 */
function countedWhole(index: CatalogIndex, slots: Uint32Array, context: FilterContext): FilterOutcome {
  const { season, priceEdgesCents, near } = context;
  const known = counted.get(slots);
  const isTrue =
    known?.revision === index.revision &&
    known.season === season &&
    known.priceEdgesCents === priceEdgesCents;
  const whole = isTrue ? known.outcome : countWhole(index, slots, { season, priceEdgesCents });
  if (!isTrue) counted.set(slots, { revision: index.revision, season, priceEdgesCents, outcome: whole });
  if (near === undefined) return whole;
  const distancesKm = distanceEdgesKm.map((value) => ({ value, count: 0 }));
  const add = (km: number, count: number): void => {
    for (const edge of distancesKm) if (km <= edge.value) edge.count += count;
  };
  const isScattered = whole.facets.farms.some(({ value }) => index.placeOfFarm(value) === undefined);
  if (isScattered) for (const slot of slots) add(slotDistanceKm(index, slot, near), 1);
  else
    for (const { value, count } of whole.facets.farms)
      add(distanceKm(near, index.placeOfFarm(value)!), count);
  return { ...whole, facets: { ...whole.facets, distancesKm } };
}

function countWhole(index: CatalogIndex, slots: Uint32Array, context: FilterContext): FilterOutcome {
  const counts = new FacetCounter(index, context);
  for (let at = 0; at < slots.length; at++) counts.add(slots[at]!, 0);
  return { kept: slots.map((_, at) => at), facets: counts.facets() };
}

/** Nothing is narrowed, which is how most searches begin. */
function isEmpty(filters: CatalogFilters): boolean {
  return Object.values(filters).every(
    (value) => value === undefined || value === false || (Array.isArray(value) && value.length === 0),
  );
}

function compileFilters(
  index: CatalogIndex,
  filters: CatalogFilters,
  context: FilterContext,
): (slot: number) => number {
  const { columns } = index;
  const farms = chosen(filters.farmIds, (id) => index.farms.find(id));
  const categories = chosen(filters.categories, (name) => index.categories.find(name));
  const markets = chosen(filters.marketIds, (id) => index.markets.find(id));
  const pickups = chosen(filters.pickupWindows, (name) => index.pickupLabels.find(name));
  const days = filters.weekdays?.length
    ? filters.weekdays.reduce((bits, day) => bits | (1 << (day - 1)), 0)
    : undefined;
  const least = filters.minPriceCents ?? -Infinity;
  const most = filters.maxPriceCents ?? Infinity;
  const { near } = context;
  return (slot) => {
    const flags = columns.flags[slot]!;
    let failed = 0;
    if (farms !== undefined && !farms.has(columns.farm[slot]!)) failed |= kind.farm;
    if (categories !== undefined && !categories.has(columns.category[slot]!)) failed |= kind.category;
    if (filters.organic === true && (flags & catalogFlags.organic) === 0) failed |= kind.organic;
    if (filters.snapEligible === true && (flags & catalogFlags.snapEligible) === 0) failed |= kind.snap;
    if (filters.availableOnly === true && (flags & catalogFlags.available) === 0) failed |= kind.available;
    if (filters.inSeason === true && context.season.isOn[slot] === 0) failed |= kind.season;
    if (days !== undefined && (columns.weekdays[slot]! & days) === 0) failed |= kind.weekday;
    if (pickups !== undefined && !index.pickupsAt(slot).some((window) => pickups.has(window)))
      failed |= kind.pickup;
    if (markets !== undefined && !index.marketsAt(slot).some((market) => markets.has(market)))
      failed |= kind.market;
    const price = columns.priceCents[slot]!;
    if (price < least || price > most) failed |= kind.price;
    if (near !== undefined && filters.maxDistanceKm !== undefined) {
      if (slotDistanceKm(index, slot, near) > filters.maxDistanceKm) failed |= kind.distance;
    }
    return failed;
  };
}

/** Kilometres from a product's place, as the crow flies. */
export function slotDistanceKm(index: CatalogIndex, slot: number, near: GeoPoint): number {
  const { latitude, longitude } = index.columns;
  return distanceKm(near, { latitude: latitude[slot]!, longitude: longitude[slot]! });
}

function chosen(
  choices: readonly string[] | undefined,
  find: (choice: string) => number | undefined,
): ReadonlySet<number> | undefined {
  if (choices === undefined || choices.length === 0) return undefined;
  return new Set(choices.map(find).filter((number) => number !== undefined));
}

class FacetCounter {
  private readonly index: CatalogIndex;
  private readonly columns: CatalogColumns;
  private readonly context: FilterContext;
  private readonly edges: readonly number[];
  private readonly farms: Uint32Array;
  private readonly categories: Uint32Array;
  private readonly pickups: Uint32Array;
  /** Products by the set of their weekdays, a bit each. */
  private readonly weekdaySets = new Uint32Array(128);
  private readonly distances = new Uint32Array(distanceEdgesKm.length);
  private readonly prices: Uint32Array;
  private organic = 0;
  private snapEligible = 0;
  private inSeason = 0;

  constructor(index: CatalogIndex, context: FilterContext) {
    this.index = index;
    this.columns = index.columns;
    this.context = context;
    this.edges = context.priceEdgesCents ?? defaultPriceEdges;
    this.farms = new Uint32Array(index.farms.names.length);
    this.categories = new Uint32Array(index.categories.names.length);
    this.pickups = new Uint32Array(index.pickupLabels.names.length);
    this.prices = new Uint32Array(this.edges.length + 1);
  }

  /** @param failed the one kind of filter the product fails, 0 when none */
  add(slot: number, failed: number): void {
    const { columns, context } = this;
    const facets = failed === 0 ? everyKind : failed;
    const flags = columns.flags[slot]!;
    if ((facets & kind.farm) !== 0) this.farms[columns.farm[slot]!]!++;
    if ((facets & kind.category) !== 0) this.categories[columns.category[slot]!]!++;
    if ((facets & kind.organic) !== 0 && (flags & catalogFlags.organic) !== 0) this.organic++;
    if ((facets & kind.snap) !== 0 && (flags & catalogFlags.snapEligible) !== 0) this.snapEligible++;
    if ((facets & kind.season) !== 0 && context.season.isOn[slot] === 1) this.inSeason++;
    if ((facets & kind.pickup) !== 0) this.addPickups(this.index.pickupsAt(slot));
    if ((facets & kind.price) !== 0) this.prices[bandOf(columns.priceCents[slot]!, this.edges)]!++;
    if ((facets & kind.weekday) !== 0) this.weekdaySets[columns.weekdays[slot]!]!++;
    if ((facets & kind.distance) !== 0 && context.near !== undefined) this.addDistance(slot, context.near);
  }

  private addPickups(labels: readonly number[]): void {
    for (let at = 0; at < labels.length; at++) this.pickups[labels[at]!]!++;
  }

  facets(): CatalogFacets {
    const { index } = this;
    return {
      farms: namedCounts(this.farms, index.farms.names).map((farm) => ({
        ...farm,
        name: index.farmName(farm.value),
      })),
      categories: namedCounts(this.categories, index.categories.names),
      pickupWindows: namedCounts(this.pickups, index.pickupLabels.names).toSorted((a, b) =>
        a.value < b.value ? -1 : 1,
      ),
      weekdays: Array.from({ length: 7 }, (_, day) => ({
        value: day + 1,
        count: this.countOfDay(day),
      })).filter(({ count }) => count > 0),
      organic: this.organic,
      snapEligible: this.snapEligible,
      inSeason: this.inSeason,
      distancesKm:
        this.context.near === undefined
          ? []
          : distanceEdgesKm.map((value, at) => ({ value, count: this.distances[at]! })),
      pricesCents: [...this.prices].map((count, at) => ({ value: this.band(at), count })),
    };
  }

  private band(at: number): Band {
    const to = this.edges[at];
    const from = at === 0 ? 0 : this.edges[at - 1]!;
    return to === undefined ? { from } : { from, to };
  }

  private countOfDay(day: number): number {
    return this.weekdaySets.reduce((sum, count, bits) => ((bits & (1 << day)) === 0 ? sum : sum + count), 0);
  }

  private addDistance(slot: number, near: GeoPoint): void {
    const km = slotDistanceKm(this.index, slot, near);
    for (let at = 0; at < distanceEdgesKm.length; at++) if (km <= distanceEdgesKm[at]!) this.distances[at]!++;
  }
}

function bandOf(value: number, edges: readonly number[]): number {
  let band = 0;
  while (band < edges.length && value > edges[band]!) band++;
  return band;
}

function namedCounts(counts: Uint32Array, names: readonly string[]): FacetCount<string>[] {
  return names
    .map((value, at) => ({ value, count: counts[at]! }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
}
