/** A function that rises in steps: up to `bounds[i]` it is `values[i]`, beyond the last bound the last value. */
export interface IsotonicFit {
  readonly bounds: Float64Array;
  readonly values: Float64Array;
}

/**
 * The rising step function with the least squared error: neighbours that fall are pooled into their mean.
 *
 * Ayer et al. (1955), "An Empirical Distribution Function for Sampling with Incomplete Information" (PAVA).
 *
 * @param scores finite numbers, in any order; equal ones share a step
 */
export function fitIsotonic(scores: ArrayLike<number>, labels: ArrayLike<number>): IsotonicFit {
  const order = Array.from(scores, (_, row) => row).sort((a, b) => scores[a]! - scores[b]!);
  const blocks: { bound: number; sum: number; rows: number }[] = [];
  for (let from = 0; from < order.length;) {
    const bound = scores[order[from]!]!;
    let sum = 0;
    let to = from;
    for (; to < order.length && scores[order[to]!] === bound; to++) sum += labels[order[to]!]!;
    blocks.push({ bound, sum, rows: to - from });
    from = to;
    for (let last = blocks.length - 1; last > 0; last--) {
      const [below, above] = [blocks[last - 1]!, blocks[last]!];
      if (below.sum * above.rows < above.sum * below.rows) break;
      blocks.splice(last - 1, 2, {
        bound: above.bound,
        sum: below.sum + above.sum,
        rows: below.rows + above.rows,
      });
    }
  }
  return {
    bounds: Float64Array.from(blocks, ({ bound }) => bound),
    values: Float64Array.from(blocks, ({ sum, rows }) => sum / rows),
  };
}

/** The step that a score is on; NaN of a fit to nothing. */
export function applyIsotonic({ bounds, values }: IsotonicFit, score: number): number {
  let low = 0;
  let high = bounds.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (score > bounds[middle]!) low = middle + 1;
    else high = middle;
  }
  return values[low] ?? Number.NaN;
}
