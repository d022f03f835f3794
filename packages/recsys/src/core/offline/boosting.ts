import { invariant } from "@almanac/kernel";

export interface BoostingOptions {
  readonly trees?: number;
  readonly depth?: number;
  readonly learningRate?: number;
  /** Hessian that each leaf needs at least. */
  readonly minHessian?: number;
  readonly ridge?: number;
  readonly onProgress?: (share: number) => void;
}

/** Rows by columns in one array: row r has `values[r * width .. (r + 1) * width)`. NaN is allowed and sorts first. */
export interface FeatureTable {
  readonly width: number;
  readonly values: Float32Array;
}

interface Tree {
  readonly feature: Int32Array;
  readonly threshold: Float32Array;
  readonly value: Float64Array;
}

export interface BoostedTrees {
  /** Log-odds of the row; only their order matters for ranking. */
  predict(values: Float32Array, offset: number): number;
}

const maxBins = 64;

/**
 * Gradient boosted trees for yes/no labels: histograms of 64 quantile bins, trees of equal depth, second-order gains.
 * Deterministic. Friedman (2001); Chen & Guestrin (2016) for the gain.
 */
export function fitBoostedTrees(
  table: FeatureTable,
  labels: Uint8Array,
  options: BoostingOptions = {},
): BoostedTrees {
  const { trees = 120, depth = 5, learningRate = 0.1, minHessian = 5, ridge = 1 } = options;
  const { width } = table;
  const rowCount = labels.length;
  invariant(table.values.length === rowCount * width, "features and labels differ in rows");
  const cuts = Array.from({ length: width }, (_, f) => quantileCuts(table, rowCount, f));
  const bins = binTable(table, rowCount, cuts);
  const margin = new Float64Array(rowCount);
  const gradient = new Float64Array(rowCount);
  const hessian = new Float64Array(rowCount);
  const forest: Tree[] = [];
  for (let t = 0; t < trees; t++) {
    for (let r = 0; r < rowCount; r++) {
      const p = 1 / (1 + Math.exp(-margin[r]!));
      gradient[r] = p - labels[r]!;
      hessian[r] = Math.max(p * (1 - p), 1e-6);
    }
    forest.push(
      growTree({ bins, width, cuts, gradient, hessian, depth, minHessian, ridge, learningRate }, margin),
    );
    options.onProgress?.((t + 1) / trees);
  }
  return {
    predict(values, offset) {
      let sum = 0;
      for (const tree of forest) {
        let node = 0;
        while (tree.feature[node]! >= 0)
          node = values[offset + tree.feature[node]!]! > tree.threshold[node]! ? 2 * node + 2 : 2 * node + 1;
        sum += tree.value[node]!;
      }
      return sum;
    },
  };
}

/** Upper bounds of the bins, ascending: a value falls into the first bin whose bound is not below it. */
function quantileCuts(table: FeatureTable, rowCount: number, feature: number): Float32Array {
  const step = Math.max(1, Math.floor(rowCount / 20_000));
  const sample: number[] = [];
  for (let r = 0; r < rowCount; r += step) {
    const value = table.values[r * table.width + feature]!;
    if (!Number.isNaN(value)) sample.push(value);
  }
  sample.sort((a, b) => a - b);
  const cuts: number[] = [];
  for (let b = 1; b < maxBins; b++) {
    const value = sample[Math.floor((b * sample.length) / maxBins)];
    if (value !== undefined && value !== cuts.at(-1)) cuts.push(value);
  }
  return Float32Array.from(cuts);
}

function binTable(table: FeatureTable, rowCount: number, cuts: readonly Float32Array[]): Uint8Array {
  const { width } = table;
  const bins = new Uint8Array(rowCount * width);
  for (let f = 0; f < width; f++) {
    const bounds = cuts[f]!;
    for (let r = 0; r < rowCount; r++) {
      const value = table.values[r * width + f]!;
      let low = 0;
      let high = bounds.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (value > bounds[middle]!) low = middle + 1;
        else high = middle;
      }
      bins[r * width + f] = low;
    }
  }
  return bins;
}

