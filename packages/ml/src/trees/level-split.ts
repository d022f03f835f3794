import type { BinnedTable } from "./binning.ts";
import { nothing, type Candidate, type NodeSums, type SplitLimits } from "./split.ts";

/** Levels of a node up to which one is told from all others; with more, sets of them are. */
const fewLevels = 12;
/** Weight of no answer that a level's mean is mixed with before levels are sorted by it. */
const smoothing = 10;

/**
 * The best split of a column of codes. With few levels: each alone against the rest, as with one column of 0 and 1 a level.
 * With many: levels sorted by their mean derivative, those up to one of them against the rest, which for a sum of squares is
 * the best of all sets (Fisher, 1958, "On Grouping for Maximum Homogeneity"); both children are held back by `smoothing` more
 * then, since sets fit noise. What is not known is a level like others.
 */
export function splitByLevels(
  best: Candidate,
  histogram: Float64Array,
  { offsets, cuts }: BinnedTable,
  column: number,
  node: NodeSums,
  limits: SplitLimits,
): void {
  const start = offsets[column]!;
  const bins = cuts[column]!.length + 2;
  let present = 0;
  for (let bin = 0; bin < bins; bin++) if (histogram[start + 2 * bin + 1]! > nothing) present++;
  if (present < 2) return;
  if (present <= fewLevels) oneAgainstRest(best, histogram, start, bins, column, node, limits);
  else sortedSets(best, histogram, start, bins, column, node, limits);
}

function oneAgainstRest(
  best: Candidate,
  histogram: Float64Array,
  start: number,
  bins: number,
  column: number,
  { first, second }: NodeSums,
  { ridge, minChildWeight }: SplitLimits,
): void {
  const whole = (first * first) / (second + ridge);
  let found = -1;
  for (let bin = 0; bin < bins; bin++) {
    const leftSecond = histogram[start + 2 * bin + 1]!;
    const rightSecond = second - leftSecond;
    if (leftSecond <= nothing || leftSecond < minChildWeight) continue;
    if (rightSecond < minChildWeight || rightSecond <= nothing) continue;
    const leftFirst = histogram[start + 2 * bin]!;
    const rightFirst = first - leftFirst;
    const gain =
      (leftFirst * leftFirst) / (leftSecond + ridge) +
      (rightFirst * rightFirst) / (rightSecond + ridge) -
      whole;
    if (!(gain > best.gain)) continue;
    found = bin;
    best.gain = gain;
    best.leftFirst = leftFirst;
    best.leftSecond = leftSecond;
  }
  if (found >= 0) keep(best, column, bins, [found]);
}

function sortedSets(
  best: Candidate,
  histogram: Float64Array,
  start: number,
  bins: number,
  column: number,
  { first, second }: NodeSums,
  limits: SplitLimits,
): void {
  const ridge = limits.ridge + smoothing;
  const whole = (first * first) / (second + ridge);
  const present: { bin: number; first: number; second: number; mean: number }[] = [];
  for (let bin = 0; bin < bins; bin++) {
    const [own, weight] = [histogram[start + 2 * bin]!, histogram[start + 2 * bin + 1]!];
    if (weight > nothing) present.push({ bin, first: own, second: weight, mean: own / (weight + smoothing) });
  }
  present.sort((a, b) => a.mean - b.mean || a.bin - b.bin);
  let leftFirst = 0;
  let leftSecond = 0;
  let found = -1;
  for (let at = 0; at + 1 < present.length; at++) {
    leftFirst += present[at]!.first;
    leftSecond += present[at]!.second;
    const rightSecond = second - leftSecond;
    if (leftSecond < limits.minChildWeight) continue;
    if (rightSecond < limits.minChildWeight || rightSecond <= nothing) break;
    const rightFirst = first - leftFirst;
    const gain =
      (leftFirst * leftFirst) / (leftSecond + ridge) +
      (rightFirst * rightFirst) / (rightSecond + ridge) -
      whole;
    if (!(gain > best.gain)) continue;
    found = at;
    best.gain = gain;
    best.leftFirst = leftFirst;
    best.leftSecond = leftSecond;
  }
  if (found < 0) return;
  const left = present.slice(0, found + 1).map(({ bin }) => bin);
  keep(best, column, bins, left);
}

function keep(best: Candidate, column: number, bins: number, left: readonly number[]): void {
  const levels = new Uint8Array(bins);
  for (const bin of left) levels[bin] = 1;
  best.column = column;
  best.bin = 0;
  best.levels = levels;
  best.missingLeft = levels[0] === 1;
}
