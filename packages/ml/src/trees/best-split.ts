import { missingBin } from "./binning.ts";
import type { BinnedTable } from "./binning.ts";

export interface SplitLimits {
  readonly ridge: number;
  readonly minChildWeight: number;
  readonly minGain: number;
}

export interface Split {
  readonly column: number;
  /** Known values of bins up to this one go left. */
  readonly bin: number;
  readonly missingLeft: boolean;
  /** Loss saved, > 0. */
  readonly gain: number;
  readonly leftFirst: number;
  readonly leftSecond: number;
}

/** What remains of a bin's weight after subtraction when there was none: rounding, not rows. */
const nothing = 1e-9;

/**
 * The split of a node that saves most, by half of G_l^2/(H_l + ridge) + G_r^2/(H_r + ridge) - G^2/(H + ridge). Unknown
 * values are tried on both sides; where the node has none they follow the heavier child. Equal gains keep the earlier
 * column and bin. Chen and Guestrin (2016), "XGBoost", equation 7 and algorithm 3.
 *
 * @param first  sum of first derivatives of the node's rows
 * @param second sum of their second derivatives
 * @returns nothing when no split saves more than `minGain` and leaves both children `minChildWeight`
 */
export function findBestSplit(
  histogram: Float64Array,
  table: BinnedTable,
  columns: Int32Array,
  first: number,
  second: number,
  limits: SplitLimits,
): Split | undefined {
  const { ridge, minChildWeight } = limits;
  const { offsets, cuts } = table;
  const whole = (first * first) / (second + ridge);
  let bestGain = 2 * limits.minGain + 1e-12 * (1 + whole);
  let bestColumn = -1;
  let bestBin = 0;
  let bestMissingLeft = false;
  let bestLeftFirst = 0;
  let bestLeftSecond = 0;
  for (let c = 0; c < columns.length; c++) {
    const column = columns[c]!;
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
        if (!(gain > bestGain)) continue;
        bestGain = gain;
        bestColumn = column;
        bestBin = bin;
        bestMissingLeft = hasMissing ? side === 0 : leftSecond >= rightSecond;
        bestLeftFirst = leftFirst;
        bestLeftSecond = leftSecond;
      }
    }
  }
  if (bestColumn === -1) return undefined;
  return {
    column: bestColumn,
    bin: bestBin,
    missingLeft: bestMissingLeft,
    gain: bestGain / 2,
    leftFirst: bestLeftFirst,
    leftSecond: bestLeftSecond,
  };
}
