/** What the answers of a node and of all below it have to stay within. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
}

export interface SplitLimits {
  readonly ridge: number;
  readonly minChildWeight: number;
  readonly minGain: number;
  /** One of -1, 0 and 1 a column, where columns are held; see `BoostingOptions.monotone`. */
  readonly monotone?: Int8Array | undefined;
}

export interface Split {
  readonly column: number;
  /** Known values of bins up to this one go left. */
  readonly bin: number;
  readonly missingLeft: boolean;
  /** 1 for each bin that goes left, where the column holds codes; `bin` says nothing then. */
  readonly levels: Uint8Array | undefined;
  /** Loss saved, > 0. */
  readonly gain: number;
  readonly leftFirst: number;
  readonly leftSecond: number;
}

/** The sums of a node that is to be split, and what its answers have to stay within. */
export interface NodeSums {
  readonly first: number;
  readonly second: number;
  readonly bounds: Bounds | undefined;
}

/** What remains of a bin's weight after subtraction when there was none: rounding, not rows. */
export const nothing = 1e-9;

/** The best split so far: written by those who look at one column, read when all have been looked at. */
export interface Candidate {
  /** Twice the loss saved. */
  gain: number;
  column: number;
  bin: number;
  missingLeft: boolean;
  levels: Uint8Array | undefined;
  leftFirst: number;
  leftSecond: number;
}
