import type { Rng } from "@almanac/kernel";
import { chooseBlend } from "../blend/choose-blend.ts";
import type { BlendChoice } from "../blend/choose-blend.ts";
import { weighOpinions } from "../blend/opinions.ts";
import type { ItemScorer } from "../item-scorer.ts";
import { columnCounts } from "../sparse.ts";
import type { SparseRows } from "../sparse.ts";
import { cartWeightCount, fitCartMembers, fixedCartBlends } from "./cart-members.ts";
import { askCarts, opinionsOnCart } from "./cart-questions.ts";

export interface LearnedCartOptions {
  readonly rng: Rng;
  /** Carts that the blend is learned from and judged on, one question each. */
  readonly questions?: number;
  readonly onProgress?: ((share: number) => void) | undefined;
}

export interface LearnedCart {
  readonly scorer: ItemScorer;
  readonly name: string;
  readonly validation: BlendChoice["validation"];
}

/** Puts what no member proposes below every candidate. */
const farBelow = 1e6;

/**
 * Completes carts by a weighted sum of thirteen models' z-scores. The weights are learned from carts of the training data with
 * one item hidden, each judged by models that never saw it; a fixed blend serves where the learned one is not clearly better.
 */
export function fitLearnedCart(carts: SparseRows, options: LearnedCartOptions): LearnedCart {
  const { rng, questions = 6_000, onProgress } = options;
  const asked = askCarts(carts, questions, rng.fork("questions"), onProgress);
  const { chosen, validation } = chooseBlend(asked, fixedCartBlends, cartWeightCount);
  const members = fitCartMembers(carts, rng.fork("members"));
  const popularity = columnCounts(carts);
  const scorer: ItemScorer = {
    name: chosen.name,
    addScores({ items }, scores) {
      const opinions = opinionsOnCart(members, popularity, items);
      const odds = weighOpinions(opinions, chosen.weights);
      for (let item = 0; item < scores.length; item++) scores[item]! += popularity[item]! - farBelow;
      opinions.items.forEach((item, at) => (scores[item]! += farBelow - popularity[item]! + odds[at]!));
    },
  };
  return { scorer, name: chosen.name, validation };
}
