import type { Rng } from "@almanac/kernel";
import { gatherCandidates } from "./basket-candidates.ts";
import { basketFeatureCount, basketFeatures, tifuRankColumn } from "./basket-features.ts";
import type { Lesson } from "./basket-lessons.ts";

/** Of a question's candidates that were not bought, all of the likeliest and a share of the rest are learned. */
const alwaysLearned = 40;
const learnedShare = 0.4;

export interface LearningRows {
  /** Columns of a row. */
  readonly width: number;
  readonly values: Float32Array;
  /** 1 where the item was bought. */
  readonly labels: Float32Array;
  readonly weights: Float32Array;
  /** Rows of each question, in order. */
  readonly groupSizes: readonly number[];
}

/**
 * The candidates of every question with an answer among them. So odds that are learned from them are odds where there is an
 * answer: the rest would lower those of own and of new items alike, and gained nothing (docs/benches/recommending-models.md).
 *
 * @param evenness each row counts 1 over what its question bought to this power: at 0 the largest baskets have most of the
 *   say, at 1 each question has the same; NDCG and recall ask of every question alike, but the large ones teach more
 */
export function readLearningRows(lessons: Iterable<Lesson>, rng: Rng, evenness = 0): LearningRows {
  const blocks: Float32Array[] = [];
  const labels: number[] = [];
  const weights: number[] = [];
  const groupSizes: number[] = [];
  let weighed = 0;
  let width = 0;
  for (const { sources, samples } of lessons) {
    width = basketFeatureCount(sources);
    for (const { query, truth } of samples) {
      const candidates = gatherCandidates(sources, query);
      const bought = candidates.items.reduce((count, item) => count + (truth.has(item) ? 1 : 0), 0);
      if (bought === 0) continue;
      const weight = bought ** -evenness;
      const values = basketFeatures(sources, query, candidates);
      let kept = 0;
      candidates.items.forEach((item, at) => {
        const start = at * width;
        const isBought = truth.has(item);
        const isDrawn = !isBought && values[start + tifuRankColumn]! >= alwaysLearned;
        if (isDrawn && rng.next() >= learnedShare) return;
        values.copyWithin(kept * width, start, start + width);
        kept++;
        // Those drawn stand for those left out: without it the odds of all unlikely items come out too high.
        weights.push(isDrawn ? weight / learnedShare : weight);
        labels.push(isBought ? 1 : 0);
      });
      blocks.push(values.slice(0, kept * width));
      groupSizes.push(kept);
      weighed += kept * weight;
    }
  }
  const values = new Float32Array(labels.length * width);
  let end = 0;
  for (const block of blocks) {
    values.set(block, end);
    end += block.length;
  }
  // As many rows as before, whatever questions count: limits on leaves mean the same.
  const scale = labels.length / Math.max(weighed, Number.MIN_VALUE);
  return {
    width,
    values,
    labels: Float32Array.from(labels),
    weights: Float32Array.from(weights, (weight) => scale * weight),
    groupSizes,
  };
}
