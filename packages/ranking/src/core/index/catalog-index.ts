import type { CalendarDay, GeoPoint } from "@almanac/kernel";
import { isInSeason, seasonalScore } from "@almanac/signals/core";
import type { ProductSeason } from "@almanac/signals/core";
import { SearchIndex } from "./search-index.ts";
import type { SearchIndexOptions } from "./search-index.ts";
import { headOf } from "../titles/title-match.ts";
import { fold, tokenize } from "../words/tokenize.ts";

/** A product as search needs it. */
export interface CatalogDocument {
  readonly id: string;
  readonly name: string;
  readonly category: string;
  readonly farmId: string;
  readonly farmName: string;
  readonly description: string;
  readonly organic: boolean;
  readonly snapEligible: boolean;
  /** Lowest price among the variants on sale, in cents. */
  readonly priceCents: number;
  /** Cents for 1000 g, 1000 ml or 1 piece, so that packs compare: what a taste for prices goes by. The price unless told. */
  readonly comparablePriceCents?: number;
  /** Markets where the farm sells. */
  readonly marketIds: readonly string[];
  /** 1 (Monday) to 7: the days of the markets where the farm sells. */
  readonly marketWeekdays: readonly number[];
  /** Pickup windows one can still order for, as the page names them; any text. */
  readonly pickupWindows: readonly string[];
  /** Where the farm sells or grows: for distances, and its latitude for the season. */
  readonly place: GeoPoint;
  /** Last harvest, or the listing when no harvest is known, in epoch milliseconds. */
  readonly harvestedOrListedAt: number;
  /** Percentile rank of seven-day distinct buyers, 0 to 1 (`popularityRanks`). */
  readonly popularity: number;
  readonly season: ProductSeason;
  /** Whether it can be put in a basket right now. */
  readonly available: boolean;
}

/** What moves between two loads of a product and touches no word of it. */
export type CatalogChange = Partial<
  Pick<
    CatalogDocument,
    | "available"
    | "priceCents"
    | "comparablePriceCents"
    | "popularity"
    | "harvestedOrListedAt"
    | "pickupWindows"
    | "marketWeekdays"
  >
>;

/** Texts with a number each, so that columns can hold numbers. */
export class Labels {
  readonly names: string[] = [];
  private readonly numbers = new Map<string, number>();

  numberOf(name: string): number {
    const known = this.numbers.get(name);
    if (known !== undefined) return known;
    this.numbers.set(name, this.names.length);
    return this.names.push(name) - 1;
  }

  find(name: string): number | undefined {
    return this.numbers.get(name);
  }
}

export const catalogFlags = { organic: 1, snapEligible: 2, available: 4, present: 8 } as const;

/** One row per slot of the text index, column by column. */
export interface CatalogColumns {
  readonly flags: Uint8Array;
  readonly farm: Uint32Array;
  readonly category: Uint32Array;
  readonly priceCents: Float64Array;
  readonly comparablePriceCents: Float64Array;
  /** Bit 0 for Monday to bit 6 for Sunday. */
  readonly weekdays: Uint8Array;
  readonly latitude: Float64Array;
  readonly longitude: Float64Array;
  readonly freshAt: Float64Array;
  readonly popularity: Float64Array;
  /** What the thing is, of `CatalogIndex.heads`. */
  readonly head: Uint32Array;
}

/** What a day of the year makes of each slot. */
export interface SeasonColumns {
  /** 0 to 1: also above 0 for what has no season, and for what comes from under glass or from a store. */
  readonly score: Float64Array;
  /** 1 while its harvest is on. */
  readonly isOn: Uint8Array;
}

/**
 * The catalogue in memory: the words of every product in a `SearchIndex`, and beside it what filters, facets and the
 * score read, in typed arrays by the same slots. Products come, change and go one by one.
 */
export class CatalogIndex {
  readonly text: SearchIndex;
  readonly farms = new Labels();
  readonly categories = new Labels();
  /** Head nouns of names, as terms: "tomato" of "Heirloom tomatoes". */
  readonly heads = new Labels();
  readonly pickupLabels = new Labels();
  readonly markets = new Labels();
  columns: CatalogColumns = emptyColumns(256);
  /** Grows with every change, so that what was counted knows that it is old. */
  revision = 0;
  private readonly documents: (CatalogDocument | undefined)[] = [];
  private readonly farmNames = new Map<string, string>();
  private readonly foldedFarmNames = new Map<string, string>();
  private readonly farmsByTerms = new Map<string, string>();
  /** `undefined` for a farm at several places, until the index is made anew. */
  private readonly farmPlaces = new Map<string, GeoPoint | undefined>();
  private readonly pickups: (readonly number[] | undefined)[] = [];
  private readonly marketsOf: (readonly number[] | undefined)[] = [];
  private counts: { category?: Uint32Array; farm?: Uint32Array } = {};
  private seasonDay: CalendarDay | undefined;
  private season: SeasonColumns = emptySeason(0);

