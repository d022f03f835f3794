import { logistic } from "../trees/losses.ts";
import { fitIsotonic } from "./isotonic.ts";

/** A rising line through points, level beyond the first and the last. */
export interface RisingCurve {
  readonly scores: Float64Array;
  readonly values: Float64Array;
  /** Part that the curve has in a probability, 0 to below 1; the rest is the logistic function of the score. */
  readonly share: number;
}

/** Rows of the rarer class at which the curve counts half. */
const halfAt = 1_000;

/**
 * How often what was said came true: isotonic steps of held-out log-odds, joined by lines from the middle of each step to
 * the middle of the next, so that two scores keep their order. A step counts half a positive and half a negative more than
 * it has, so no value is 0 or 1. What few rows say is mostly chance, so the curve has m / (m + 1,000) of the say, m being
 * rows of the rarer class.
 *
 * Zadrozny and Elkan (2002), "Transforming Classifier Scores into Accurate Multiclass Probability Estimates", for the steps.
 *
 * @param logits log-odds of rows by models that have not seen them, finite
 * @param labels 0 or 1
 */
export function fitRisingCurve(logits: Float64Array, labels: ArrayLike<number>): RisingCurve {
  const order = logits.map((_, row) => row).sort((a, b) => logits[a]! - logits[b]!);
  const { bounds } = fitIsotonic(logits, labels);
  const scores = new Float64Array(bounds.length);
  const values = new Float64Array(bounds.length);
  let positives = 0;
  let at = 0;
  for (let step = 0; step < bounds.length; step++) {
    let [rows, sum, ups] = [0, 0, 0];
    for (; at < order.length && logits[order[at]!]! <= bounds[step]!; at++) {
      rows++;
      sum += logits[order[at]!]!;
      ups += labels[order[at]!]!;
    }
    positives += ups;
    scores[step] = sum / rows;
    values[step] = Math.max(values[step - 1] ?? 0, (ups + 0.5) / (rows + 1));
  }
  const rarer = Math.min(positives, logits.length - positives);
  return { scores, values, share: rarer / (rarer + halfAt) };
}

/** The probability of a score in log-odds. */
export function applyRisingCurve({ scores, values, share }: RisingCurve, logit: number): number {
  if (share === 0) return logistic(logit);
  return share * readCurve(scores, values, logit) + (1 - share) * logistic(logit);
}

function readCurve(scores: Float64Array, values: Float64Array, score: number): number {
  let low = 0;
  let high = scores.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (scores[middle]! < score) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return values[0]!;
  if (low === scores.length) return values[low - 1]!;
  const part = (score - scores[low - 1]!) / (scores[low]! - scores[low - 1]!);
  return values[low - 1]! + part * (values[low]! - values[low - 1]!);
}
