import { invariant } from "@almanac/kernel";
import type { TrainingData } from "./boosted-trees.ts";
import { rowCountOf } from "./feature-table.ts";

/** What a model is fitted to: a loss over rows with its first two derivatives by the score of each row. */
export interface Loss {
  /** The same score for every row that loses least; what boosting starts from. */
  readonly base: number;
  /** Writes first and second derivative of each row side by side. Second ones are >= 0. */
  derivatives(scores: Float64Array, out: Float64Array): void;
  /** Mean loss, by weight. */
  value(scores: Float64Array): number;
  /** What a leaf of these rows answers, before shrinkage, where the derivatives do not say it. */
  leafValue?(rows: Int32Array, scores: Float64Array): number;
}

/** Labels and weights as numbers of 64 bits, checked: one finite label and one finite weight >= 0 a row. */
export function readTargets(data: TrainingData): { labels: Float64Array; weights: Float64Array } {
  const rowCount = rowCountOf(data.features);
  invariant(data.labels.length === rowCount, "features and labels differ in rows");
  const labels = Float64Array.from(data.labels);
  const weights = data.weights ? Float64Array.from(data.weights) : new Float64Array(rowCount).fill(1);
  invariant(weights.length === rowCount, "features and weights differ in rows");
  invariant(labels.every(Number.isFinite), "a label is not a finite number");
  invariant(
    weights.every((weight) => weight >= 0 && Number.isFinite(weight)),
    "a weight is not a finite number >= 0",
  );
  return { labels, weights };
}

/** Half of the squared error. Its mean is least at the mean of the labels. */
export function squaredLoss(data: TrainingData): Loss {
  const { labels, weights } = readTargets(data);
  const total = sum(weights);
  return {
    base: total > 0 ? weightedSum(labels, weights) / total : 0,
    derivatives(scores, out) {
      for (let row = 0; row < labels.length; row++) {
        out[2 * row] = weights[row]! * (scores[row]! - labels[row]!);
        out[2 * row + 1] = weights[row]!;
      }
    },
    value(scores) {
      let loss = 0;
      for (let row = 0; row < labels.length; row++)
        loss += 0.5 * weights[row]! * (scores[row]! - labels[row]!) ** 2;
      return total > 0 ? loss / total : 0;
    },
  };
}

/** Log-odds are kept from +-infinity where all labels are equal. */
const leastShare = 1e-6;
/** Keeps a leaf of certain rows from dividing by nothing. */
const leastSecond = 1e-16;

/** Cross-entropy of labels from 0 to 1 against the logistic function of the scores, in nats. */
export function logisticLoss(data: TrainingData): Loss {
  const { labels, weights } = readTargets(data);
  invariant(
    labels.every((label) => label >= 0 && label <= 1),
    "a label of the logistic loss is 0 to 1",
  );
  const total = sum(weights);
  const share = total > 0 ? weightedSum(labels, weights) / total : 0.5;
  const kept = Math.min(1 - leastShare, Math.max(leastShare, share));
  return {
    base: Math.log(kept / (1 - kept)),
    derivatives(scores, out) {
      for (let row = 0; row < labels.length; row++) {
        const p = logistic(scores[row]!);
        out[2 * row] = weights[row]! * (p - labels[row]!);
        out[2 * row + 1] = weights[row]! * Math.max(p * (1 - p), leastSecond);
      }
    },
    value(scores) {
      let loss = 0;
      for (let row = 0; row < labels.length; row++) {
        const score = scores[row]!;
        // ln(1 + e^s) - y s, without overflow.
        const softplus = Math.max(score, 0) + Math.log1p(Math.exp(-Math.abs(score)));
        loss += weights[row]! * (softplus - labels[row]! * score);
      }
      return total > 0 ? loss / total : 0;
    },
  };
}

/** 1 / (1 + e^-score): log-odds as a probability. */
export function logistic(score: number): number {
  return 1 / (1 + Math.exp(-score));
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}

function weightedSum(values: Float64Array, weights: Float64Array): number {
  return values.reduce((total, value, at) => total + value * weights[at]!, 0);
}
