import type { Rng } from "@almanac/kernel";
import { fitBoostedTrees, predictBoostedTrees } from "@almanac/ml";
import type { BoostedTrees, BoostingOptions } from "@almanac/ml";
import type { BasketLog, BasketQuery, BasketScorer } from "../baskets.ts";
import { gatherCandidates } from "./basket-candidates.ts";
import { basketFeatureCount, basketFeatures } from "./basket-features.ts";
import { fitBasketSources } from "./basket-sources.ts";

export interface LearnedBasketOptions {
  readonly rng: Rng;
  /** Baskets that the trees learn from, the latest of each user. */
  readonly trainingBaskets?: number;
  readonly trees?: number;
  /** Log-odds that an item the user never bought is lifted by: how much discovery is wanted. */
  readonly discovery?: number;
  readonly onProgress?: (share: number) => void;
}

/** Of a training basket's candidates that were not bought, all of the likeliest and a share of the rest are learned. */
const alwaysLearned = 40;
const learnedShare = 0.4;

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
  const { trainingBaskets = 8_000, discovery = 0.4 } = options;
  const perUser = Math.max(1, Math.floor(trainingBaskets / Math.max(1, log.byUser.length)));
  const model = learn(log, perUser, options);
  const sources = fitBasketSources(log);
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

function learn(log: BasketLog, perUser: number, options: LearnedBasketOptions): BoostedTrees {
  // What is known of items and neighbours while learning must not hold the baskets that are learned from: counts of a
  // rare item would give its basket away.
  const sources = fitBasketSources(withoutLatest(log, perUser));
  const rows: Float32Array[] = [];
  const labels: number[] = [];
  const weights: number[] = [];
  for (const { query, truth } of walkForward(log, perUser, options.trainingBaskets ?? 8_000)) {
    const candidates = gatherCandidates(sources, query);
    if (!candidates.items.some((item) => truth.has(item))) continue;
    const values = basketFeatures(sources, query, candidates);
    candidates.items.forEach((item, at) => {
      const row = values.subarray(at * basketFeatureCount, (at + 1) * basketFeatureCount);
      const isBought = truth.has(item);
      const isDrawn = !isBought && row[tifuRankColumn]! >= alwaysLearned;
      if (isDrawn && options.rng.next() >= learnedShare) return;
      rows.push(row);
      // Those drawn stand for those left out: without it the odds of all unlikely items come out too high.
      weights.push(isDrawn ? 1 / learnedShare : 1);
      labels.push(isBought ? 1 : 0);
    });
  }
  const values = new Float32Array(rows.length * basketFeatureCount);
  rows.forEach((row, at) => values.set(row, at * basketFeatureCount));
  const settings: BoostingOptions = {
    loss: "logistic",
    trees: options.trees ?? 180,
    learningRate: 0.06,
    maxLeaves: leavesFor(labels),
    minChildWeight: 20,
    columnShare: 0.5,
    seed: options.rng.int(2 ** 30),
  };
  return fitBoostedTrees(
    { features: { width: basketFeatureCount, values }, labels, weights },
    options.onProgress === undefined ? settings : { ...settings, onProgress: options.onProgress },
  );
}

const tifuRankColumn = 42;

/** More purchases to learn from carry larger trees: 8 leaves for ten thousand, 20 for sixty thousand. */
function leavesFor(labels: readonly number[]): number {
  const purchases = labels.reduce((a, b) => a + b, 0);
  return Math.min(24, Math.max(6, Math.round(Math.sqrt(purchases) / 12)));
}

/** The log without the latest `perUser` baskets of each user, who keep at least their first. */
function withoutLatest(log: BasketLog, perUser: number): BasketLog {
  return {
    itemCount: log.itemCount,
    byUser: log.byUser.map((baskets) => baskets.slice(0, Math.max(1, baskets.length - perUser))),
  };
}

interface Sample {
  readonly query: BasketQuery;
  readonly truth: ReadonlySet<number>;
}

/** The latest baskets of each user, at most `limit` of them evenly, with the queries that would have come before them. */
function walkForward(log: BasketLog, perUser: number, limit: number): Sample[] {
  const places = log.byUser.flatMap((baskets, user) => {
    const first = Math.max(1, baskets.length - perUser);
    return baskets.slice(first).map((_, i) => ({ user, at: first + i }));
  });
  const step = Math.max(1, Math.ceil(places.length / limit));
  return places
    .filter((_, i) => i % step === 0)
    .map(({ user, at }) => {
      const baskets = log.byUser[user]!;
      return {
        query: { user, past: baskets.slice(0, at), day: baskets[at]!.day },
        truth: new Set(baskets[at]!.items),
      };
    });
}
