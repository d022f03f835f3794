import { shortScratch, type Scratch } from "../scores/scratch.ts";

/** The caps hold in any ten places in a row: what is chosen for a place is compared with the nine before it. */
export const windowLength = 10;
const slotCount = windowLength - 1;

const maxPerFarm = 3;
const maxPerCategory = 4;

/** How much two products are the same; of several the most counts. The shares sum to one. */
const sameness = { category: 0.5, farm: 0.3, price: 0.2 } as const;
const sameFarmAndPrice = sameness.farm + sameness.price;
const sameCategoryAndPrice = sameness.category + sameness.price;
const sameCategoryAndFarm = sameness.category + sameness.farm;
const sameInAll = sameCategoryAndFarm + sameness.price;

/** How many of nine bits are set. */
const bitCounts = Uint8Array.from({ length: 1 << slotCount }, (_, bits) => {
  let count = 0;
  for (let rest = bits; rest > 0; rest &= rest - 1) count++;
  return count;
});

/** Which of the last places have a value, as bits, by the value. */
class PlacesByValue {
  private bits: Uint16Array;
  private readonly scratch: Scratch<Uint16Array>;

  constructor(scratch: Scratch<Uint16Array>) {
    this.scratch = scratch;
    this.bits = scratch.borrow(scratch.length);
  }

  at(value: number): number {
    return value < this.bits.length ? this.bits[value]! : 0;
  }

  mark(value: number, bit: number): void {
    if (value >= this.bits.length) this.grow(value);
    this.bits[value]! |= bit;
  }

  unmark(value: number, bit: number): void {
    this.bits[value]! &= ~bit;
  }

  private grow(value: number): void {
    const before = this.bits.slice();
    this.bits = this.scratch.borrow(2 * value + 2);
    this.bits.set(before);
  }
}

const farmScratch = shortScratch();
const categoryScratch = shortScratch();
const priceScratch = shortScratch();

/**
 * The last nine places, kept so that a candidate is compared with all of them at once: for each farm, category and price
 * level the places that have it are bits of one number. Holds until the next one is made.
 */
export class RecentPlaces {
  private readonly farms = new PlacesByValue(farmScratch);
  private readonly categories = new PlacesByValue(categoryScratch);
  private readonly prices = new PlacesByValue(priceScratch);
  private readonly capsCategories: boolean;
  private readonly last: { farm: number; category: number; price: number }[] = [];
  private taken = 0;

  constructor(capsCategories: boolean) {
    this.capsCategories = capsCategories;
  }

  /** How many places were given. */
  get count(): number {
    return this.taken;
  }

  /** A product took the next place; the tenth before it is forgotten. */
  push(farm: number, category: number, price: number): void {
    const slot = this.taken % slotCount;
    const bit = 1 << slot;
    if (this.taken >= slotCount) {
      const before = this.last[slot]!;
      this.farms.unmark(before.farm, bit);
      this.categories.unmark(before.category, bit);
      this.prices.unmark(before.price, bit);
    }
    this.farms.mark(farm, bit);
    this.categories.mark(category, bit);
    this.prices.mark(price, bit);
    this.last[slot] = { farm, category, price };
    this.taken++;
  }

  hasFarm(farm: number): boolean {
    return this.farms.at(farm) !== 0;
  }

  farmFits(farm: number): boolean {
    return bitCounts[this.farms.at(farm)]! < maxPerFarm;
  }

  categoryFits(category: number): boolean {
    return !this.capsCategories || bitCounts[this.categories.at(category)]! < maxPerCategory;
  }

  fits(farm: number, category: number): boolean {
    return this.farmFits(farm) && this.categoryFits(category);
  }

  /** What a product of the category and price level repeats if its farm has no recent place: no other repeats less. */
  leastSameness(category: number, price: number): number {
    const sameCategory = this.categories.at(category);
    const samePrice = this.prices.at(price);
    if (sameCategory === 0) return samePrice === 0 ? 0 : sameness.price;
    return (sameCategory & samePrice) === 0 ? sameness.category : sameCategoryAndPrice;
  }

  /** 0 to 1: how much a product would repeat one of the last nine. */
  samenessOf(farm: number, category: number, price: number): number {
    const sameCategory = this.categories.at(category);
    const sameFarm = this.farms.at(farm);
    const samePrice = this.prices.at(price);
    if (sameCategory !== 0) {
      if ((sameCategory & sameFarm & samePrice) !== 0) return sameInAll;
      if ((sameCategory & sameFarm) !== 0) return sameCategoryAndFarm;
      if ((sameCategory & samePrice) !== 0) return sameCategoryAndPrice;
      return sameness.category;
    }
    if ((sameFarm & samePrice) !== 0) return sameFarmAndPrice;
    if (sameFarm !== 0) return sameness.farm;
    return samePrice === 0 ? 0 : sameness.price;
  }
}
