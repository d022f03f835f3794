import { CandidateScores, scoresOfAll } from "./candidate-scores.ts";
import { byteScratch, floatScratch, intScratch, shortScratch } from "./scratch.ts";
import { sortByScore } from "./sort-by-score.ts";

/** About so many are put in order at first; a look beyond them goes four times as far, the next one to the end. */
const firstTier = 640;
/** Every so many products one is looked at to guess how good the best are; prime, so that no pattern of the ids is met. */
const sampleStride = 7;
const sampleBuckets = 512;
/** Buckets of scores within a tier. */
const bucketCount = 512;

const sampleScratch = intScratch();
const endScratch = intScratch();
const cursorScratch = intScratch();
const foundScratch = intScratch();
const foundScoreScratch = floatScratch();
const bucketScratch = shortScratch();
const orderScratch = intScratch();
const orderScoreScratch = floatScratch();
const goneScratch = byteScratch();
const copyScratch = floatScratch();

type Accept = (product: number) => boolean;

/**
 * Products from the best to the worst, found out no further than somebody looks: a sample tells above which score some
 * hundred are, one pass collects these, they are parted into buckets of scores, and a bucket is sorted when somebody first
 * looks into it. Equal scores come by the smaller product.
 */
export class ScoreOrder {
  /** By place, as far as `at` was asked: the product and its score. */
  readonly products: Int32Array;
  readonly scores: Float64Array;
  private readonly all: CandidateScores;
  private readonly gone: Uint8Array;
  /** Places that are found out, the last of their buckets not yet sorted. */
  private placed = 0;
  /** Every score from here on up is placed. */
  private cut = Infinity;
  private tiers = 0;
  /** Of the last tier: by bucket from 1 the place after its last product. */
  private readonly ends = endScratch.borrowAsIs(bucketCount + 1);
  private sortedBuckets = bucketCount;
  /** Places that are sorted. */
  private sorted = 0;
  /** Every place before it is gone. */
  private from = 0;

  constructor(all: CandidateScores) {
    const { productCount } = all;
    this.all = all;
    this.products = orderScratch.borrowAsIs(productCount);
    this.scores = orderScoreScratch.borrowAsIs(productCount);
    this.gone = goneScratch.borrow(productCount);
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
    while (this.from < this.sorted && this.gone[this.products[this.from]!] === 1) this.from++;
  }

  isGone(product: number): boolean {
    return this.gone[product] === 1;
  }

  /** -Infinity once it was removed. */
  scoreOf(product: number): number {
    return this.gone[product] === 1 ? -Infinity : this.all.at(product);
  }

  /** The same of many, in their order. */
  readScores(products: ArrayLike<number>, into: Float64Array): void {
    const { gone } = this;
    this.all.readScores(products, into);
    for (let at = 0; at < products.length; at++) if (gone[products[at]!] === 1) into[at] = -Infinity;
  }

  /** The score that it had at first, removed or not. */
  firstScoreOf(product: number): number {
    return this.all.at(product);
  }

  /** The product of a place among all that there were, counted from 0 for the best; -1 beyond the last. */
  at(place: number): number {
    while (place >= this.sorted) {
      if (this.sortedBuckets < bucketCount) this.sortNextBucket();
      else if (!this.placeNextTier()) return -1;
    }
    return this.products[place]!;
  }

  private sortNextBucket(): void {
    const end = this.ends[++this.sortedBuckets]!;
    if (end > this.sorted + 1) sortByScore(this.products, this.scores, { start: this.sorted, end });
    this.sorted = end;
  }

  /** @returns false when there is nobody left to place */
  private placeNextTier(): boolean {
    if (this.cut === -Infinity) return false;
    const below = this.cut;
    this.cut = cutFor(this.all, this.tiers++);
    const products = foundScratch.borrowAsIs(this.all.productCount);
    const scores = foundScoreScratch.borrowAsIs(this.all.productCount);
    const count = collect(this.all, { from: this.cut, below }, { products, scores });
    this.part(products, scores, count);
    return true;
  }

