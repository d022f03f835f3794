import { invariant, seededRng } from "@almanac/kernel";

export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Mean difference of two losses over the same rows with its interval of 95 %, by the bootstrap over clusters: rows of one
 * shopper are alike, so shoppers are drawn rather than rows.
 *
 * @param differences one a row, such as loss of the old minus loss of the new: above 0 the new is better
 * @param clusterOf   the cluster of each row, 0 and up
 */
export function pairedInterval(
  differences: ArrayLike<number>,
  clusterOf: ArrayLike<number>,
  { seed, draws = 1_000 }: { seed: number; draws?: number },
): Interval {
  invariant(
    differences.length === clusterOf.length && differences.length > 0,
    "a difference has its cluster",
  );
  const ids = new Map<number, number>();
  const sums: number[] = [];
  const rows: number[] = [];
  for (let row = 0; row < differences.length; row++) {
    const at = ids.get(clusterOf[row]!) ?? ids.size;
    ids.set(clusterOf[row]!, at);
    sums[at] = (sums[at] ?? 0) + differences[row]!;
    rows[at] = (rows[at] ?? 0) + 1;
  }
  const total = sums.reduce((sum, own) => sum + own, 0);
  const rng = seededRng(`paired/${seed}`);
  const means = Float64Array.from({ length: draws }, () => {
    let sum = 0;
    let count = 0;
    for (let draw = 0; draw < sums.length; draw++) {
      const at = rng.int(sums.length);
      sum += sums[at]!;
      count += rows[at]!;
    }
    return sum / count;
  }).sort();
  const at = (share: number): number => means[Math.min(draws - 1, Math.floor(share * draws))]!;
  return { mean: total / differences.length, low: at(0.025), high: at(0.975) };
}