  constructor(options: SearchIndexOptions = {}) {
    this.text = new SearchIndex(options);
  }

  get size(): number {
    return this.text.size;
  }

  /** Where all of a farm's products are; `undefined` where they are at several places. */
  placeOfFarm(farmId: string): GeoPoint | undefined {
    return this.farmPlaces.get(farmId);
  }

  /** Adds a product or replaces it. */
  put(document: CatalogDocument): void {
    const { name, category, farmName, description } = document;
    const slot = this.text.put(document.id, [name, category, farmName, description]);
    if (slot >= this.columns.flags.length) this.columns = grownColumns(this.columns, slot * 2);
    this.documents[slot] = document;
    this.counts = {};
    this.revision++;
    this.nameFarm(document.farmId, farmName);
    this.notePlace(document);
    this.columns.farm[slot] = this.farms.numberOf(document.farmId);
    this.columns.category[slot] = this.categories.numberOf(category);
    this.columns.head[slot] = this.heads.numberOf(headOf(name) ?? "");
    this.marketsOf[slot] = document.marketIds.map((market) => this.markets.numberOf(market));
    this.columns.latitude[slot] = document.place.latitude;
    this.columns.longitude[slot] = document.place.longitude;
    this.writeMoving(slot, document);
    this.writeSeason(slot, document);
  }

  /** Changes numbers and flags without touching the words. @returns whether the product is there */
  change(id: string, change: CatalogChange): boolean {
    const slot = this.text.slotOf(id);
    const before = slot === undefined ? undefined : this.documents[slot];
    if (slot === undefined || before === undefined) return false;
    if (!isAnother(before, change)) return true;
    this.revision++;
    const document = { ...before, ...change };
    this.documents[slot] = document;
    this.writeMoving(slot, document);
    return true;
  }

  /** @returns whether the product was there */
  remove(id: string): boolean {
    const slot = this.text.slotOf(id);
    if (slot === undefined) return false;
    this.text.remove(id);
    this.counts = {};
    this.revision++;
    this.documents[slot] = undefined;
    this.pickups[slot] = undefined;
    this.marketsOf[slot] = undefined;
    this.columns.flags[slot] = 0;
    return true;
  }

  find(id: string): CatalogDocument | undefined {
    const slot = this.text.slotOf(id);
    return slot === undefined ? undefined : this.documents[slot];
  }

  documentAt(slot: number): CatalogDocument | undefined {
    return this.documents[slot];
  }

  pickupsAt(slot: number): readonly number[] {
    return this.pickups[slot] ?? [];
  }

  marketsAt(slot: number): readonly number[] {
    return this.marketsOf[slot] ?? [];
  }

  farmName(farmId: string): string {
    return this.farmNames.get(farmId) ?? "";
  }

  /** The farm of a name of two words or more, given as its terms with spaces between them; one of those that have it. */
  farmNamed(terms: string): string | undefined {
    return this.farmsByTerms.get(terms);
  }

  /** The same folded, as typed words are. */
  foldedFarmName(farmId: string): string {
    return this.foldedFarmNames.get(farmId) ?? "";
  }

  /** Products by number of the category or farm; worked out when a product came or went. */
  countsOf(kind: "category" | "farm"): Uint32Array {
    return (this.counts[kind] ??= this.countBy(kind));
  }

  private countBy(kind: "category" | "farm"): Uint32Array {
    const labels = kind === "category" ? this.categories : this.farms;
    const counts = new Uint32Array(labels.names.length);
    for (const slot of this.allSlots()) counts[this.columns[kind][slot]!]!++;
    return counts;
  }

  /** Slots of all products. */
  allSlots(): Uint32Array {
    const slots = new Uint32Array(this.size);
    let count = 0;
    for (let slot = 0; slot < this.text.slotLimit; slot++) {
      if ((this.columns.flags[slot]! & catalogFlags.present) !== 0) slots[count++] = slot;
    }
    return slots;
  }

  /** The season of every slot on a market's day, worked out once a day and then product by product. */
  seasonOn(day: CalendarDay): SeasonColumns {
    if (this.seasonDay === day) return this.season;
    this.seasonDay = day;
    this.season = emptySeason(Math.max(256, this.text.slotLimit));
    // Ten thousand products have some dozens of harvests; equal ones are often one object.
    const known = [new Map<ProductSeason, SlotSeason>(), new Map<ProductSeason, SlotSeason>()] as const;
    this.documents.forEach((document, slot) => {
      if (document === undefined) return;
      const { season, place } = document;
      const ofHemisphere = known[place.latitude < 0 ? 1 : 0];
      const found = ofHemisphere.get(season) ?? seasonOf(document, day);
      ofHemisphere.set(season, found);
      this.season.score[slot] = found.score;
      this.season.isOn[slot] = found.isOn;
    });
    return this.season;
  }

