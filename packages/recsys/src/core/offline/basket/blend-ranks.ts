import { topK } from "../../scores/top-k.ts";
import type { BasketScorer } from "../baskets.ts";

export interface RankMember {
  readonly scorer: BasketScorer;
  /** What its opinion counts; the weights of a blend sum to 1. */
  readonly weight: number;
}

/** Items of a member's list that it has an opinion of; the others share the place after them. */
export const rankedDepth = 200;
/** Softens the first places: first against second is worth as much as fifth against eighth. */
const offset = 3;
/** Less than any two places are apart. */
const tie = 1e-6;

/** What a place counts, 0 the best: ln((depth + 3) / (place + 3)), as odds fall about by a power of the place. */
export function worthOfPlace(place: number): number {
  return Math.log((rankedDepth + offset) / (Math.min(place, rankedDepth) + offset));
}

/**
 * Several models in one list: each item by the weighted sum of what its place in each list counts, so that probabilities,
 * counts and distances can meet. What no member has among its first follows, in the order of the first member.
 */
export function blendByRank(name: string, members: readonly RankMember[]): BasketScorer {
  return {
    name,
    addScores(query, scores) {
      for (const [at, { scorer, weight }] of members.entries()) {
        const own = new Float64Array(scores.length);
        scorer.addScores(query, own);
        topK(own, rankedDepth).forEach((item, place) => (scores[item]! += weight * worthOfPlace(place)));
        if (at === 0) for (let item = 0; item < own.length; item++) scores[item]! += tie * squash(own[item]!);
      }
    },
  };
}

/** Any score in (-1, 1), in the same order. */
function squash(score: number): number {
  return score / (1 + Math.abs(score));
}
