import { learnBlend } from "../blend/choose-blend.ts";
import type { Choice } from "../blend/conditional-logit.ts";
import { gatherOpinions, weighOpinions } from "../blend/opinions.ts";
import type { Opinions } from "../blend/opinions.ts";
import type { ItemScorer } from "../item-scorer.ts";
import { columnCounts } from "../sparse.ts";
import type { SparseRows } from "../sparse.ts";

/** One opinion of a history: a model, and what each older item counts against the one after it. */
export interface HistoryMember {
  readonly scorer: ItemScorer;
  readonly decay: number;
}

/** A history of distinct items, oldest first, and the item that came next. */
export interface HistoryQuestion {
  readonly history: readonly number[];
  readonly taken: number;
}

/** A weight for each member, then one for ln(1 + popularity). */
export interface HistoryBlend {
  readonly weights: Float64Array;
  /** NDCG@10 of each question, by weights that were learned from the other half of them. */
  readonly scores: readonly number[];
}

/** Puts what no member proposes below every candidate. */
const farBelow = 1e6;

/**
 * Learns how much each member says about the next new item of a history, by conditional logit over z-scores. The members must
 * not have been fitted to what the questions ask for.
 *
 * @param interactions what the members were fitted to
 */
export function learnHistoryBlend(
  members: readonly HistoryMember[],
  interactions: SparseRows,
  questions: readonly HistoryQuestion[],
): HistoryBlend {
  const popularity = columnCounts(interactions);
  const choices = questions.map(({ history, taken }): Choice => ({
    taken,
    ...opinionsOnHistory(members, popularity, history),
  }));
  return learnBlend(choices, members.length + 1);
}

/** The items that a history does not hold, by the weighted sum of what members fitted to `interactions` say. */
export function blendHistoryMembers(
  members: readonly HistoryMember[],
  interactions: SparseRows,
  weights: ArrayLike<number>,
): ItemScorer {
  const popularity = columnCounts(interactions);
  return {
    name: "learned",
    addScores({ items }, scores) {
      const opinions = opinionsOnHistory(members, popularity, items);
      const odds = weighOpinions(opinions, weights);
      for (let item = 0; item < scores.length; item++) scores[item]! += popularity[item]! - farBelow;
      opinions.items.forEach((item, at) => (scores[item]! += farBelow - popularity[item]! + odds[at]!));
    },
  };
}

function opinionsOnHistory(
  members: readonly HistoryMember[],
  popularity: ArrayLike<number>,
  history: readonly number[],
): Opinions {
  const scores = members.map(({ scorer, decay }) => {
    const own = new Float64Array(popularity.length);
    scorer.addScores(
      { items: history, weights: history.map((_, at) => decay ** (history.length - 1 - at)) },
      own,
    );
    return own;
  });
  return gatherOpinions(scores, popularity, new Set(history));
}
