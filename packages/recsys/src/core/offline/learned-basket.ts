import type { Rng } from "@almanac/kernel";
import { topK } from "../top-k.ts";
import { featureCount, fillFeatures, readContext } from "./basket-features.ts";
import type { Basket, BasketLog, BasketQuery, BasketScorer } from "./baskets.ts";
import { fitBoostedTrees } from "./boosting.ts";
import { fitTifuKnn } from "./tifu-knn.ts";

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
  const tifu = fitTifuKnn(log);
  const context = readContext(log);
  const candidatesOf = (query: BasketQuery) => {
    const parts = tifu.parts(query.past, query.user);
    const own = [...parts.own.keys()];
    const ownBest = topK(
      own.map((item) => parts.own.get(item)!),
      ownCandidates,
    ).map((at) => own[at]!);
    const fresh = context.freshScores(query, parts);
    const freshItems = [...fresh.keys()];
    const freshBest = topK([...fresh.values()], newCandidates).map((at) => freshItems[at]!);
    const items = [...ownBest, ...freshBest];
    const features = new Float32Array(items.length * featureCount);
    fillFeatures(context, query, parts, fresh, items, features);
    return { items, features };
  };

  const rows: Float32Array[] = [];
  const labels: number[] = [];
  for (const { query, truth } of walkForward(log, trainingBaskets)) {
    const { items, features } = candidatesOf(query);
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
  const model = fitBoostedTrees({ width: featureCount, values }, Uint8Array.from(labels), {
    trees,
    onProgress: options.onProgress,
  });
  const everybody = context.popularity;
  return {
    name: "hybrid",
    addScores(query, scores) {
      const { items, features } = candidatesOf(query);
      // What is no candidate follows by popularity, below every candidate.
      for (let item = 0; item < scores.length; item++) scores[item]! += everybody[item]! - 100;
      items.forEach((item, at) => (scores[item]! += 100 + model.predict(features, at * featureCount)));
    },
  };
}

/** The latest baskets of each user with the queries that would have come before them. */
export function walkForward(
  log: BasketLog,
  basketCount: number,
): { query: BasketQuery; truth: Set<number> }[] {
  const perUser = Math.max(1, Math.ceil(basketCount / Math.max(1, log.byUser.length)));
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
