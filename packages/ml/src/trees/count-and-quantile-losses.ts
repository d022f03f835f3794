import { invariant } from "@almanac/kernel";
import type { TrainingData } from "./boosted-trees.ts";
import { readTargets } from "./losses.ts";
import type { Loss } from "./losses.ts";

/** Second derivatives are taken as if the score were this much higher, which keeps steps at rare counts short. */
const caution = 0.7;

/** Deviance of counts >= 0 against e^score, without what does not depend on the score: e^s - y s. */
export function poissonLoss(data: TrainingData): Loss {
  const { labels, weights } = readTargets(data);
  invariant(
    labels.every((label) => label >= 0),
    "a label of the Poisson loss is >= 0",
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = total > 0 ? labels.reduce((sum, y, row) => sum + weights[row]! * y, 0) / total : 0;
  return {
    base: Math.log(Math.max(mean, 1e-6)),
    derivatives(scores, out) {
      for (let row = 0; row < labels.length; row++) {
        out[2 * row] = weights[row]! * (Math.exp(scores[row]!) - labels[row]!);
        out[2 * row + 1] = weights[row]! * Math.exp(scores[row]! + caution);
      }
    },
    value(scores) {
      let loss = 0;
      for (let row = 0; row < labels.length; row++)
        loss += weights[row]! * (Math.exp(scores[row]!) - labels[row]! * scores[row]!);
      return total > 0 ? loss / total : 0;
    },
  };
}

/**
 * Pinball loss of a quantile: `level` for every unit that a label lies above the score, 1 - `level` below. Its second
 * derivative is 0, so splits are found as if it were 1, and each leaf then answers with the quantile of what is left in it.
 * Koenker and Bassett (1978), "Regression Quantiles"; Friedman (2001), algorithm 3, for the leaves.
 *
 * @param level above 0, below 1
 */
export function quantileLoss(data: TrainingData, level: number): Loss {
  const { labels, weights } = readTargets(data);
  invariant(level > 0 && level < 1, "a quantile's level is above 0, below 1");
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const all = Int32Array.from(labels, (_, row) => row);
  return {
    base: weightedQuantile(all, labels, weights, level),
    derivatives(scores, out) {
      for (let row = 0; row < labels.length; row++) {
        out[2 * row] = weights[row]! * (scores[row]! >= labels[row]! ? 1 - level : -level);
        out[2 * row + 1] = weights[row]!;
      }
    },
    value(scores) {
      let loss = 0;
      for (let row = 0; row < labels.length; row++) {
        const above = labels[row]! - scores[row]!;
        loss += weights[row]! * (above >= 0 ? level * above : (level - 1) * above);
      }
      return total > 0 ? loss / total : 0;
    },
    leafValue(rows, scores) {
      const left = Float64Array.from(rows, (row) => labels[row]! - scores[row]!);
      const own = Float64Array.from(rows, (row) => weights[row]!);
      return weightedQuantile(
        left.map((_, at) => at),
        left,
        own,
        level,
      );
    },
  };
}

/** The least value that at least `level` of the weight does not exceed; 0 without weight. */
function weightedQuantile(
  places: ArrayLike<number>,
  values: Float64Array,
  weights: Float64Array,
  level: number,
): number {
  const order = Array.from(places).sort((a, b) => values[a]! - values[b]!);
  const wanted = level * order.reduce((sum, place) => sum + weights[place]!, 0) * (1 - 1e-12);
  let sum = 0;
  for (const place of order) {
    sum += weights[place]!;
    if (sum >= wanted && sum > 0) return values[place]!;
  }
  return 0;
}
