import { hidden, whoWidth } from "./model.ts";
import { windowWeeks } from "./seasonal-data.ts";
import { blockRows, gateWidth, readWidth } from "./sizes.ts";

/** What the loss asks of a block's windows on the way back, and of the tables over all blocks. */
export interface Slopes {
  /** [windowWeeks, blockRows] */
  readonly logits: Float64Array;
  /** [blockRows, hidden] */
  readonly state: Float64Array;
  readonly memory: Float64Array;
  /** Over all weeks: [blockRows, gateWidth]. */
  readonly whoGates: Float64Array;
  /** Of the tables, over all blocks: [gateWidth, readWidth], and the others as they are packed. */
  readonly fromReads: Float64Array;
  readonly fromWho: Float64Array;
  readonly bias: Float64Array;
  readonly answer: Float64Array;
  answerBias: number;
}

export function emptySlopes(): Slopes {
  return {
    logits: new Float64Array(windowWeeks * blockRows),
    state: new Float64Array(blockRows * hidden),
    memory: new Float64Array(blockRows * hidden),
    whoGates: new Float64Array(blockRows * gateWidth),
    fromReads: new Float64Array(gateWidth * readWidth),
    fromWho: new Float64Array(gateWidth * whoWidth),
    bias: new Float64Array(gateWidth),
    answer: new Float64Array(hidden),
    answerBias: 0,
  };
}
