/** How a feature was spread: `edges` part the known values into bins, the last count is of unknown ones. */
export interface Histogram {
  readonly edges: readonly number[];
  /** One more than there are bins of known values; edges + 2. */
  readonly counts: readonly number[];
}

/**
 * Ten bins with about as many values each, by which later values are compared.
 *
 * @param values NaN where not known
 */
export function histogramOf(values: Float64Array, bins = 10): Histogram {
  const known = values.filter((value) => !Number.isNaN(value)).sort();
  const edges: number[] = [];
  for (let bin = 1; bin < bins; bin++) {
    const edge = known[Math.floor((bin * known.length) / bins)];
    if (edge !== undefined && edge !== edges.at(-1)) edges.push(edge);
  }
  return { edges, counts: countInto(edges, values) };
}

/** Counts of values in the bins of another histogram: a value on an edge is in the bin above it. */
export function countInto(edges: readonly number[], values: Float64Array): number[] {
  const counts = Array.from({ length: edges.length + 2 }, () => 0);
  for (const value of values) {
    if (Number.isNaN(value)) {
      counts[edges.length + 1]! += 1;
      continue;
    }
    let bin = 0;
    while (bin < edges.length && value >= edges[bin]!) bin++;
    counts[bin]! += 1;
  }
  return counts;
}

/** Ten bins of equal width for probabilities; for amounts see `histogramOf`. */
export const scoreEdges: readonly number[] = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

/** From this stability index on an input has drifted; below .1 it is calm. */
export const driftFrom = 0.25;
