import { invariant } from "@almanac/kernel";
import { floatScratch, intScratch } from "./scratch.ts";
import type {
  AlgorithmName,
  Contribution,
  Metadata,
  RecommendationReason,
  ScoredCandidates,
} from "./types.ts";

export type FusionWeights = Readonly<Partial<Record<AlgorithmName, number>>>;

/** The brief's weights. Renormalised over the algorithms that ran. */
export const defaultFusionWeights = {
  collaborative_filtering: 0.3,
  content_based: 0.25,
  trending: 0.15,
  seasonal: 0.15,
  user_behavior: 0.15,
} as const satisfies FusionWeights;

/** The weights of the algorithms that ran, scaled to sum to one; algorithms without weight get none. */
export function renormaliseWeights(weights: FusionWeights, ran: readonly AlgorithmName[]): FusionWeights {
  const total = ran.reduce((sum, name) => sum + (weights[name] ?? 0), 0);
  invariant(ran.length === 0 || total > 0, "no algorithm that ran has a weight");
  return Object.fromEntries(ran.map((name) => [name, (weights[name] ?? 0) / total]));
}

export interface Fusion {
  readonly algorithms: readonly AlgorithmName[];
  /** Score by product index; -Infinity where no algorithm named the product. */
  readonly totals: Float64Array;
  /** The terms of one product, largest contribution first; they sum to its score. */
  explain(product: number): FusedTerms;
}

export interface FusedTerms {
  readonly contributions: readonly Contribution[];
  /** Mean over the algorithms that scored the product. */
  readonly confidence: number;
  readonly reason: RecommendationReason;
  readonly reasons: readonly RecommendationReason[];
  readonly metadata: Metadata;
}

const totalScratch = floatScratch();
const positionScratch = intScratch();
let turns = 0;

/**
 * Weighted sum of the algorithms' scores. An algorithm that ran but did not name a product gives it 0; one that could
 * not run gives its weight to the others, so a newcomer's best score is not capped at .3.
 *
 * The result holds until the next fusion: it is made into a slate at once.
 */
export function fuse(
  lists: readonly ScoredCandidates[],
  productCount: number,
  weights: FusionWeights = defaultFusionWeights,
): Fusion {
  const algorithms = lists.map((list) => list.algorithm);
  const shares = renormaliseWeights(weights, algorithms);
  const totals = totalScratch.borrow(productCount, -Infinity);
  // List by list, one more than the position: 0 is a product that the list does not name.
  const positions = positionScratch.borrow(productCount * lists.length);
  const turn = ++turns;
  lists.forEach((list, at) => {
    const start = at * productCount;
    const share = shares[list.algorithm]!;
    const { products, scores } = list;
    for (let i = 0; i < products.length; i++) {
      const product = products[i]!;
      positions[start + product] = i + 1;
      const before = totals[product]!;
      totals[product] = (before === -Infinity ? 0 : before) + share * scores[i]!;
    }
  });
  return {
    algorithms,
    totals,
    explain(product) {
      invariant(turn === turns, "a fusion is explained before the next one begins");
      const positionIn = (at: number): number => positions[at * productCount + product]! - 1;
      return explainTerms(lists, positionIn, shares);
    },
  };
}

function explainTerms(
  lists: readonly ScoredCandidates[],
  positionIn: (list: number) => number,
  shares: FusionWeights,
): FusedTerms {
  const terms = lists.flatMap((list, at) => {
    const position = positionIn(at);
    if (position < 0) return [];
    const weight = shares[list.algorithm]!;
    const score = list.scores[position]!;
    const confidence = list.confidences[position]!;
    const contribution: Contribution = {
      algorithm: list.algorithm,
      reason: list.reason,
      weight,
      score,
      confidence,
      contribution: weight * score,
    };
    return [{ contribution, list, position }];
  });
  invariant(terms.length > 0, "a product that no algorithm named has no explanation");
  terms.sort((a, b) => b.contribution.contribution - a.contribution.contribution);
  const contributions = terms.map((term) => term.contribution);
  return {
    contributions,
    confidence: contributions.reduce((sum, term) => sum + term.confidence, 0) / contributions.length,
    reason: contributions[0]!.reason,
    reasons: [...new Set(contributions.map((term) => term.reason))],
    metadata: terms[0]!.list.facts?.(terms[0]!.position) ?? {},
  };
}
