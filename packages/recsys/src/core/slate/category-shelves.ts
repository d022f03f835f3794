import type { RecentPlaces } from "./recent-places.ts";
import type { ScoreOrder } from "../scores/score-order.ts";
import { intScratch } from "../scores/scratch.ts";

/** Best candidates compared for each place; the caps look further when these run out. */
const poolSize = 300;
/** Candidates that are put on their shelves at a time when the caps look further. */
const stride = 256;
/** Price terciles are 0, 1 and 2. */
const priceLevels = 3;

const nextScratch = intScratch();
const farmScratch = intScratch();

/** What is read of each candidate, by product. */
interface CandidateColumns {
  readonly farm: ArrayLike<number>;
  readonly category: ArrayLike<number>;
  readonly priceTercile: ArrayLike<number>;
}

/** The candidates of one category and price level, best first: places in the order, chained. */
interface Shelf {
  readonly category: number;
  readonly price: number;
  first: number;
  last: number;
  /** The place that would win here, and what it is worth; unless `isExact`, nobody here is worth more or stands before. */
  best: number;
  value: number;
  isExact: boolean;
}

/**
 * Candidates by category and price level, so that a category that is full is passed over as a whole, and of a shelf hardly
 * more than the first is looked at: those of farms without a recent place repeat the same, so the best score wins.
 *
 * A place number is a candidate's position in the order of scores. Candidates up to `poolEnd` are the pool.
 */
export class CategoryShelves {
  private readonly order: ScoreOrder;
  private readonly recent: RecentPlaces;
  private readonly columns: CandidateColumns;
  private readonly varietyShare: number;
  private readonly shelves: Shelf[] = [];
  private readonly shelfOf: (Shelf | undefined)[] = [];
  /** By place: the next on its shelf, -1 after the last that is there; and the farm. */
  private readonly next: Int32Array;
  private readonly farms: Int32Array;
  /** Places so far that are on shelves. */
  private shelved = 0;
  private poolEnd = 0;
  private leftInPool = 0;
  /** How many places had been given when all shelves were valued; -1 when they have to be again. */
  private valuedAfter = -1;

  constructor({ order, recent, columns, varietyShare, productCount }: ShelvesOptions) {
    this.order = order;
    this.recent = recent;
    this.columns = columns;
    this.varietyShare = varietyShare;
    this.next = nextScratch.borrowAsIs(productCount);
    this.farms = farmScratch.borrowAsIs(productCount);
    this.fillPool();
  }

  /** A product was removed from the order. A pool that ran out is filled again. */
  removed(product: number): void {
    const shelf = this.shelfOf[this.keyOf(product)];
    if (shelf !== undefined && this.valuedAfter === this.recent.count) this.value(shelf);
    if (this.isInPool(product)) this.leftInPool--;
    if (this.leftInPool === 0) this.fillPool();
  }

  /**
   * The candidate of the pool that no cap is against, and whose score, less what it repeats of the last places, is the
   * highest; of equals the better score.
   */
  bestByVariety(): number | undefined {
    if (this.valuedAfter !== this.recent.count) {
      for (const shelf of this.shelves) this.value(shelf);
      this.valuedAfter = this.recent.count;
    }
    for (;;) {
      const shelf = this.mostPromising();
      if (shelf === undefined || shelf.isExact) return shelf && this.order.products[shelf.best];
      this.judge(shelf);
    }
  }

  /** The best of all that are left, in the pool or not, that the caps accept. */
  bestThatFits({ capsCategories }: { capsCategories: boolean }): number | undefined {
    for (;;) {
      const best = this.firstFitting(capsCategories);
      if (best !== -1) return this.order.products[best];
      if (!this.shelve(stride)) return undefined;
    }
  }

  private mostPromising(): Shelf | undefined {
    let most: Shelf | undefined;
    let value = -Infinity;
    for (const shelf of this.shelves)
      if (shelf.value > value || (shelf.value === value && most !== undefined && shelf.best < most.best)) {
        most = shelf;
        value = shelf.value;
      }
    return most;
  }

