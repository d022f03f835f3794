import type { MarketId, ShopperId } from "@almanac/kernel";
import type { FinalScore } from "./core/final-score.ts";

/** What an experiment may go by when it chooses how to rank. */
export interface ArmContext {
  /** Absent for a browser that is not known: it can only get the control. */
  readonly shopperId?: ShopperId;
  readonly marketId?: MarketId;
  readonly query: string;
  readonly now: Date;
}

/** A second opinion on the first places of a result. */
export interface Reranker {
  /** As the log names it: "lambdamart-2025-08-13". */
  readonly algorithm: string;
  /** How many of the first places it is asked about. */
  readonly depth: number;
  /** @returns one score per candidate, the highest first in the new order; equals keep their order */
  score(candidates: readonly RerankCandidate[]): Float64Array;
}

export interface RerankCandidate extends FinalScore {
  readonly productId: string;
  readonly available: boolean;
  /** Absent without the shopper's place. */
  readonly distanceKm: number | undefined;
}

/** How one search is ranked. */
export interface SearchArm {
  /** As the log names it; "control" is the live version and the five terms. */
  readonly arm: string;
  /** The probability with which this arm was drawn, in (0, 1]; 1 unless told. */
  readonly propensity?: number;
  /** Number of a ranking version; the live one unless told. */
  readonly rankingVersion?: number;
  readonly reranker?: Reranker;
}

export type ChooseArm = (context: ArmContext) => SearchArm | undefined | Promise<SearchArm | undefined>;

export const controlArm: SearchArm = { arm: "control" };
