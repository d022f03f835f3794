import { invariant } from "@almanac/kernel";
import type { TrainingData } from "./boosted-trees.ts";
import { readTargets } from "./losses.ts";
import type { Loss } from "./losses.ts";

interface Group {
  readonly start: number;
  readonly size: number;
  /** Mean weight of its rows. */
  readonly weight: number;
  /** The best sum of discounted gains there is; 0 when every label is 0. */
  readonly ideal: number;
}

/**
 * LambdaRank: every pair of differently labelled rows of a group pulls apart by the logistic loss of its score
 * difference, times what swapping the two would change in NDCG at `ndcgAt`. The value is 1 - mean NDCG, which has no
 * useful derivative of its own.
 *
 * The pulls of a group are scaled by log2(1 + s) / s of their sum s, so that a group with many pairs does not drown the
 * others. Equal scores rank in the order of the rows. Burges (2010), "From RankNet to LambdaRank to LambdaMART", section
 * 4; the scaling is the one of LightGBM's `lambdarank_norm`.
 *
 * @param data grades >= 0 as labels, worth 2^grade - 1, and `groupSizes`
 */
export function lambdaRankLoss(data: TrainingData, ndcgAt: number): Loss {
  const { labels, weights } = readTargets(data);
  invariant(Number.isInteger(ndcgAt) && ndcgAt > 0, "ndcgAt is a whole number > 0");
  invariant(
    labels.every((label) => label >= 0 && label <= 30),
    "a grade is 0 to 30",
  );
  const gains = labels.map((label) => 2 ** label - 1);
  const groups = readGroups(data, gains, weights, ndcgAt);
  const longest = groups.reduce((most, { size }) => Math.max(most, size), 0);
  const discounts = Float64Array.from({ length: longest }, (_, rank) =>
    rank < ndcgAt ? 1 / Math.log2(rank + 2) : 0,
  );
  const totalWeight = groups.reduce((total, group) => total + (group.ideal > 0 ? group.weight : 0), 0);
  return {
    base: 0,
    derivatives(scores, out) {
      out.fill(0);
      for (const group of groups) if (group.ideal > 0) addPulls(group, scores, gains, discounts, ndcgAt, out);
    },
    value(scores) {
      let lost = 0;
      for (const group of groups) {
        if (group.ideal === 0) continue;
        const order = rankOf(group, scores);
        let dcg = 0;
        for (let rank = 0; rank < order.length; rank++)
          dcg += gains[group.start + order[rank]!]! * discounts[rank]!;
        lost += group.weight * (1 - dcg / group.ideal);
      }
      return totalWeight > 0 ? lost / totalWeight : 0;
    },
  };
}

function addPulls(
  { start, size, weight, ideal }: Group,
  scores: Float64Array,
  gains: Float64Array,
  discounts: Float64Array,
  ndcgAt: number,
  out: Float64Array,
): void {
  const order = rankOf({ start, size }, scores);
  let pull = 0;
  for (let above = 0; above < Math.min(size, ndcgAt); above++) {
    const one = start + order[above]!;
    for (let below = above + 1; below < size; below++) {
      const other = start + order[below]!;
      const gap = gains[one]! - gains[other]!;
      if (gap === 0) continue;
      const change = (Math.abs(gap) * (discounts[above]! - discounts[below]!)) / ideal;
      const [better, worse] = gap > 0 ? [one, other] : [other, one];
      const doubt = 1 / (1 + Math.exp(scores[better]! - scores[worse]!));
      const force = doubt * change;
      const second = force * (1 - doubt);
      out[2 * better]! -= force;
      out[2 * worse]! += force;
      out[2 * better + 1]! += second;
      out[2 * worse + 1]! += second;
      pull += 2 * force;
    }
  }
  if (pull === 0) return;
  const scale = (weight * Math.log2(1 + pull)) / pull;
  for (let at = 2 * start; at < 2 * (start + size); at++) out[at]! *= scale;
}

/** Places of a group's rows, best score first, the earlier row first between equals. */
function rankOf({ start, size }: Pick<Group, "start" | "size">, scores: Float64Array): Uint32Array {
  return Uint32Array.from({ length: size }, (_, at) => at).sort(
    (a, b) => scores[start + b]! - scores[start + a]! || a - b,
  );
}

function readGroups(
  data: TrainingData,
  gains: Float64Array,
  weights: Float64Array,
  ndcgAt: number,
): readonly Group[] {
  invariant(data.groupSizes !== undefined, "lambdarank needs groupSizes");
  let start = 0;
  const groups = Array.from(data.groupSizes, (size): Group => {
    invariant(Number.isInteger(size) && size > 0, "a group has at least one row");
    const own = gains
      .slice(start, start + size)
      .sort()
      .reverse();
    const ideal = own.subarray(0, ndcgAt).reduce((dcg, gain, rank) => dcg + gain / Math.log2(rank + 2), 0);
    const weight = weights.subarray(start, start + size).reduce((total, one) => total + one, 0) / size;
    const group = { start, size, weight, ideal };
    start += size;
    return group;
  });
  invariant(start === gains.length, "groupSizes do not sum to the rows");
  return groups;
}