  /** What its first is worth unless the farm has a recent place; -Infinity when nothing of the shelf is to be had. */
  private value(shelf: Shelf): void {
    const { recent } = this;
    const first = this.firstOf(shelf);
    shelf.best = first;
    shelf.isExact = false;
    shelf.value = -Infinity;
    if (first === -1 || first >= this.poolEnd || !recent.categoryFits(shelf.category)) return;
    const repeated = this.varietyShare * recent.leastSameness(shelf.category, shelf.price);
    shelf.value = (1 - this.varietyShare) * this.order.scores[first]! - repeated;
    shelf.isExact = !recent.hasFarm(this.farms[first]!);
  }

  /** Finds who would win on a shelf. */
  private judge(shelf: Shelf): void {
    const { order, recent, farms, next, poolEnd, varietyShare } = this;
    const { category, price } = shelf;
    const leastRepeated = varietyShare * recent.leastSameness(category, price);
    let place = shelf.first;
    shelf.best = -1;
    shelf.value = -Infinity;
    shelf.isExact = true;
    for (; place !== -1 && place < poolEnd; place = next[place]!) {
      const most = (1 - varietyShare) * order.scores[place]!;
      // Those that follow score no higher, and repeat no less.
      if (most - leastRepeated <= shelf.value) break;
      if (order.isGone(order.products[place]!) || !recent.farmFits(farms[place]!)) continue;
      const value = most - varietyShare * recent.samenessOf(farms[place]!, category, price);
      if (value <= shelf.value) continue;
      shelf.best = place;
      shelf.value = value;
    }
  }

  private firstFitting(capsCategories: boolean): number {
    const { order, recent, farms, next } = this;
    let best = -1;
    for (const shelf of this.shelves) {
      if (capsCategories && !recent.categoryFits(shelf.category)) continue;
      let place = this.firstOf(shelf);
      while (
        place !== -1 &&
        (best === -1 || place < best) &&
        (order.isGone(order.products[place]!) || !recent.farmFits(farms[place]!))
      )
        place = next[place]!;
      if (place !== -1 && (best === -1 || place < best)) best = place;
    }
    return best;
  }

  /** Drops what is gone from the front of a shelf. */
  private firstOf(shelf: Shelf): number {
    let place = shelf.first;
    while (place !== -1 && this.order.isGone(this.order.products[place]!)) place = this.next[place]!;
    shelf.first = place;
    return place;
  }

  private isInPool(product: number): boolean {
    if (this.poolEnd === 0) return false;
    const { products, scores } = this.order;
    const difference = this.order.firstScoreOf(product) - scores[this.poolEnd - 1]!;
    return difference > 0 || (difference === 0 && product <= products[this.poolEnd - 1]!);
  }

  private fillPool(): void {
    const { order } = this;
    this.valuedAfter = -1;
    while (this.leftInPool < poolSize) {
      if (this.poolEnd === this.shelved && !this.shelve(poolSize - this.leftInPool)) return;
      if (!order.isGone(order.products[this.poolEnd]!)) this.leftInPool++;
      this.poolEnd++;
    }
  }

  private keyOf(product: number): number {
    return this.columns.category[product]! * priceLevels + this.columns.priceTercile[product]!;
  }

  /** Puts up to `count` more of the best on their shelves. @returns false when there was none left */
  private shelve(count: number): boolean {
    const { order, shelfOf, farms, next } = this;
    const { farm } = this.columns;
    const start = this.shelved;
    let place = start;
    for (; place < start + count; place++) {
      const product = order.at(place);
      if (product === -1) break;
      farms[place] = farm[product]!;
      next[place] = -1;
      const shelf = (shelfOf[this.keyOf(product)] ??= this.newShelf(product));
      if (shelf.first === -1) shelf.first = place;
      else next[shelf.last] = place;
      shelf.last = place;
    }
    this.shelved = place;
    return place > start;
  }

  private newShelf(product: number): Shelf {
    const shelf = {
      category: this.columns.category[product]!,
      price: this.columns.priceTercile[product]!,
      first: -1,
      last: -1,
      best: -1,
      value: -Infinity,
      isExact: false,
    };
    this.shelves.push(shelf);
    return shelf;
  }
}

interface ShelvesOptions {
  readonly order: ScoreOrder;
  readonly recent: RecentPlaces;
  readonly columns: CandidateColumns;
  readonly varietyShare: number;
  readonly productCount: number;
}