  private nameFarm(farmId: string, farmName: string): void {
    const before = this.farmNames.get(farmId);
    if (before === farmName) return;
    if (before !== undefined) this.farmsByTerms.delete(termsOf(before).join(" "));
    const terms = termsOf(farmName);
    if (terms.length >= 2) this.farmsByTerms.set(terms.join(" "), farmId);
    this.farmNames.set(farmId, farmName);
    this.foldedFarmNames.set(farmId, fold(farmName));
  }

  private notePlace({ farmId, place }: CatalogDocument): void {
    const known = this.farmPlaces.get(farmId);
    const isSame = known?.latitude === place.latitude && known?.longitude === place.longitude;
    if (!this.farmPlaces.has(farmId)) this.farmPlaces.set(farmId, place);
    else if (!isSame) this.farmPlaces.set(farmId, undefined);
  }

  private writeSeason(slot: number, document: CatalogDocument): void {
    if (this.seasonDay === undefined) return;
    if (slot >= this.season.score.length) {
      const larger = emptySeason(slot * 2);
      larger.score.set(this.season.score);
      larger.isOn.set(this.season.isOn);
      this.season = larger;
    }
    const { score, isOn } = seasonOf(document, this.seasonDay);
    this.season.score[slot] = score;
    this.season.isOn[slot] = isOn;
  }

  private writeMoving(slot: number, document: CatalogDocument): void {
    const { columns } = this;
    columns.flags[slot] =
      catalogFlags.present |
      (document.organic ? catalogFlags.organic : 0) |
      (document.snapEligible ? catalogFlags.snapEligible : 0) |
      (document.available ? catalogFlags.available : 0);
    columns.priceCents[slot] = document.priceCents;
    columns.comparablePriceCents[slot] = document.comparablePriceCents ?? document.priceCents;
    columns.freshAt[slot] = document.harvestedOrListedAt;
    columns.popularity[slot] = document.popularity;
    columns.weekdays[slot] = document.marketWeekdays.reduce((bits, day) => bits | (1 << (day - 1)), 0);
    this.pickups[slot] = document.pickupWindows.map((window) => this.pickupLabels.numberOf(window));
  }
}

const termsOf = (name: string): string[] => tokenize(name).map(({ term }) => term);

interface SlotSeason {
  readonly score: number;
  readonly isOn: 0 | 1;
}

function seasonOf({ season, place }: CatalogDocument, day: CalendarDay): SlotSeason {
  return {
    score: seasonalScore(season, day, place.latitude),
    isOn: isInSeason(season, day, place.latitude) ? 1 : 0,
  };
}

function emptySeason(size: number): SeasonColumns {
  return { score: new Float64Array(size), isOn: new Uint8Array(size) };
}

function isAnother(document: CatalogDocument, change: CatalogChange): boolean {
  return (Object.keys(change) as (keyof CatalogChange)[]).some((name) => {
    const [before, after] = [document[name], change[name]];
    if (!Array.isArray(before) || !Array.isArray(after)) return before !== after;
    return before.length !== after.length || before.some((value, at) => value !== after[at]);
  });
}

function emptyColumns(size: number): CatalogColumns {
  return {
    flags: new Uint8Array(size),
    farm: new Uint32Array(size),
    category: new Uint32Array(size),
    priceCents: new Float64Array(size),
    comparablePriceCents: new Float64Array(size),
    weekdays: new Uint8Array(size),
    latitude: new Float64Array(size),
    longitude: new Float64Array(size),
    freshAt: new Float64Array(size),
    popularity: new Float64Array(size),
    head: new Uint32Array(size),
  };
}

function grownColumns(columns: CatalogColumns, size: number): CatalogColumns {
  const larger = emptyColumns(size);
  larger.flags.set(columns.flags);
  larger.farm.set(columns.farm);
  larger.category.set(columns.category);
  larger.priceCents.set(columns.priceCents);
  larger.comparablePriceCents.set(columns.comparablePriceCents);
  larger.weekdays.set(columns.weekdays);
  larger.latitude.set(columns.latitude);
  larger.longitude.set(columns.longitude);
  larger.freshAt.set(columns.freshAt);
  larger.popularity.set(columns.popularity);
  larger.head.set(columns.head);
  return larger;
}
