import { invariant } from "@almanac/kernel";

/** Probabilities are kept this far from 0 and 1 where their logarithm is taken. */
export const leastProbability = 1e-15;

/**
 * Share of pairs of a positive and a negative row that are ranked right, ties half: the area under the ROC curve, by
 * ranks (Mann-Whitney).
 *
 * @returns NaN where all labels are equal
 */
export function areaUnderCurve(scores: ArrayLike<number>, labels: ArrayLike<number>): number {
  invariant(scores.length === labels.length, "scores and labels differ in rows");
  const order = Array.from(scores, (_, row) => row).sort((a, b) => scores[a]! - scores[b]!);
  let positives = 0;
  let rankSum = 0;
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to < order.length && scores[order[to]!] === scores[order[from]!]) to++;
    // Rows that tie share the middle of their ranks, from 1.
    const rank = (from + 1 + to) / 2;
    for (let at = from; at < to; at++) {
      const label = labels[order[at]!]!;
      positives += label;
      rankSum += label * rank;
    }
    from = to;
  }
  const negatives = order.length - positives;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** Mean of -ln(probability of what happened), in nats; 0 of no rows. */
export function logLoss(probabilities: ArrayLike<number>, labels: ArrayLike<number>): number {
  invariant(probabilities.length === labels.length, "probabilities and labels differ in rows");
  let loss = 0;
  for (let row = 0; row < labels.length; row++) {
    const p = Math.min(1 - leastProbability, Math.max(leastProbability, probabilities[row]!));
    loss -= labels[row] === 1 ? Math.log(p) : Math.log1p(-p);
  }
  return labels.length === 0 ? 0 : loss / labels.length;
}

/** Mean squared distance of probability and label, 0 to 1; 0 of no rows. */
export function brierScore(probabilities: ArrayLike<number>, labels: ArrayLike<number>): number {
  invariant(probabilities.length === labels.length, "probabilities and labels differ in rows");
  let sum = 0;
  for (let row = 0; row < labels.length; row++) sum += (probabilities[row]! - labels[row]!) ** 2;
  return labels.length === 0 ? 0 : sum / labels.length;
}

export interface CalibrationBin {
  readonly rows: number;
  /** Mean of the probabilities in the bin. */
  readonly told: number;
  /** Share of positive rows in it. */
  readonly came: number;
}

/** Rows by probability, in bins of equal width; empty bins are left out. */
export function calibrationBins(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  bins = 10,
): CalibrationBin[] {
  invariant(probabilities.length === labels.length, "probabilities and labels differ in rows");
  const rows = new Float64Array(bins);
  const told = new Float64Array(bins);
  const came = new Float64Array(bins);
  for (let row = 0; row < labels.length; row++) {
    const bin = Math.min(bins - 1, Math.floor(probabilities[row]! * bins));
    rows[bin]! += 1;
    told[bin]! += probabilities[row]!;
    came[bin]! += labels[row]!;
  }
  return Array.from({ length: bins }, (_, bin) => bin)
    .filter((bin) => rows[bin]! > 0)
    .map((bin) => ({ rows: rows[bin]!, told: told[bin]! / rows[bin]!, came: came[bin]! / rows[bin]! }));
}

/** Expected calibration error: distance of told and came, the mean over rows; 0 to 1. */
export function calibrationError(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  bins = 10,
): number {
  const found = calibrationBins(probabilities, labels, bins);
  const distance = found.reduce((sum, { rows, told, came }) => sum + rows * Math.abs(told - came), 0);
  return labels.length === 0 ? 0 : distance / labels.length;
}
