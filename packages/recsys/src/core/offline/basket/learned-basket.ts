import type { Rng } from "@almanac/kernel";
import { fitBoostedTrees, predictBoostedTrees } from "@almanac/ml";
import type { BoostedTrees, BoostingOptions } from "@almanac/ml";
import type { BasketLog, BasketQuery, BasketScorer } from "../baskets.ts";
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
  /** Questions that the trees learn from, of each user's latest: two of each user and 5,000 at least, unless told. */
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

/** The candidates of a question with the log-odds that each is bought, and 1 where the user never bought it. */
export interface BasketOdds {
  readonly items: readonly number[];
  readonly odds: ArrayLike<number>;
  readonly isNew: Uint8Array;
}

export interface LearnedBasketScorer extends BasketScorer {
  judge(query: BasketQuery): BasketOdds;
}

/**
 * Boosted trees over what is known of a user and an item: how often, how lately and how regularly, in baskets and days;
 * weekday and month; what similar users and others in a like situation buy; what goes with the last baskets and what
 * follows them; how popular, how often taken up and how often bought again.
 *
 * Own items and the likeliest new ones compete in one list by the odds that each is bought. Learns by walking forward
 * over the latest baskets of the log, each predicted from the baskets before it. Small trees and half of the columns each:
 * with 31 leaves the same columns lost a tenth of NDCG@10 on a set of short histories.
 */
export function fitLearnedBasket(log: BasketLog, options: LearnedBasketOptions): LearnedBasketScorer {
  const {
    stretchDays,
    discovery = stretchDays === undefined ? 0.4 : 0,
    diary = readPurchaseDiary(log),
  } = options;
  const model = learn(log, diary, options);
  const sources = fitBasketSources(log, diary);
  const everybody = sources.statistics.popularity;
  const judge = (query: BasketQuery): BasketOdds => {
    const candidates = gatherCandidates(sources, query);
    const { items, tifu } = candidates;
    const values = basketFeatures(sources, query, candidates);
    return {
      items,
      odds: items.length === 0 ? [] : predictBoostedTrees(model, { width: basketFeatureCount, values }),
      isNew: Uint8Array.from(items, (item) => (tifu.own.has(item) ? 0 : 1)),
    };
  };
  return {
    name: "hybrid",
    judge,
    addScores(query, scores) {
      const { items, odds, isNew } = judge(query);
      // What is no candidate follows by popularity, below every candidate.
      for (let item = 0; item < scores.length; item++) scores[item]! += everybody[item]! - 100;
      items.forEach((item, at) => (scores[item]! += 100 + odds[at]! + discovery * isNew[at]!));
    },
  };
}

function learn(log: BasketLog, diary: PurchaseDiary, options: LearnedBasketOptions): BoostedTrees {
  const { stretchDays: days, rng, trees = 180, onProgress } = options;
  const { questions = Math.min(16_000, Math.max(5_000, 2 * log.byUser.length)) } = options;
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
