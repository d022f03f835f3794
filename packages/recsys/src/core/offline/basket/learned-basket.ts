import type { Rng } from "@almanac/kernel";
import { fitBoostedTrees, predictBoostedTrees } from "@almanac/ml";
import type { BoostedTrees, BoostingOptions } from "@almanac/ml";
import type { BasketLog, BasketScorer } from "../baskets.ts";
import { gatherCandidates } from "./basket-candidates.ts";
import { basketFeatureCount, basketFeatures } from "./basket-features.ts";
import { nextBasketLessons, stretchLessons } from "./basket-lessons.ts";
import type { LessonOptions } from "./basket-lessons.ts";
import { fitBasketSources } from "./basket-sources.ts";
import { readLearningRows } from "./learning-rows.ts";
import type { LearningRows } from "./learning-rows.ts";
import { readPurchaseDiary } from "./purchase-diary.ts";
import type { PurchaseDiary } from "./purchase-diary.ts";

export interface LearnedBasketOptions {
  readonly rng: Rng;
  /** Questions that the trees learn from: the latest baskets, or stretches of days, of each user. */
  readonly questions?: number;
  /** Learn what is bought in so many days, not in the next basket. Needs dates. */
  readonly stretchDays?: number;
  /** What everybody bought when, beyond the log too: questions read it before their own day. The log's unless told. */
  readonly diary?: PurchaseDiary;
  readonly trees?: number;
  /** Log-odds that an item the user never bought is lifted by: how much discovery is wanted. .4; 0 over stretches. */
  readonly discovery?: number;
  readonly onProgress?: (share: number) => void;
}

/**
 * Boosted trees over what is known of a user and an item: how often, how lately and how regularly, in baskets and days;
 * weekday and month; what similar users and others in a like situation buy; what goes with the last baskets and what
 * follows them; how popular, how often taken up and how often bought again.
 *
 * Own items and the likeliest new ones compete in one list by the odds that each is bought. Learns by walking forward
 * over the latest baskets of the log, each predicted from the baskets before it. Small trees and half of the columns each:
 * with 31 leaves the same columns lost a tenth of NDCG@10 on a set of short histories. `discovery` .4 found a tenth
 * more of the new items there for half a hundredth of NDCG@10.
 */
export function fitLearnedBasket(log: BasketLog, options: LearnedBasketOptions): BasketScorer {
  const {
    stretchDays,
    discovery = stretchDays === undefined ? 0.4 : 0,
    diary = readPurchaseDiary(log),
  } = options;
  const model = learn(log, diary, options);
  const sources = fitBasketSources(log, diary);
  const everybody = sources.statistics.popularity;
  return {
    name: "hybrid",
    addScores(query, scores) {
      const candidates = gatherCandidates(sources, query);
      const values = basketFeatures(sources, query, candidates);
      const odds =
        values.length === 0 ? [] : predictBoostedTrees(model, { width: basketFeatureCount, values });
      // What is no candidate follows by popularity, below every candidate.
      for (let item = 0; item < scores.length; item++) scores[item]! += everybody[item]! - 100;
      candidates.items.forEach((item, at) => {
        scores[item]! += 100 + odds[at]! + (candidates.tifu.own.has(item) ? 0 : discovery);
      });
    },
  };
}

function learn(log: BasketLog, diary: PurchaseDiary, options: LearnedBasketOptions): BoostedTrees {
  const { questions = 5_000, stretchDays: days, rng, trees = 180, onProgress } = options;
  const plan: LessonOptions = { samples: questions, rounds: days === undefined ? 2 : 4 };
  const lessons =
    days === undefined ? nextBasketLessons(log, diary, plan) : stretchLessons(log, diary, { ...plan, days });
  const { values, labels, weights } = readLearningRows(lessons, rng);
  const settings: BoostingOptions = {
    loss: "logistic",
    trees,
    learningRate: 0.06,
    maxLeaves: leavesFor(labels),
    minChildWeight: 20,
    columnShare: 0.5,
    seed: rng.int(2 ** 30),
  };
  return fitBoostedTrees(
    { features: { width: basketFeatureCount, values }, labels, weights },
    onProgress === undefined ? settings : { ...settings, onProgress },
  );
}

/** More purchases to learn from carry larger trees: 8 leaves for ten thousand, 20 for sixty thousand. */
function leavesFor(labels: LearningRows["labels"]): number {
  const purchases = labels.reduce((a, b) => a + b, 0);
  return Math.min(24, Math.max(6, Math.round(Math.sqrt(purchases) / 12)));
}
