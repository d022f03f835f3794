import { findBestSplit } from "./best-split.ts";
import { missingBin } from "./binning.ts";
import type { BinnedTable } from "./binning.ts";
import { boundedAnswer, boundsOfChildren, unbounded } from "./monotone-split.ts";
import { fillHistogram, subtractHistogram } from "./histogram.ts";
import type { Bounds, NodeSums, Split, SplitLimits } from "./split.ts";

export interface TreeLimits extends SplitLimits {
  readonly maxLeaves: number;
  readonly maxDepth: number;
}

/** One tree over bins. Children are positions in `nodes`; the first node is the root. */
export interface GrownTree {
  readonly nodes: readonly GrownNode[];
}

export interface GrownNode {
  /** Nothing in a leaf. */
  split: Split | undefined;
  left: number;
  right: number;
  /** -G / (H + ridge) of the node's rows: what it would answer as a leaf, before shrinkage, unless the loss says. */
  value: number;
  /** The rows of a leaf lie at [from, to) of the grower's row list until the next tree. */
  readonly from: number;
  readonly to: number;
}

interface Open {
  readonly node: number;
  readonly depth: number;
  readonly split: Split;
  readonly histogram: Float64Array;
  readonly sums: NodeSums;
}

/** Grows trees over one table, keeping its working memory from tree to tree. */
export class TreeGrower {
  /** Positions of the rows a tree has seen, leaf by leaf after it has grown. */
  readonly rows: Int32Array;
  private readonly table: BinnedTable;
  private readonly limits: TreeLimits;
  private readonly aside: Int32Array;
  private readonly idle: Float64Array[] = [];

  constructor(table: BinnedTable, limits: TreeLimits) {
    this.table = table;
    this.limits = limits;
    this.rows = new Int32Array(table.rowCount);
    this.aside = new Int32Array(table.rowCount);
  }

  /**
   * Splits the leaf with the most to gain until none gains or the limits are met. Of two children only the smaller is
   * counted; the other is what its parent holds beyond it.
   *
   * @param rowCount    the tree sees `rows[0 .. rowCount)`, which the caller has filled in ascending order
   * @param columns     columns that may be split, ascending
   * @param derivatives first and second derivative of every row of the table, side by side
   */
  grow(rowCount: number, columns: Int32Array, derivatives: Float64Array): GrownTree {
    const { maxLeaves } = this.limits;
    const nodes: GrownNode[] = [];
    const open: Open[] = [];
    const [first, second] = sumDerivatives(this.rows, rowCount, derivatives);
    const sums: NodeSums = { first, second, bounds: this.limits.monotone && unbounded };
    nodes.push(this.leaf(0, rowCount, sums));
    if (maxLeaves > 1 && this.limits.maxDepth > 0) {
      const histogram = this.count(0, rowCount, columns, derivatives);
      this.consider(open, 0, 0, histogram, columns, sums);
    }
    for (let leaves = 1; leaves < maxLeaves && open.length > 0; leaves++) {
      const best = takeBest(open);
      this.splitNode(nodes, open, best, columns, derivatives);
    }
    for (const { histogram } of open) this.idle.push(histogram);
    return { nodes };
  }

  private splitNode(
    nodes: GrownNode[],
    open: Open[],
    { node, depth, split, histogram, sums }: Open,
    columns: Int32Array,
    derivatives: Float64Array,
  ): void {
    const { from, to } = nodes[node]!;
    const middle = this.partition(from, to, split);
    const [ofLeft, ofRight] = this.sumsOfChildren(sums, split);
    const left = nodes.push(this.leaf(from, middle, ofLeft)) - 1;
    const right = nodes.push(this.leaf(middle, to, ofRight)) - 1;
    Object.assign(nodes[node]!, { split, left, right });
    if (depth + 1 >= this.limits.maxDepth) {
      this.idle.push(histogram);
      return;
    }
    const leftSmaller = middle - from <= to - middle;
    const smaller = leftSmaller
      ? this.count(from, middle, columns, derivatives)
      : this.count(middle, to, columns, derivatives);
    subtractHistogram(histogram, smaller);
    const [inLeft, inRight] = leftSmaller ? [smaller, histogram] : [histogram, smaller];
    this.consider(open, left, depth + 1, inLeft, columns, ofLeft);
    this.consider(open, right, depth + 1, inRight, columns, ofRight);
  }

