import type { Rng } from "@almanac/kernel";
import { fitBoostedTrees, predictBoostedTrees } from "@almanac/ml";
import type { BoostingOptions, FeatureTable } from "@almanac/ml";
import type { BasketLog, BasketQuery, BasketScorer } from "../baskets.ts";
import { gatherCandidates } from "./basket-candidates.ts";
import { basketFeatureCount, basketFeatures } from "./basket-features.ts";
import { nextBasketLessons, stretchLessons } from "./basket-lessons.ts";
import type { LessonOptions } from "./basket-lessons.ts";
import { fitBasketSources } from "./basket-sources.ts";
import { fitColumnNetwork } from "./column-network.ts";
import { scoresWithDiscovery, type BasketOdds } from "./discovery-order.ts";
import { readLearningRows } from "./learning-rows.ts";
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
  /** Forests, and networks too: four where few purchases teach, one where many questions do, else two, unless told. */
  readonly pairs?: number;
  /** Log-odds that an item the user never bought is lifted by: how much discovery is wanted. .4; 0 over stretches. */
  readonly discovery?: number;
  readonly onProgress?: (share: number) => void;
}

export interface LearnedBasketScorer extends BasketScorer {
  /** The same question, as an object, is read once and then remembered for as long as it is held by others. */
  judge(query: BasketQuery): BasketOdds;
}

/**
 * Boosted trees and small networks over what is known of a user and an item: how often, how lately and how regularly, in
 * baskets and days; weekday and month; what similar users and others in a like situation buy; what goes with the last
 * baskets and what follows them; how popular, how often taken up and how often bought again; how likely it is bought after
 * just such a wait; whether it is bought on trips as large as this one may be.
 *
 * Own items and the likeliest new ones compete in one list by the odds that each is bought. Learns by walking forward
 * over the latest baskets of the log, each predicted from the baskets before it. Small trees: with 31 leaves the same columns
 * lost a tenth of NDCG@10 on a set of short histories. Each tree sees half of the rows and a third of the columns, and half of
 * the say is that of small networks over the same columns, which err elsewhere.
 */
export function fitLearnedBasket(log: BasketLog, options: LearnedBasketOptions): LearnedBasketScorer {
  const {
    stretchDays,
    discovery = stretchDays === undefined ? 0.4 : 0,
    diary = readPurchaseDiary(log),
  } = options;
  const learners = learn(log, diary, options);
  const sources = fitBasketSources(log, diary);
  const everybody = sources.statistics.popularity;
  const read = (query: BasketQuery): BasketOdds => {
    const candidates = gatherCandidates(sources, query);
    const { items, tifu } = candidates;
    const values = basketFeatures(sources, query, candidates);
    const odds = items.length === 0 ? [] : meanOdds(learners, { width: basketFeatureCount(sources), values });
    return {
      items,
      odds: Float64Array.from(odds, (own, at) => own + everybody[items[at]!]!),
      isNew: Uint8Array.from(items, (item) => (tifu.own.has(item) ? 0 : 1)),
    };
  };
  const judged = new WeakMap<BasketQuery, BasketOdds>();
  const judge = (query: BasketQuery): BasketOdds => {
    const odds = judged.get(query) ?? read(query);
    judged.set(query, odds);
    return odds;
  };
  return {
    name: "hybrid",
    judge,
    addScores(query, scores) {
      const odds = judge(query);
      const ranking = scoresWithDiscovery(odds, discovery);
      // What is no candidate follows by popularity, below every candidate.
      for (let item = 0; item < scores.length; item++) scores[item]! += everybody[item]! - 100;
      odds.items.forEach((item, at) => (scores[item]! += 100 + ranking[at]! - everybody[item]!));
    },
  };
}

/** Log-odds, one a row. */
type Learner = (features: FeatureTable) => Float64Array;

function meanOdds(learners: readonly Learner[], features: FeatureTable): Float64Array {
  const sums = new Float64Array(features.values.length / features.width);
  for (const learner of learners)
    learner(features).forEach((odds, row) => (sums[row]! += odds / learners.length));
  return sums;
}

/**
 * Lessons with sources of their own. Two stretches: users of earlier ones had shorter histories than those who are asked
 * about, and eight did worse than two on a set of 40 weeks.
 */
const rounds = 2;

/** How even next baskets count. A stretch of days counts by what was bought in it: there evenness gained nothing. */
const evenness = 0.5;

/** Share of the work of learning that forests are; the rest are networks. */
const forestsWork = 0.7;

/** Questions to learn from that are asked of few users as well. */
const fewestQuestions = 5_000;

/** As many networks as forests, whose log-odds are averaged. */
function learn(log: BasketLog, diary: PurchaseDiary, options: LearnedBasketOptions): readonly Learner[] {
  const { stretchDays: days, rng, trees = 180, onProgress } = options;
  const { questions = Math.min(16_000, Math.max(fewestQuestions, 2 * log.byUser.length)) } = options;
  const plan: LessonOptions = { samples: questions, rounds };
  const lessons =
    days === undefined ? nextBasketLessons(log, diary, plan) : stretchLessons(log, diary, { ...plan, days });
  const { width, values, labels, weights, groupSizes } = readLearningRows(
    lessons,
    rng,
    days === undefined ? evenness : 0,
  );
  const rows = { features: { width, values }, labels, weights };
  const purchases = labels.reduce((a, b) => a + b, 0);
  const { pairs = pairsFor(purchases, groupSizes.length) } = options;
  const settings: BoostingOptions = {
    loss: "logistic",
    trees,
    learningRate: 0.06,
    maxLeaves: leavesFor(purchases),
    minChildWeight: 20,
    rowShare: 0.5,
    columnShare: 0.3,
    ridge: 10,
  };
  return Array.from({ length: pairs }, (_, pair): Learner[] => {
    const forest = fitBoostedTrees(rows, {
      ...settings,
      seed: rng.int(2 ** 30),
      onProgress: (share) => onProgress?.((pair + forestsWork * share) / pairs),
    });
    const network = fitColumnNetwork(rows, rng.fork(`network ${pair}`));
    onProgress?.((pair + 1) / pairs);
    return [(features) => predictBoostedTrees(forest, features), network];
  }).flat();
}

/**
 * What a tree happened to draw matters most where little teaches: four forests up to seven thousand purchases, two up to the
 * five thousand questions that are asked at least, one beyond.
 */
function pairsFor(purchases: number, questions: number): number {
  if (purchases <= 7_500) return 4;
  return questions <= fewestQuestions ? 2 : 1;
}

/** More purchases to learn from carry larger trees: 8 leaves for ten thousand, 20 for sixty thousand. */
function leavesFor(purchases: number): number {
  return Math.min(24, Math.max(6, Math.round(Math.sqrt(purchases) / 12)));
}
