import { missingBin } from "./binning.ts";
import type { BinnedTable } from "./binning.ts";
import { splitByLevels } from "./level-split.ts";
import { splitWithinBounds } from "./monotone-split.ts";
import { nothing, type Candidate, type NodeSums, type Split, type SplitLimits } from "./split.ts";

/**
 * The split of a node that saves most, by half of G_l^2/(H_l + ridge) + G_r^2/(H_r + ridge) - G^2/(H + ridge). Unknown
 * values are tried on both sides; where the node has none they follow the heavier child. Equal gains keep the earlier
 * column and bin. Chen and Guestrin (2016), "XGBoost", equation 7 and algorithm 3.
 *
 * @returns nothing when no split saves more than `minGain` and leaves both children `minChildWeight`
 */
export function findBestSplit(
  histogram: Float64Array,
  table: BinnedTable,
  columns: Int32Array,
  node: NodeSums,
  limits: SplitLimits,
): Split | undefined {
  const { first, second } = node;
  const whole = (first * first) / (second + limits.ridge);
  const best: Candidate = {
    gain: 2 * limits.minGain + 1e-12 * (1 + whole),
    column: -1,
    bin: 0,
    missingLeft: false,
    levels: undefined,
    leftFirst: 0,
    leftSecond: 0,
  };
  for (let c = 0; c < columns.length; c++) {
    const column = columns[c]!;
    if (node.bounds) splitWithinBounds(best, histogram, table, column, node, node.bounds, limits);
    else if (table.isCategory[column] === 1) splitByLevels(best, histogram, table, column, node, limits);
    else splitByNumber(best, histogram, table, column, first, second, whole, limits);
  }
  if (best.column === -1) return undefined;
  return { ...best, gain: best.gain / 2 };
}

/** Bins in their order: those up to one of them go left. */
function splitByNumber(
  best: Candidate,
  histogram: Float64Array,
  { offsets, cuts }: BinnedTable,
  column: number,
  first: number,
  second: number,
  whole: number,
  { ridge, minChildWeight }: SplitLimits,
): void {
  const start = offsets[column]!;
  const missingFirst = histogram[start + 2 * missingBin]!;
  const missingSecond = histogram[start + 2 * missingBin + 1]!;
  const hasMissing = missingSecond > nothing;
  // With unknown values the last bin splits too: all that is known against what is not.
  const lastBin = cuts[column]!.length + (hasMissing ? 1 : 0);
  for (let side = hasMissing ? 0 : 1; side < 2; side++) {
    let leftFirst = side === 0 ? missingFirst : 0;
    let leftSecond = side === 0 ? missingSecond : 0;
    for (let bin = 1; bin <= lastBin; bin++) {
      leftFirst += histogram[start + 2 * bin]!;
      leftSecond += histogram[start + 2 * bin + 1]!;
      const rightSecond = second - leftSecond;
      if (leftSecond < minChildWeight) continue;
      if (rightSecond < minChildWeight || rightSecond <= nothing) break;
      const rightFirst = first - leftFirst;
      const gain =
        (leftFirst * leftFirst) / (leftSecond + ridge) +
        (rightFirst * rightFirst) / (rightSecond + ridge) -
        whole;
      if (!(gain > best.gain)) continue;
      best.gain = gain;
      best.column = column;
      best.bin = bin;
      best.missingLeft = hasMissing ? side === 0 : leftSecond >= rightSecond;
      best.levels = undefined;
      best.leftFirst = leftFirst;
      best.leftSecond = leftSecond;
    }
  }
}
