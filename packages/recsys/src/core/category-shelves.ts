import type { RecentPlaces } from "./recent-places.ts";
import type { ScoreOrder } from "./score-order.ts";
import { intScratch } from "./scratch.ts";

/** Best candidates compared for each place; the caps look further when these run out. */
const poolSize = 300;
/** Candidates that are put on their shelves at a time when the caps look further. */
const stride = 256;

const nextScratch = intScratch();
const productScratch = intScratch();
const farmScratch = intScratch();
const priceScratch = intScratch();

/** What is read of each candidate, by product. */
interface CandidateColumns {
  readonly scores: ArrayLike<number>;
  readonly farm: ArrayLike<number>;
  readonly category: ArrayLike<number>;
  readonly priceTercile: ArrayLike<number>;
}

/** The candidates of one category, best first: places in the order, chained. */
interface Shelf {
  readonly category: number;
  first: number;
  last: number;
}

/**
 * Candidates by category, so that a category that is full is passed over as a whole, and so is the rest of one whose next
 * product could not win: each place looks at some dozens of candidates instead of some hundreds.
 *
 * A place number is a candidate's position in the order of scores. Candidates up to `poolEnd` are the pool.
 */
export class CategoryShelves {
  private readonly order: ScoreOrder;
  private readonly columns: CandidateColumns;
  private readonly shelves: Shelf[] = [];
  private readonly shelfOf: (Shelf | undefined)[] = [];
  /** By place: the next of its category, -1 after the last that is on the shelf. */
  private readonly next: Int32Array;
  private readonly products: Int32Array;
  private readonly farms: Int32Array;
  private readonly prices: Int32Array;
  /** Places so far that are on shelves. */
  private shelved = 0;
  private poolEnd = 0;
  private leftInPool = 0;

  constructor(order: ScoreOrder, columns: CandidateColumns) {
    const productCount = columns.scores.length;
    this.order = order;
    this.columns = columns;
    this.next = nextScratch.borrowAsIs(productCount);
    this.products = productScratch.borrowAsIs(productCount);
    this.farms = farmScratch.borrowAsIs(productCount);
    this.prices = priceScratch.borrowAsIs(productCount);
    this.fillPool();
  }

  /** A product was removed from the order. A pool that ran out is filled again. */
  removed(product: number): void {
    if (this.isInPool(product)) this.leftInPool--;
    if (this.leftInPool === 0) this.fillPool();
  }

  /**
   * The candidate of the pool that no cap is against, and whose score, less what it repeats of the last places, is the
   * highest; of equals the better score.
   */
  bestByVariety(recent: RecentPlaces, varietyShare: number): number | undefined {
    const { order, products, farms, prices, next, poolEnd } = this;
    let best = -1;
    let bestValue = -Infinity;
    for (const shelf of this.shelves) {
      const { category } = shelf;
      if (!recent.categoryFits(category)) continue;
      const leastRepeated = varietyShare * recent.leastSameness(category);
      for (let place = this.firstOf(shelf); place !== -1 && place < poolEnd; place = next[place]!) {
        const product = products[place]!;
        const most = (1 - varietyShare) * order.scoreAt(product);
        // Those that follow on this shelf score no higher.
        if (most - leastRepeated < bestValue) break;
        if (order.isGone(product) || !recent.farmFits(farms[place]!)) continue;
        const value = most - varietyShare * recent.samenessOf(farms[place]!, category, prices[place]!);
        if (value > bestValue || (value === bestValue && place < best)) {
          best = place;
          bestValue = value;
        }
      }
    }
    return best === -1 ? undefined : products[best];
  }

  /** The best of all that are left, in the pool or not, that the caps accept. */
  bestThatFits(recent: RecentPlaces, { capsCategories }: { capsCategories: boolean }): number | undefined {
    for (;;) {
      const best = this.firstFitting(recent, capsCategories);
      if (best !== -1) return this.products[best];
      if (!this.shelve(stride)) return undefined;
    }
  }

  private firstFitting(recent: RecentPlaces, capsCategories: boolean): number {
    const { order, products, farms, next } = this;
    let best = -1;
    for (const shelf of this.shelves) {
      if (capsCategories && !recent.categoryFits(shelf.category)) continue;
      let place = this.firstOf(shelf);
      while (place !== -1 && (order.isGone(products[place]!) || !recent.farmFits(farms[place]!)))
        place = next[place]!;
      if (place !== -1 && (best === -1 || place < best)) best = place;
    }
    return best;
  }

  /** Drops what is gone from the front of a shelf. */
  private firstOf(shelf: Shelf): number {
    let place = shelf.first;
    while (place !== -1 && this.order.isGone(this.products[place]!)) place = this.next[place]!;
    shelf.first = place;
    return place;
  }

  private isInPool(product: number): boolean {
    if (this.poolEnd === 0) return false;
    const last = this.products[this.poolEnd - 1]!;
    const difference = this.order.scoreAt(product) - this.order.scoreAt(last);
    return difference > 0 || (difference === 0 && product <= last);
  }

  private fillPool(): void {
    const { order, products } = this;
    while (this.leftInPool < poolSize) {
      if (this.poolEnd === this.shelved && !this.shelve(poolSize - this.leftInPool)) return;
      if (!order.isGone(products[this.poolEnd]!)) this.leftInPool++;
      this.poolEnd++;
    }
  }

  /** Puts up to `count` more of the best on their shelves. @returns false when there was none left */
  private shelve(count: number): boolean {
    const { order, columns, shelfOf } = this;
    const start = this.shelved;
    for (let place = start; place < start + count; place++) {
      const product = order.at(place);
      if (product === -1) break;
      const category = columns.category[product]!;
      this.products[place] = product;
      this.farms[place] = columns.farm[product]!;
      this.prices[place] = columns.priceTercile[product]!;
      this.next[place] = -1;
      const shelf = (shelfOf[category] ??= this.newShelf(category));
      if (shelf.first === -1) shelf.first = place;
      else this.next[shelf.last] = place;
      shelf.last = place;
      this.shelved++;
    }
    return this.shelved > start;
  }

  private newShelf(category: number): Shelf {
    const shelf = { category, first: -1, last: -1 };
    this.shelves.push(shelf);
    return shelf;
  }
}
