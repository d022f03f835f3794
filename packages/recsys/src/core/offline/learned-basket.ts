import type { Rng } from "@almanac/kernel";
import { fitBoostedTrees, predictBoostedRow } from "@almanac/ml";
import { topK } from "../top-k.ts";
import { featureCount, fillFeatures, readContext } from "./basket-features.ts";
import type { BasketContext } from "./basket-features.ts";
import type { Basket, BasketLog, BasketQuery, BasketScorer } from "./baskets.ts";
import { fitTifuKnn } from "./tifu-knn.ts";
import type { TifuScorer } from "./tifu-knn.ts";

export interface LearnedBasketOptions {
  readonly rng: Rng;
  /** Baskets that the trees learn from, the latest of each user. */
  readonly trainingBaskets?: number;
  readonly trees?: number;
  readonly onProgress?: (share: number) => void;
}

/** Own items and new items that are looked at for one query. */
const ownCandidates = 100;
const newCandidates = 40;
/** Of a training basket's candidates that were not bought, those kept. */
const negativesPerBasket = 30;

/**
 * Boosted trees over what is known of a user and an item: how often and how lately, in baskets and days; how regular;
 * weekday and month; what similar users buy; what goes with the last baskets; how popular and how often bought again.
 *
 * Own items and the likeliest new ones compete in one list. Learns by walking forward over the latest baskets of the
 * log, each predicted from the baskets before it.
 */
export function fitLearnedBasket(log: BasketLog, options: LearnedBasketOptions): BasketScorer {
  const { rng, trainingBaskets = 8_000, trees = 120 } = options;
  const perUser = Math.max(1, Math.floor(trainingBaskets / Math.max(1, log.byUser.length)));
  // What is known of items and neighbours while learning must not hold the baskets that are learned from: counts of a
  // rare item would give its basket away.
  const learning = readSources(withoutLatest(log, perUser));
  const rows: Float32Array[] = [];
  const labels: number[] = [];
  for (const { query, truth } of walkForward(log, perUser)) {
    const { items, features } = candidatesOf(learning, query);
    const negatives = items.flatMap((item, at) => (truth.has(item) ? [] : [at]));
    const kept = new Set(
      negatives.length > negativesPerBasket ? rng.shuffle(negatives).slice(0, negativesPerBasket) : negatives,
    );
    items.forEach((item, at) => {
      if (!truth.has(item) && !kept.has(at)) return;
      rows.push(features.subarray(at * featureCount, (at + 1) * featureCount));
      labels.push(truth.has(item) ? 1 : 0);
    });
  }
  const values = new Float32Array(rows.length * featureCount);
  rows.forEach((row, r) => values.set(row, r * featureCount));
  const model = fitBoostedTrees(
    { features: { width: featureCount, values }, labels },
    { loss: "logistic", trees, maxDepth: 5, maxLeaves: 32, onProgress: options.onProgress },
  );
  const serving = readSources(log);
  const everybody = serving.context.popularity;
  return {
    name: "hybrid",
    addScores(query, scores) {
      const { items, features } = candidatesOf(serving, query);
      // What is no candidate follows by popularity, below every candidate.
      for (let item = 0; item < scores.length; item++) scores[item]! += everybody[item]! - 100;
      items.forEach(
        (item, at) => (scores[item]! += 100 + predictBoostedRow(model, features, at * featureCount)),
      );
    },
  };
}

interface Sources {
  readonly tifu: TifuScorer;
  readonly context: BasketContext;
}

function readSources(log: BasketLog): Sources {
  return { tifu: fitTifuKnn(log), context: readContext(log) };
}

function candidatesOf(sources: Sources, query: BasketQuery): { items: number[]; features: Float32Array } {
  const parts = sources.tifu.parts(query.past, query.user);
  const own = [...parts.own];
  const ownBest = topK(
    own.map(([, value]) => value),
    ownCandidates,
  ).map((at) => own[at]![0]);
  const fresh = sources.context.freshScores(query, parts);
  const others = [...fresh];
  const newBest = topK(
    others.map(([, score]) => score),
    newCandidates,
  ).map((at) => others[at]![0]);
  const items = [...ownBest, ...newBest];
  const features = new Float32Array(items.length * featureCount);
  fillFeatures(sources.context, query, parts, fresh, items, features);
  return { items, features };
}

/** The log without the latest `perUser` baskets of each user, who keep at least their first. */
function withoutLatest(log: BasketLog, perUser: number): BasketLog {
  return {
    itemCount: log.itemCount,
    byUser: log.byUser.map((baskets) => baskets.slice(0, Math.max(1, baskets.length - perUser))),
  };
}

/** The latest baskets of each user with the queries that would have come before them. */
function walkForward(log: BasketLog, perUser: number): { query: BasketQuery; truth: Set<number> }[] {
  return log.byUser.flatMap((baskets: readonly Basket[], user) => {
    const samples = [];
    for (let at = Math.max(1, baskets.length - perUser); at < baskets.length; at++)
      samples.push({
        query: { user, past: baskets.slice(0, at), day: baskets[at]!.day },
        truth: new Set(baskets[at]!.items),
      });
    return samples;
  });
}
