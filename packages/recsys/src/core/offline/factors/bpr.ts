import type { Rng } from "@almanac/kernel";
import type { ItemScorer } from "../item-scorer.ts";
import type { SparseRows } from "../sparse.ts";
import { AdamTable } from "./adam-table.ts";
import { learnByUser, poolHistory } from "./pooled-history.ts";

export interface BprOptions {
  readonly rng: Rng;
  readonly dimensions?: number;
  /** Times that every user is gone over. */
  readonly rounds?: number;
  readonly learningRate?: number;
  readonly weightDecay?: number;
  readonly onProgress?: ((share: number) => void) | undefined;
}

/** Items that are not the user's, against each that is. */
const drawsPerItem = 3;

/**
 * Bayesian personalised ranking: factors and a bias of each item such that what a user has scores above what is drawn at
 * random, by the logistic loss of the difference. The user is the pool of their items.
 *
 * Rendle et al. (2009), "BPR: Bayesian personalized ranking from implicit feedback".
 */
export function fitBpr(interactions: SparseRows, options: BprOptions): ItemScorer {
  const { rng, dimensions: d = 64, rounds = 25, learningRate = 0.003, weightDecay = 0.01 } = options;
  const adam = { learningRate, weightDecay };
  const items = interactions.columnCount;
  const sources = new AdamTable(items, d, 0.1, rng.fork("sources"), adam);
  /** The last entry of a row is the bias. */
  const targets = new AdamTable(items, d + 1, 0.1, rng.fork("targets"), adam);
  for (let item = 0; item < items; item++) targets.values[item * (d + 1) + d] = 0;
  const better = new Float64Array(d + 1);
  const worse = new Float64Array(d + 1);
  learnByUser(
    interactions,
    sources,
    (person, item, draw, gradient) => {
      better.fill(0);
      for (let n = 0; n < drawsPerItem; n++) {
        const other = draw();
        const [one, two] = [item * (d + 1), other * (d + 1)];
        let gap = targets.values[one + d]! - targets.values[two + d]!;
        for (let k = 0; k < d; k++) gap += person[k]! * (targets.values[one + k]! - targets.values[two + k]!);
        const pull = 1 / (1 + Math.exp(gap));
        for (let k = 0; k < d; k++) {
          gradient[k]! -= pull * (targets.values[one + k]! - targets.values[two + k]!);
          better[k]! -= pull * person[k]!;
          worse[k] = pull * person[k]!;
        }
        better[d]! -= pull;
        worse[d] = pull;
        targets.descend(other, worse);
      }
      targets.descend(item, better);
    },
    { rounds, rng: rng.fork("order"), onProgress: options.onProgress },
  );
  return {
    name: "bpr",
    addScores(history, scores) {
      const person = poolHistory(history, sources);
      for (let item = 0; item < scores.length; item++) {
        const start = item * (d + 1);
        let score = targets.values[start + d]!;
        for (let k = 0; k < d; k++) score += person[k]! * targets.values[start + k]!;
        scores[item]! += score;
      }
    },
  };
}
