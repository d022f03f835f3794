import type { MarketId, ShopperId } from "@almanac/kernel";
import type { FinalScore } from "./core/score/final-score.ts";

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
  score(candidates: readonly RerankCandidate[], question: RerankQuestion): Float64Array;
}

/** What was asked, and what the index knows of the candidates. */
export interface RerankQuestion {
  /** Typing errors put right where the index did so; "" for the whole shop. */
  readonly query: string;
  /** Weight of each word of the query; see `challengerCandidates`. */
  readonly idfs: readonly number[];
  /** Name of a product; "" for one that has just gone. */
  readonly titleOf: (productId: string) => string;
  /** Cents for one of its comparable measure; 0 for one that has just gone. */
  readonly priceOf: (productId: string) => number;
}

export interface RerankCandidate extends FinalScore {
  readonly productId: string;
  readonly available: boolean;
  /** Absent without the shopper's place. */
  readonly distanceKm: number | undefined;
}

/** A way to rank: a version of the weights, and a second opinion. */
export interface RankingChoice {
  /** Number of a ranking version; the live one unless told. */
  readonly rankingVersion?: number;
  readonly reranker?: Reranker;
}

/** How one search is ranked. */
export interface SearchArm extends RankingChoice {
  /** As the log names it; "control" is the live version and the five terms. */
  readonly arm: string;
  /** False for a shopper whose order follows nobody's taste, whatever is known of them; true unless told. */
  readonly isPersonal?: boolean;
  /** The probability with which this arm was drawn, in (0, 1]; 1 unless told. */
  readonly propensity?: number;
  /**
   * Another way to rank, which the shopper sees at once with this one: team "a", this arm being team "b". The coin of each
   * round comes from the seed, so that a page that is loaded again, and the next page, agree with the first.
   */
  readonly interleavedWith?: RankingChoice & { readonly seed: string };
}

export type ChooseArm = (context: ArmContext) => SearchArm | undefined | Promise<SearchArm | undefined>;

export const controlArm: SearchArm = { arm: "control" };
