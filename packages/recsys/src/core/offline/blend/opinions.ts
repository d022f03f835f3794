import { topK } from "../../scores/top-k.ts";

/** The items that are looked at for one question, and a row of features for each, side by side. */
export interface Opinions {
  readonly items: readonly number[];
  /** `items.length` x (members + 1): the z-score by each member, then ln(1 + popularity). */
  readonly values: Float64Array;
}

/** Best items of each member that are looked at; one that likes all alike proposes none beside others. */
const keptOfEach = 60;

/**
 * What several models think of the union of their best items. Scores are centred and scaled by their deviation over all
 * items that may be listed, so that they mean the same for a member that was fitted to fewer carts or sessions.
 *
 * @param scores one array a member, one entry an item
 * @param excluded items that may not be listed
 */
export function gatherOpinions(
  scores: readonly Float64Array[],
  popularity: ArrayLike<number>,
  excluded: ReadonlySet<number>,
): Opinions {
  const moments = scores.map((own) => momentsOf(own, excluded));
  const somePrefer = moments.some(({ deviation }) => deviation > 0);
  const best = scores.flatMap((own, member) => {
    if (somePrefer && moments[member]!.deviation === 0) return [];
    const open = own.slice();
    for (const item of excluded) open[item] = -Infinity;
    return topK(open, keptOfEach);
  });
  const items = [...new Set(best)].sort((a, b) => a - b);
  const width = scores.length + 1;
  const values = new Float64Array(items.length * width);
  scores.forEach((own, member) => {
    const { mean, deviation } = moments[member]!;
    if (deviation > 0)
      items.forEach((item, row) => (values[row * width + member] = (own[item]! - mean) / deviation));
  });
  items.forEach((item, row) => (values[row * width + width - 1] = Math.log1p(popularity[item]!)));
  return { items, values };
}

function momentsOf(
  scores: Float64Array,
  excluded: ReadonlySet<number>,
): { readonly mean: number; readonly deviation: number } {
  let sum = 0;
  let squares = 0;
  for (let item = 0; item < scores.length; item++) {
    sum += scores[item]!;
    squares += scores[item]! ** 2;
  }
  for (const item of excluded) {
    sum -= scores[item]!;
    squares -= scores[item]! ** 2;
  }
  const count = Math.max(1, scores.length - excluded.size);
  const mean = sum / count;
  const variance = squares / count - mean ** 2;
  // What is left of equal numbers after subtraction is noise of their squares.
  const isNoise = variance <= 1e-24 + 1e-13 * (squares / count);
  return { mean, deviation: isNoise ? 0 : Math.sqrt(variance) };
}

/** The items of `opinions`, the best by a weighted sum of their features first; the smaller number first between equals. */
export function rankByWeights({ items, values }: Opinions, weights: ArrayLike<number>, k: number): number[] {
  return topK(weighOpinions({ items, values }, weights), k).map((at) => items[at]!);
}

/** The weighted sum of each item's features. */
export function weighOpinions({ items, values }: Opinions, weights: ArrayLike<number>): Float64Array {
  const width = weights.length;
  return Float64Array.from(items, (_, row) => {
    let sum = 0;
    for (let k = 0; k < width; k++) sum += weights[k]! * values[row * width + k]!;
    return sum;
  });
}