  private sumsOfChildren({ first, second, bounds }: NodeSums, split: Split): [NodeSums, NodeSums] {
    const left = { first: split.leftFirst, second: split.leftSecond, bounds };
    const right = { first: first - split.leftFirst, second: second - split.leftSecond, bounds };
    if (bounds === undefined) return [left, right];
    const answer = (sums: NodeSums): number => this.answer(sums.first, sums.second, bounds);
    const direction = this.limits.monotone?.[split.column] ?? 0;
    const [ofLeft, ofRight] = boundsOfChildren(bounds, direction, answer(left), answer(right));
    return [
      { ...left, bounds: ofLeft },
      { ...right, bounds: ofRight },
    ];
  }

  private answer(first: number, second: number, bounds: Bounds): number {
    return boundedAnswer(first, second, this.limits.ridge, bounds);
  }

  private leaf(from: number, to: number, { first, second, bounds }: NodeSums): GrownNode {
    const value = this.answer(first, second, bounds ?? unbounded);
    return { split: undefined, left: -1, right: -1, value, from, to };
  }

  private consider(
    open: Open[],
    node: number,
    depth: number,
    histogram: Float64Array,
    columns: Int32Array,
    sums: NodeSums,
  ): void {
    const split = findBestSplit(histogram, this.table, columns, sums, this.limits);
    if (split === undefined) this.idle.push(histogram);
    else open.push({ node, depth, split, histogram, sums });
  }

  private count(from: number, to: number, columns: Int32Array, derivatives: Float64Array): Float64Array {
    const histogram = this.idle.pop()?.fill(0) ?? new Float64Array(this.table.offsets.at(-1)!);
    fillHistogram(histogram, this.table, columns, this.rows, from, to, derivatives);
    return histogram;
  }

  /** Brings the rows that go left to the front, both sides in their order. Returns where the right ones begin. */
  private partition(from: number, to: number, { column, bin, missingLeft, levels }: Split): number {
    const { rows, aside } = this;
    const { bins, rowCount } = this.table;
    const start = column * rowCount;
    if (levels !== undefined) return this.partitionByLevels(from, to, start, levels);
    // Bins from 1 to `bin` go left, and 0 with them where unknown values do: one comparison without sign.
    const lowest = missingLeft ? missingBin : missingBin + 1;
    let left = from;
    let right = 0;
    for (let at = from; at < to; at++) {
      const row = rows[at]!;
      const own = bins[start + row]!;
      if (own >= lowest && own <= bin) rows[left++] = row;
      else aside[right++] = row;
    }
    rows.set(aside.subarray(0, right), left);
    return left;
  }

  private partitionByLevels(from: number, to: number, start: number, levels: Uint8Array): number {
    const { rows, aside } = this;
    const { bins } = this.table;
    let left = from;
    let right = 0;
    for (let at = from; at < to; at++) {
      const row = rows[at]!;
      if (levels[bins[start + row]!] === 1) rows[left++] = row;
      else aside[right++] = row;
    }
    rows.set(aside.subarray(0, right), left);
    return left;
  }
}

function sumDerivatives(rows: Int32Array, rowCount: number, derivatives: Float64Array): [number, number] {
  let first = 0;
  let second = 0;
  for (let at = 0; at < rowCount; at++) {
    const row = rows[at]!;
    first += derivatives[2 * row]!;
    second += derivatives[2 * row + 1]!;
  }
  return [first, second];
}

/** Removes the entry with the largest gain, the earliest of equal ones. */
function takeBest(open: Open[]): Open {
  let best = 0;
  for (let at = 1; at < open.length; at++) if (open[at]!.split.gain > open[best]!.split.gain) best = at;
  return open.splice(best, 1)[0]!;
}