  /** Parts what was found into buckets of scores. */
  private part(found: Int32Array, foundScores: Float64Array, count: number): void {
    const { ends, products, scores } = this;
    let highest = -Infinity;
    let lowest = Infinity;
    for (let i = 0; i < count; i++) {
      highest = Math.max(highest, foundScores[i]!);
      lowest = Math.min(lowest, foundScores[i]!);
    }
    // One less than there are buckets, as the lowest score falls onto the bound of the last.
    const scale = highest > lowest ? (bucketCount - 1) / (highest - lowest) : 0;
    const bucketOf = bucketScratch.borrowAsIs(count);
    ends.fill(0);
    for (let i = 0; i < count; i++) {
      const bucket = ((highest - foundScores[i]!) * scale) | 0;
      bucketOf[i] = bucket;
      ends[bucket + 1]!++;
    }
    ends[0] = this.placed;
    for (let bucket = 0; bucket < bucketCount; bucket++) ends[bucket + 1]! += ends[bucket]!;
    const cursors = cursorScratch.borrowAsIs(bucketCount + 1);
    cursors.set(ends);
    for (let i = 0; i < count; i++) {
      const place = cursors[bucketOf[i]!]!++;
      products[place] = found[i]!;
      scores[place] = foundScores[i]!;
    }
    this.placed += count;
    this.sortedBuckets = 0;
  }
}

interface Found {
  readonly products: Int32Array;
  readonly scores: Float64Array;
}

/** All products with a score from `from` to below `below`. */
function collect(
  all: CandidateScores,
  { from, below }: { readonly from: number; readonly below: number },
  into: Found,
): number {
  const { products, values, count } = all.ownScores;
  let found = 0;
  for (let slot = 0; slot < count; slot++) {
    const score = values[slot]!;
    if (!(score >= from && score < below && score > -Infinity)) continue;
    into.products[found] = products[slot]!;
    into.scores[found++] = score;
  }
  return all.kinds === undefined ? found : collectKinds(all, { from, below }, { into, found });
}

/** Of the products without a score of their own, after those that were found. */
function collectKinds(
  { kinds, ownScores }: CandidateScores,
  { from, below }: { readonly from: number; readonly below: number },
  { into, found: before }: { readonly into: Found; readonly found: number },
): number {
  const { scoreOfKind, productsOfKind } = kinds!;
  let found = before;
  for (let kind = 1; kind < scoreOfKind.length; kind++) {
    const score = scoreOfKind[kind]!;
    if (!(score >= from && score < below && score > -Infinity)) continue;
    const end = productsOfKind.offsets[kind + 1]!;
    for (let at = productsOfKind.offsets[kind]!; at < end; at++) {
      const product = productsOfKind.values[at]!;
      if (ownScores.slotOf[product] !== 0) continue;
      into.products[found] = product;
      into.scores[found++] = score;
    }
  }
  return found;
}

/** A score above which about as many are as a tier is to hold; -Infinity for all. Guessed, so no more than about. */
function cutFor({ ownScores, kinds }: CandidateScores, tier: number): number {
  const { values, count } = ownScores;
  const wanted = firstTier * 4 ** tier;
  const most = count + (kinds?.productsOfKind.values.length ?? 0);
  if (tier > 1 || most < 2 * wanted) return -Infinity;
  const sample = sampleScratch.borrow(sampleBuckets);
  for (let slot = 0; slot < count; slot += sampleStride) note(sample, values[slot]!, sampleStride);
  if (kinds !== undefined) {
    // Of a kind also those are counted that have a score of their own: it is a guess.
    const { scoreOfKind, productsOfKind } = kinds;
    for (let kind = 1; kind < scoreOfKind.length; kind++)
      note(sample, scoreOfKind[kind]!, productsOfKind.offsets[kind + 1]! - productsOfKind.offsets[kind]!);
  }
  let left = wanted;
  for (let bucket = sampleBuckets - 1; bucket > 0; bucket--) {
    left -= sample[bucket]!;
    if (left <= 0) return bucket / sampleBuckets;
  }
  return -Infinity;
}

function note(sample: Int32Array, score: number, by: number): void {
  if (score > 0) sample[Math.min(sampleBuckets - 1, (score * sampleBuckets) | 0)]! += by;
}

/**
 * The order holds until the next one is made: it is for work that ends before its function returns.
 *
 * @param scores by product; -Infinity and NaN are no candidates. Not changed, and not to be changed while the order is used
 */
export function orderScores(scores: ArrayLike<number> | CandidateScores): ScoreOrder {
  if (scores instanceof CandidateScores) return new ScoreOrder(scores);
  if (scores instanceof Float64Array) return new ScoreOrder(scoresOfAll(scores));
  const copy = copyScratch.borrowAsIs(scores.length);
  for (let product = 0; product < copy.length; product++) copy[product] = scores[product]!;
  return new ScoreOrder(scoresOfAll(copy));
}
