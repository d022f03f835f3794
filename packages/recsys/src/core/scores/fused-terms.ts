import { invariant } from "@almanac/kernel";
import type { KindScores } from "./candidate-scores.ts";
import type { Contribution, Metadata, RecommendationReason, ScoredCandidates } from "../types.ts";

/** A list of a fusion, with the share of the score that it has. */
export interface WeightedList {
  readonly list: ScoredCandidates;
  readonly share: number;
  readonly kinds: KindScores | undefined;
  readonly products: Int32Array;
}

export interface FusedTerms {
  readonly contributions: readonly Contribution[];
  /** Mean over the algorithms that scored the product. */
  readonly confidence: number;
  readonly reason: RecommendationReason;
  readonly reasons: readonly RecommendationReason[];
  readonly metadata: Metadata;
}

/** A product, and where the lists name it: in each its position, -1 where it is not named; list by list, row by row. */
export interface NamedProduct {
  readonly product: number;
  readonly positions: Int32Array;
  readonly row: number;
  readonly rowCount: number;
}

/** What makes a product's score, the largest first; of equals the list that was given first. */
export function explainTerms(
  lists: readonly WeightedList[],
  { product, positions, row, rowCount }: NamedProduct,
): FusedTerms {
  const contributions: Contribution[] = [];
  /** Beside them: whose they are. */
  const listOf: number[] = [];
  for (let at = 0; at < lists.length; at++) {
    const position = positions[at * rowCount + row]!;
    if (position < 0) continue;
    const term = termOf(lists[at]!, product, position);
    // Few terms, so each is moved to its place.
    let place = contributions.length;
    for (; place > 0 && contributions[place - 1]!.contribution < term.contribution; place--) {
      contributions[place] = contributions[place - 1]!;
      listOf[place] = listOf[place - 1]!;
    }
    contributions[place] = term;
    listOf[place] = at;
  }
  invariant(contributions.length > 0, "a product that no algorithm named has no explanation");
  const reasons: RecommendationReason[] = [];
  let confidence = 0;
  for (const term of contributions) {
    confidence += term.confidence;
    if (!reasons.includes(term.reason)) reasons.push(term.reason);
  }
  const first = listOf[0]!;
  return {
    contributions,
    confidence: confidence / contributions.length,
    reason: reasons[0]!,
    reasons,
    metadata: lists[first]!.list.facts?.(positions[first * rowCount + row]!) ?? {},
  };
}

function termOf({ list, share, kinds }: WeightedList, product: number, position: number): Contribution {
  const score = kinds === undefined ? list.scores[position]! : kinds.scoreOfKind[kinds.kindOf[product]!]!;
  return {
    algorithm: list.algorithm,
    reason: list.reason,
    weight: share,
    score,
    confidence: list.confidences[position]!,
    contribution: share * score,
  };
}
