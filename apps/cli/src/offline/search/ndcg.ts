/** NDCG@10 of gains in the order of the scores, greatest first, equals in the order they came; 0 when nothing gains. */
export function ndcgAt10(gains: readonly number[], scores: ArrayLike<number>): number {
  const order = gains.map((_, at) => at).sort((a, b) => scores[b]! - scores[a]! || a - b);
  const discounted = (list: readonly number[]): number =>
    list.slice(0, 10).reduce((sum, gain, at) => sum + gain / Math.log2(at + 2), 0);
  const best = discounted(gains.toSorted((a, b) => b - a));
  return best === 0 ? 0 : discounted(order.map((at) => gains[at]!)) / best;
}

/** Gain of a grade as the development sets score it: 2^(grade-1) - 1, and 0 for what nobody judged. */
export function gainOf(grade: number | undefined): number {
  return grade === undefined ? 0 : Math.max(0, 2 ** (grade - 1) - 1);
}

/**
 * Student's t of paired differences: their mean over its standard error. 0 for fewer than ten pairs, which prove nothing.
 */
export function pairedT(differences: readonly number[]): number {
  const n = differences.length;
  if (n < 10) return 0;
  const mean = differences.reduce((sum, value) => sum + value, 0) / n;
  const variance = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  if (variance === 0) return mean === 0 ? 0 : Math.sign(mean) * Infinity;
  return mean / Math.sqrt(variance / n);
}