interface GrowInput {
  readonly bins: Uint8Array;
  readonly width: number;
  readonly cuts: readonly Float32Array[];
  readonly gradient: Float64Array;
  readonly hessian: Float64Array;
  readonly depth: number;
  readonly minHessian: number;
  readonly ridge: number;
  readonly learningRate: number;
}

function growTree(input: GrowInput, margin: Float64Array): Tree {
  const { bins, width, gradient, hessian, depth, ridge, learningRate } = input;
  const nodeCount = 2 ** (depth + 1) - 1;
  const tree: Tree = {
    feature: new Int32Array(nodeCount).fill(-1),
    threshold: new Float32Array(nodeCount),
    value: new Float64Array(nodeCount),
  };
  let frontier: { node: number; rows: Int32Array; histogram?: Float64Array }[] = [
    { node: 0, rows: Int32Array.from(gradient.keys()) },
  ];
  for (let level = 0; level <= depth; level++) {
    const next: typeof frontier = [];
    for (const { node, rows, histogram: given } of frontier) {
      let g = 0;
      let h = 0;
      for (const r of rows) {
        g += gradient[r]!;
        h += hessian[r]!;
      }
      const histogram = level < depth ? (given ?? countHistogram(input, rows)) : undefined;
      const split = histogram === undefined ? undefined : bestSplit(input, histogram, g, h);
      if (split === undefined || histogram === undefined) {
        const value = (-learningRate * g) / (h + ridge);
        tree.value[node] = value;
        for (const r of rows) margin[r]! += value;
        continue;
      }
      tree.feature[node] = split.feature;
      tree.threshold[node] = input.cuts[split.feature]![split.bin]!;
      const left = rows.filter((r) => bins[r * width + split.feature]! <= split.bin);
      const right = rows.filter((r) => bins[r * width + split.feature]! > split.bin);
      // Counting the smaller child and subtracting halves the work of a level.
      const smaller = left.length <= right.length ? left : right;
      const ofSmaller = level + 1 < depth ? countHistogram(input, smaller) : undefined;
      const ofLarger = ofSmaller && histogram.map((value, i) => value - ofSmaller[i]!);
      next.push({ node: 2 * node + 1, rows: left, histogram: smaller === left ? ofSmaller : ofLarger });
      next.push({ node: 2 * node + 2, rows: right, histogram: smaller === left ? ofLarger : ofSmaller });
    }
    frontier = next;
  }
  return tree;
}

/** Gradient and hessian by feature and bin. */
function countHistogram(input: GrowInput, rows: Int32Array): Float64Array {
  const { bins, width, gradient, hessian } = input;
  const histogram = new Float64Array(width * maxBins * 2);
  for (const r of rows) {
    const g = gradient[r]!;
    const h = hessian[r]!;
    for (let f = 0; f < width; f++) {
      const at = (f * maxBins + bins[r * width + f]!) * 2;
      histogram[at]! += g;
      histogram[at + 1]! += h;
    }
  }
  return histogram;
}

function bestSplit(
  input: GrowInput,
  histogram: Float64Array,
  g: number,
  h: number,
): { feature: number; bin: number } | undefined {
  const { ridge, minHessian } = input;
  const parent = (g * g) / (h + ridge);
  let bestGain = 1e-3;
  let best: { feature: number; bin: number } | undefined;
  for (let feature = 0; feature < input.width; feature++) {
    let leftG = 0;
    let leftH = 0;
    for (let bin = 0; bin < input.cuts[feature]!.length; bin++) {
      const at = (feature * maxBins + bin) * 2;
      leftG += histogram[at]!;
      leftH += histogram[at + 1]!;
      if (leftH < minHessian || h - leftH < minHessian) continue;
      const gain = leftG ** 2 / (leftH + ridge) + (g - leftG) ** 2 / (h - leftH + ridge) - parent;
      if (gain > bestGain) {
        bestGain = gain;
        best = { feature, bin };
      }
    }
  }
  return best;
}
