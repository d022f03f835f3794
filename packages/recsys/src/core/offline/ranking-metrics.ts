/**
 * Normalised discounted cumulative gain at k with equal gains: sum of 1 / log2(rank + 1) over the truth found, over the
 * best possible such sum. 0..1; 0 for an empty truth.
 */
export function ndcgAtK(ranked: readonly number[], truth: ReadonlySet<number>, k: number): number {
  let gain = 0;
  let best = 0;
  for (let i = 0; i < Math.min(k, ranked.length); i++)
    if (truth.has(ranked[i]!)) gain += 1 / Math.log2(i + 2);
  for (let i = 0; i < Math.min(k, truth.size); i++) best += 1 / Math.log2(i + 2);
  return best === 0 ? 0 : gain / best;
}

/** Share of the truth within the first k. 0 for an empty truth. */
export function recallAtK(ranked: readonly number[], truth: ReadonlySet<number>, k: number): number {
  let found = 0;
  for (let i = 0; i < Math.min(k, ranked.length); i++) if (truth.has(ranked[i]!)) found++;
  return truth.size === 0 ? 0 : found / truth.size;
}
