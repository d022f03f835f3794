import { hidden, whoWidth } from "./model.ts";
import { windowWeeks } from "./seasonal-data.ts";
import { blockRows, gateWidth, readWidth } from "./sizes.ts";

/** All that a pass leaves behind, step by step and in each step window by window. */
export interface Unrolled {
  /** Windows of this block, and of these how many are real: an odd one gets an empty one beside it. */
  rows: number;
  count: number;
  /** [blockRows, whoWidth] */
  readonly who: Float64Array;
  /** What a window brings to its gates in every week: [blockRows, gateWidth]. */
  readonly whoGates: Float64Array;
  /** [windowWeeks + 1, blockRows, readWidth] */
  readonly reads: Float64Array;
  /** After they have been opened: [windowWeeks, blockRows, gateWidth]. */
  readonly gates: Float64Array;
  /** [windowWeeks + 1, blockRows, hidden] */
  readonly memory: Float64Array;
  /** The hyperbolic tangent of the memory after a step: [windowWeeks, blockRows, hidden]. */
  readonly bent: Float64Array;
  /** Log-odds of each week: [windowWeeks, blockRows]. */
  readonly logits: Float64Array;
}

export function emptyUnrolled(): Unrolled {
  const of = (...shape: number[]): Float64Array =>
    new Float64Array(shape.reduce((size, length) => size * length, 1));
  return {
    rows: 0,
    count: 0,
    who: of(blockRows, whoWidth),
    whoGates: of(blockRows, gateWidth),
    reads: of(windowWeeks + 1, blockRows, readWidth),
    gates: of(windowWeeks, blockRows, gateWidth),
    memory: of(windowWeeks + 1, blockRows, hidden),
    bent: of(windowWeeks, blockRows, hidden),
    logits: of(windowWeeks, blockRows),
  };
}
