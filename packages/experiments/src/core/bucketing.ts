import { fnv1a } from "@almanac/kernel";

/** A part [from, to) of the unit interval. */
export interface BucketRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Where a unit falls in [0, 1), the same in every process and on every day.
 *
 * The hash is 32-bit FNV-1a over the UTF-16 code units of `seed + "/" + unit`, then MurmurHash3's final mix; its number is
 * written in decimal and hashed once more with `seed` in front, so that two seeds share no bits; the result is divided by
 * 2³². Anyone can repeat it; `bucketing.test.ts` lists values to hold another implementation to.
 *
 * @param unit the id of a shopper
 * @param seed what the number is for: another seed gives an independent number
 */
export function bucketOf(unit: string, seed: string): number {
  const first = fnv1a(`${seed}/${unit}`);
  return fnv1a(`${seed}:${first}`) / 4_294_967_296;
}

export function isInRange(bucket: number, { from, to }: BucketRange): boolean {
  return bucket >= from && bucket < to;
}

/**
 * Neighbouring ranges as wide as the weights, the first from 0, the last to 1.
 *
 * @param weights each >= 0, with a sum of one
 */
export function rangesOf(weights: readonly number[]): BucketRange[] {
  let from = 0;
  return weights.map((weight, at) => {
    const to = at === weights.length - 1 ? 1 : from + weight;
    const range = { from, to };
    from = to;
    return range;
  });
}

/** How far from one a sum of weights may be by rounding. */
export const weightTolerance = 1e-6;

/** Whether weights can be shares: none negative, all finite, sum one. */
export function sumToOne(weights: readonly number[]): boolean {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return (
    weights.every((weight) => weight >= 0 && Number.isFinite(weight)) && Math.abs(sum - 1) <= weightTolerance
  );
}
