import type { FeatureTable } from "./feature-table.ts";

/** What is minimised, and with it what a label is. */
export type LossName =
  /** A label is any finite number; the model gives its expectation. */
  | "squared"
  /** A label is a probability, as a rule 0 or 1; the model gives log-odds. */
  | "logistic"
  /** A label is a grade >= 0 within a group, worth 2^grade - 1; the model gives scores that mean something within a group. */
  | "lambdarank"
  /** A label is a count or amount >= 0; the model gives the logarithm of its expectation. */
  | "poisson"
  /** A label is any finite number; the model gives the quantile of `quantile`. */
  | "quantile";

export interface TrainingData {
  readonly features: FeatureTable;
  /** One label a row; see `LossName`. */
  readonly labels: ArrayLike<number>;
  /** One weight >= 0 a row, 1 unless told. With "lambdarank" the rows of a group share the group's mean weight. */
  readonly weights?: ArrayLike<number>;
  /** "lambdarank" only, and needed there: how many rows each group has, in order; they sum to the rows. */
  readonly groupSizes?: ArrayLike<number>;
}

export interface BoostingOptions {
  /** "squared" unless told. */
  readonly loss?: LossName;
  /** Trees at most: 200. */
  readonly trees?: number;
  /** What a tree's answer is multiplied by: .1. */
  readonly learningRate?: number;
  /** Leaves of a tree at most: 31. The leaf with the most to gain is split first. */
  readonly maxLeaves?: number;
  /** Splits between the root and a leaf at most: 6. With 2^depth leaves, trees grow as if level by level. */
  readonly maxDepth?: number;
  /** L2 penalty on leaf values (lambda): 1. */
  readonly ridge?: number;
  /** Sum of second derivatives that a leaf needs at least: 5. It counts rows with the squared loss and unit weights. */
  readonly minChildWeight?: number;
  /**
   * One number a column: 1 where answers must not fall as the column rises, -1 where they must not rise, 0 where they may do
   * both. Columns of codes cannot be held so, nor the losses "quantile" and "lambdarank". Nothing is held unless told.
   */
  readonly monotone?: ArrayLike<number>;
  /** Loss that a split has to save at least: 0 (more than nothing). */
  readonly minGain?: number;
  /** Share of rows that each tree sees, drawn anew without replacement: 1. */
  readonly rowShare?: number;
  /** Share of columns that each tree sees, at least one: 1. */
  readonly columnShare?: number;
  /** Bins of a column at most, the one of unknown values included: 255. At least 3. */
  readonly maxBins?: number;
  /** "lambdarank" only: NDCG is counted to this rank: 10. */
  readonly ndcgAt?: number;
  /** "quantile" only: the share of labels that is to lie below the answer, above 0, below 1: .5. */
  readonly quantile?: number;
  /** Draws rows and columns: 1. The same seed gives the same model, bit by bit. */
  readonly seed?: number;
  /** Data that the loss is watched on. The model keeps the trees up to the best loss on it. */
  readonly validation?: TrainingData;
  /** Trees without a better validation loss before growing stops: 30. Without `validation` nothing stops early. */
  readonly patience?: number;
  /** Called after every tree with the share that is done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/** Words of 32 bits of a set of levels. */
export const wordsOfSet = 8;

/**
 * A fitted model: plain data, so that it can be sent to a thread, written and read back.
 *
 * The nodes of all trees lie in one list; children are positions in it. A node with `feature` -1 is a leaf.
 */
export interface BoostedTrees {
  readonly loss: LossName;
  readonly width: number;
  /** What every prediction starts from. */
  readonly base: number;
  /** Position of each tree's first node. */
  readonly roots: Int32Array;
  readonly feature: Int32Array;
  /** Known values up to it go left; 0 where a set decides. */
  readonly threshold: Float32Array;
  /** Place in `levels` of the first of the eight words of a node's set, -1 where `threshold` decides. */
  readonly levelSet: Int32Array;
  /** Sets of codes that go left, 256 bits each; a code that is in no set goes right. */
  readonly levels: Uint32Array;
  /** 1 where unknown values go left. */
  readonly missingLeft: Uint8Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** What a leaf adds, shrinkage included; 0 in inner nodes. */
  readonly value: Float64Array;
  /** Loss that a split saved in training; 0 in leaves. */
  readonly gain: Float32Array;
}
