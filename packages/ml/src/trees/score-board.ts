import { missingBin } from "./binning.ts";
import type { BinnedTable } from "./binning.ts";
import type { GrownTree } from "./grow-tree.ts";

/** The scores of the training rows while trees are added. */
export class ScoreBoard {
  readonly scores: Float64Array;
  private readonly table: BinnedTable;
  private readonly seen: Uint8Array;

  constructor(table: BinnedTable, base: number) {
    this.table = table;
    this.scores = new Float64Array(table.rowCount).fill(base);
    this.seen = new Uint8Array(table.rowCount);
  }

  /** Adds a tree's answers: to the rows it saw by the leaves they lie in, to the others by walking down. */
  add({ nodes }: GrownTree, learningRate: number, rows: Int32Array, sampled: number): void {
    for (const node of nodes) {
      if (node.split !== undefined) continue;
      const value = learningRate * node.value;
      for (let at = node.from; at < node.to; at++) this.scores[rows[at]!]! += value;
    }
    if (sampled === this.scores.length) return;
    this.seen.fill(0);
    for (let at = 0; at < sampled; at++) this.seen[rows[at]!] = 1;
    for (let row = 0; row < this.seen.length; row++)
      if (this.seen[row] === 0) this.scores[row]! += learningRate * this.answer({ nodes }, row);
  }

  private answer({ nodes }: GrownTree, row: number): number {
    const { bins, rowCount } = this.table;
    let node = nodes[0]!;
    while (node.split !== undefined) {
      const { column, bin, missingLeft, levels } = node.split;
      const own = bins[column * rowCount + row]!;
      const goesLeft = levels ? levels[own] === 1 : own === missingBin ? missingLeft : own <= bin;
      node = nodes[goesLeft ? node.left : node.right]!;
    }
    return node.value;
  }
}
