import { floatScratch, intScratch, shortScratch } from "./scratch.ts";

/** Products from the best to the worst, found out no further than somebody looks. */
export interface ScoreOrder {
  /** The best `count` that are left and accepted, best first. */
  take(count: number, accept?: (product: number) => boolean): number[];
  /** The best that is left and accepted. */
  first(accept?: (product: number) => boolean): number | undefined;
  /** It is no candidate any more. */
  remove(product: number): void;
  /** -Infinity once it was removed. */
  scoreOf(product: number): number;
}

/** Many products share a score (what only the season names), so more buckets would mostly stay empty. */
const bucketCount = 1_024;

const scoreScratch = floatScratch();
const orderScratch = intScratch();
const startScratch = intScratch();
const bucketScratch = shortScratch();

/**
 * Orders scores by one counting pass into buckets; a bucket is sorted when somebody first looks into it, which for most
 * never happens. Equal scores come by the smaller product. O(n) for the first few hundred of n.
 *
 * The order holds until the next one is made: it is for work that ends before its function returns.
 *
 * @param scores by product; -Infinity and NaN are no candidates. Not changed
 */
export function orderScores(scores: ArrayLike<number>): ScoreOrder {
  const { length } = scores;
  const left = scoreScratch.borrow(length, -Infinity);
  // Bucket by product, from 1; 0 is no candidate. starts[b + 1] counts bucket b, then becomes where it ends.
  const buckets = bucketScratch.borrow(length);
  const starts = startScratch.borrow(bucketCount + 1);
  for (let product = 0; product < length; product++) {
    const score = scores[product]!;
    if (!(score > -Infinity)) continue;
    left[product] = score;
    // Scores are shares of one; what a rule raised above it shares the first bucket, and is sorted there.
    const bucket = score >= 1 ? 1 : Math.min(bucketCount, (Math.min(1, 1 - score) * bucketCount + 1) | 0);
    buckets[product] = bucket;
    starts[bucket]!++;
  }
  for (let bucket = 0; bucket < bucketCount; bucket++) starts[bucket + 1]! += starts[bucket]!;
  const size = starts[bucketCount]!;
  const order = orderScratch.borrow(size);
  for (let product = length - 1; product >= 0; product--) {
    const bucket = buckets[product]!;
    if (bucket > 0) order[--starts[bucket]!] = product;
  }
  // Now starts[b + 1] is where bucket b begins.
  let sortedUpTo = 0;
  let nextBucket = 0;
  let from = 0;

  const at = (place: number): number => {
    while (place >= sortedUpTo) {
      const end = nextBucket + 2 <= bucketCount ? starts[nextBucket + 2]! : size;
      if (end - sortedUpTo > 1)
        order.subarray(sortedUpTo, end).sort((a, b) => scores[b]! - scores[a]! || a - b);
      sortedUpTo = end;
      nextBucket++;
    }
    return order[place]!;
  };

  return {
    take(count, accept) {
      const found: number[] = [];
      for (let place = from; place < size && found.length < count; place++) {
        const product = at(place);
        if (left[product]! > -Infinity && (accept === undefined || accept(product))) found.push(product);
      }
      return found;
    },
    first(accept) {
      for (let place = from; place < size; place++) {
        const product = at(place);
        if (left[product]! > -Infinity && (accept === undefined || accept(product))) return product;
      }
      return undefined;
    },
    remove(product) {
      left[product] = -Infinity;
      while (from < size && left[at(from)] === -Infinity) from++;
    },
    scoreOf: (product) => left[product]!,
  };
}
