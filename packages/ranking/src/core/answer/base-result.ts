import type { Correction } from "../query/query-plan.ts";

/** The part of an answer that no shopper and no filter changes: what a cache may keep. */
export interface BaseResult {
  readonly slots: Uint32Array;
  /** 0 to 1. */
  readonly relevance: Float64Array;
  readonly corrections: readonly Correction[];
  readonly correctedQuery: string | undefined;
  readonly offeredQuery?: string | undefined;
  /** What nothing says that it is: "gluten free". */
  readonly unmet?: readonly string[];
}
