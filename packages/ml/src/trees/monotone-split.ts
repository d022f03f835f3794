import type { BinnedTable } from "./binning.ts";
import { missingBin } from "./binning.ts";
import { splitByLevels } from "./level-split.ts";
import { nothing, type Bounds, type Candidate, type NodeSums, type SplitLimits } from "./split.ts";

export const unbounded: Bounds = { low: -Infinity, high: Infinity };

/** What a node answers as a leaf, before shrinkage: -G / (H + ridge), kept within bounds; 0 where nothing weighs. */
export function boundedAnswer(first: number, second: number, ridge: number, bounds: Bounds): number {
  const free = -first / (second + ridge);
  return Math.max(bounds.low, Math.min(bounds.high, Number.isFinite(free) ? free : 0));
}

/**
 * The best split of a column where answers are bounded: each child is worth what it saves with an answer within the
 * bounds, and a held column is split only where the answers stand in its direction. Two answers of a split are then parted
 * by their middle, below and above which all further splits stay (`boundsOfChildren`). As in XGBoost.
 */
export function splitWithinBounds(
  best: Candidate,
  histogram: Float64Array,
  table: BinnedTable,
  column: number,
  node: NodeSums,
  bounds: Bounds,
  limits: SplitLimits,
): void {
  if (table.isCategory[column] === 1) return splitByLevels(best, histogram, table, column, node, limits);
  const { ridge, minChildWeight } = limits;
  const direction = limits.monotone?.[column] ?? 0;
  const saved = (first: number, second: number, answer: number): number =>
    -(2 * first * answer + (second + ridge) * answer * answer);
  const whole = saved(node.first, node.second, boundedAnswer(node.first, node.second, ridge, bounds));
  const start = table.offsets[column]!;
  const missing = [histogram[start + 2 * missingBin]!, histogram[start + 2 * missingBin + 1]!] as const;
  const hasMissing = missing[1] > nothing;
  const lastBin = table.cuts[column]!.length + (hasMissing ? 1 : 0);
  for (let side = hasMissing ? 0 : 1; side < 2; side++) {
    let [leftFirst, leftSecond] = side === 0 ? missing : [0, 0];
    for (let bin = 1; bin <= lastBin; bin++) {
      leftFirst += histogram[start + 2 * bin]!;
      leftSecond += histogram[start + 2 * bin + 1]!;
      const rightSecond = node.second - leftSecond;
      if (leftSecond < minChildWeight) continue;
      if (rightSecond < minChildWeight || rightSecond <= nothing) break;
      const rightFirst = node.first - leftFirst;
      const left = boundedAnswer(leftFirst, leftSecond, ridge, bounds);
      const right = boundedAnswer(rightFirst, rightSecond, ridge, bounds);
      if (direction * (right - left) < 0) continue;
      const gain = saved(leftFirst, leftSecond, left) + saved(rightFirst, rightSecond, right) - whole;
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

/** What the children of a split on a column that is held in a direction have to stay within. */
export function boundsOfChildren(
  bounds: Bounds,
  direction: number,
  left: number,
  right: number,
): readonly [Bounds, Bounds] {
  if (direction === 0) return [bounds, bounds];
  const middle = (left + right) / 2;
  const below: Bounds = { low: bounds.low, high: middle };
  const above: Bounds = { low: middle, high: bounds.high };
  return direction > 0 ? [below, above] : [above, below];
}
