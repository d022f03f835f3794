import { byteScratch, floatScratch, intScratch } from "./scratch.ts";

/** About so many are put in order at first; a look beyond them goes four times as far, the next one to the end. */
const firstTier = 1_024;
/** Every so many products one is looked at to guess how good the best are; prime, so that no pattern of the ids is met. */
const sampleStride = 17;
const sampleBuckets = 512;
/** Buckets of scores within a tier. */
const bucketCount = 1_024;
/** A bucket of so many is put in order by moving each to its place, which is done at once where most are equal. */
const fewInBucket = 24;

const sampleScratch = intScratch();
const foundScratch = intScratch();
const endScratch = intScratch();
const cursorScratch = intScratch();
const orderScratch = intScratch();
const goneScratch = byteScratch();
const copyScratch = floatScratch();

type Accept = (product: number) => boolean;

/**
 * Products from the best to the worst, found out no further than somebody looks: a sample tells above which score about a
 * thousand are, one pass collects these, they are parted into buckets of scores, and a bucket is sorted when somebody first
 * looks into it. Equal scores come by the smaller product.
 */
export class ScoreOrder {
  private readonly scores: Float64Array;
  private readonly order: Int32Array;
  private readonly gone: Uint8Array;
  /** Places that are found out, the last of their buckets not yet sorted. */
  private placed = 0;
  /** Every score from here on up is placed. */
  private cut = Infinity;
  private tiers = 0;
  /** Of the last tier: by bucket from 1 the place after its last product. */
  private readonly ends = endScratch.borrowAsIs(bucketCount + 1);
  private sortedBuckets = bucketCount;
  /** Every place before it is gone. */
  private from = 0;

  constructor(scores: Float64Array) {
    this.scores = scores;
    this.order = orderScratch.borrowAsIs(scores.length);
    this.gone = goneScratch.borrow(scores.length);
    this.ends[bucketCount] = 0;
  }

  /** The best `count` that are left and accepted, best first. */
  take(count: number, accept?: Accept): number[] {
    const found: number[] = [];
    for (let place = this.from; found.length < count; place++) {
      const product = this.at(place);
      if (product === -1) break;
      if (this.gone[product] === 0 && (accept === undefined || accept(product))) found.push(product);
    }
    return found;
  }

  /** The best that is left and accepted. */
  first(accept?: Accept): number | undefined {
    for (let place = this.from; ; place++) {
      const product = this.at(place);
      if (product === -1) return undefined;
      if (this.gone[product] === 0 && (accept === undefined || accept(product))) return product;
    }
  }

  /** It is no candidate any more. */
  remove(product: number): void {
    this.gone[product] = 1;
    while (this.from < this.placed && this.gone[this.at(this.from)] === 1) this.from++;
  }

  /** -Infinity once it was removed. */
  scoreOf(product: number): number {
    return this.gone[product] === 1 ? -Infinity : this.scores[product]!;
  }

  isGone(product: number): boolean {
    return this.gone[product] === 1;
  }

  /** The score that it had at first, removed or not. */
  scoreAt(product: number): number {
    return this.scores[product]!;
  }

  /** The product of a place among all that there were, counted from 0 for the best; -1 beyond the last. */
  at(place: number): number {
    while (place >= this.ends[this.sortedBuckets]!) {
      if (this.sortedBuckets < bucketCount) this.sortNextBucket();
      else if (!this.placeNextTier()) return -1;
    }
    return this.order[place]!;
  }

  private sortNextBucket(): void {
    const { ends, order, scores } = this;
    const start = ends[this.sortedBuckets]!;
    const end = ends[++this.sortedBuckets]!;
    if (end - start > fewInBucket) {
      order.subarray(start, end).sort((a, b) => scores[b]! - scores[a]! || a - b);
      return;
    }
    for (let place = start + 1; place < end; place++) {
      const product = order[place]!;
      const score = scores[product]!;
      let to = place;
      for (; to > start && scores[order[to - 1]!]! < score; to--) order[to] = order[to - 1]!;
      order[to] = product;
    }
  }

  /** @returns false when there is nobody left to place */
  private placeNextTier(): boolean {
    if (this.cut === -Infinity) return false;
    const below = this.cut;
    this.cut = cutFor(this.scores, this.tiers++);
    const found = foundScratch.borrowAsIs(this.scores.length);
    const count = collect(this.scores, this.cut, below, found);
    this.part(found, count);
    return true;
  }

  /** Parts what was found into buckets of scores, in each the smaller product first. */
  private part(found: Int32Array, count: number): void {
    const { ends, order, scores } = this;
    let highest = -Infinity;
    let lowest = Infinity;
    for (let i = 0; i < count; i++) {
      const score = scores[found[i]!]!;
      if (score > highest) highest = score;
      if (score < lowest) lowest = score;
    }
    // One less than there are buckets, as the lowest score falls onto the bound of the last.
    const scale = highest > lowest ? (bucketCount - 1) / (highest - lowest) : 0;
    ends.fill(0);
    for (let i = 0; i < count; i++) ends[(((highest - scores[found[i]!]!) * scale) | 0) + 1]!++;
    ends[0] = this.placed;
    for (let bucket = 0; bucket < bucketCount; bucket++) ends[bucket + 1]! += ends[bucket]!;
    const cursors = cursorScratch.borrowAsIs(bucketCount + 1);
    cursors.set(ends);
    for (let i = 0; i < count; i++) {
      const product = found[i]!;
      order[cursors[((highest - scores[product]!) * scale) | 0]!++] = product;
    }
    this.placed += count;
    this.sortedBuckets = 0;
  }
}

/** All products with a score from `from` to below `below`, ascending. */
function collect(scores: Float64Array, from: number, below: number, into: Int32Array): number {
  let count = 0;
  for (let product = 0; product < scores.length; product++) {
    const score = scores[product]!;
    if (score >= from && score < below && score > -Infinity) into[count++] = product;
  }
  return count;
}

/** A score above which about as many are as a tier is to hold; -Infinity for all. Guessed, so no more than about. */
function cutFor(scores: Float64Array, tier: number): number {
  const wanted = firstTier * 4 ** tier;
  if (tier > 1 || scores.length < 2 * wanted) return -Infinity;
  const sample = sampleScratch.borrow(sampleBuckets);
  for (let product = 0; product < scores.length; product += sampleStride) {
    const score = scores[product]!;
    if (score > 0) sample[Math.min(sampleBuckets - 1, (score * sampleBuckets) | 0)]!++;
  }
  let left = wanted / sampleStride;
  for (let bucket = sampleBuckets - 1; bucket > 0; bucket--) {
    left -= sample[bucket]!;
    if (left <= 0) return bucket / sampleBuckets;
  }
  return -Infinity;
}

/**
 * The order holds until the next one is made: it is for work that ends before its function returns.
 *
 * @param scores by product; -Infinity and NaN are no candidates. Not changed, and not to be changed while the order is used
 */
export function orderScores(scores: ArrayLike<number>): ScoreOrder {
  if (scores instanceof Float64Array) return new ScoreOrder(scores);
  const copy = copyScratch.borrowAsIs(scores.length);
  for (let product = 0; product < copy.length; product++) copy[product] = scores[product]!;
  return new ScoreOrder(copy);
}
