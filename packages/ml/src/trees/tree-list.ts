import type { BinnedTable } from "./binning.ts";
import { wordsOfSet, type BoostedTrees, type LossName } from "./boosted-trees.ts";
import type { FeatureTable } from "./feature-table.ts";
import type { GrownNode, GrownTree } from "./grow-tree.ts";
import { predictBoostedRow } from "./predict.ts";

/** Collects grown trees and lays them out as a model. */
export class TreeList {
  private readonly loss: LossName;
  private readonly table: BinnedTable;
  private readonly base: number;
  private readonly learningRate: number;
  private readonly trees: GrownTree[] = [];

  constructor(loss: LossName, table: BinnedTable, base: number, learningRate: number) {
    this.loss = loss;
    this.table = table;
    this.base = base;
    this.learningRate = learningRate;
  }

  get size(): number {
    return this.trees.length;
  }

  push(tree: GrownTree): void {
    this.trees.push(tree);
  }

  /** Adds the answers of the latest tree to the scores of other rows. */
  addLast(features: FeatureTable, scores: Float64Array): void {
    const model = this.layOut(this.trees.slice(-1), 0);
    for (let row = 0; row < scores.length; row++)
      scores[row]! += predictBoostedRow(model, features.values, row * features.width);
  }

  /** The first `count` trees as a model. */
  toModel(count: number): BoostedTrees {
    return this.layOut(this.trees.slice(0, count), this.base);
  }

  private layOut(trees: readonly GrownTree[], base: number): BoostedTrees {
    const size = trees.reduce((sum, { nodes }) => sum + nodes.length, 0);
    const model: BoostedTrees = {
      loss: this.loss,
      width: this.table.width,
      base,
      roots: new Int32Array(trees.length),
      feature: new Int32Array(size).fill(-1),
      threshold: new Float32Array(size),
      missingLeft: new Uint8Array(size),
      levelSet: new Int32Array(size).fill(-1),
      levels: new Uint32Array(
        wordsOfSet *
          trees.reduce((sum, { nodes }) => sum + nodes.filter(({ split }) => split?.levels).length, 0),
      ),
      left: new Int32Array(size).fill(-1),
      right: new Int32Array(size).fill(-1),
      value: new Float64Array(size),
      gain: new Float32Array(size),
    };
    let start = 0;
    let set = 0;
    trees.forEach(({ nodes }, tree) => {
      model.roots[tree] = start;
      nodes.forEach((node, at) => {
        this.writeNode(model, start, start + at, node);
        if (node.split?.levels === undefined) return;
        writeSet(model, start + at, set, node.split.levels);
        set += wordsOfSet;
      });
      start += nodes.length;
    });
    return model;
  }

  private writeNode(model: BoostedTrees, start: number, at: number, node: GrownNode): void {
    const { split } = node;
    if (split === undefined) {
      model.value[at] = this.learningRate * node.value;
      return;
    }
    model.feature[at] = split.column;
    // The last bin has no upper bound: what splits off behind it is what is not known.
    model.threshold[at] = this.table.cuts[split.column]![split.bin - 1] ?? Infinity;
    model.missingLeft[at] = split.missingLeft ? 1 : 0;
    model.left[at] = start + node.left;
    model.right[at] = start + node.right;
    model.gain[at] = split.gain;
  }
}

/** Bins that go left as bits of codes: bin b is code b - 1. */
function writeSet(model: BoostedTrees, node: number, set: number, levels: Uint8Array): void {
  model.levelSet[node] = set;
  model.threshold[node] = 0;
  for (let bin = 1; bin < levels.length; bin++)
    if (levels[bin] === 1) model.levels[set + ((bin - 1) >> 5)]! |= 1 << ((bin - 1) & 31);
}
