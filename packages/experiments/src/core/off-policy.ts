import { invariant } from "@almanac/kernel";

/**
 * What was shown and what came of it, as flat columns of equal length, one entry per shown item or list.
 *
 * - `reward`: clicks, cents, anything
 * - `logged`: probability with which what was live showed it, in (0, 1]
 * - `target`: probability with which the new ranking would have shown it, in [0, 1]
 */
export interface LoggedRewards {
  readonly reward: Float64Array;
  readonly logged: Float64Array;
  readonly target: Float64Array;
}

/** What a model thinks, for the doubly robust estimate; the better it is, the narrower the answer. */
export interface RewardModel {
  /** Expected reward of what was shown. */
  readonly shown: Float64Array;
  /** Expected reward of what the new ranking would show, averaged over its choices. */
  readonly target: Float64Array;
}

export interface OffPolicyEstimate {
  /** Reward per entry if the new ranking had been live. */
  readonly value: number;
  readonly standardError: number;
  /** Entries that count as much as this many evenly weighted ones. Far below the number of entries: do not trust it. */
  readonly effectiveSize: number;
  /** Share of entries whose weight was cut. Each cut trades variance for a bias towards what was live. */
  readonly clippedShare: number;
}

export interface OffPolicyOptions {
  /** Largest weight `target / logged`. Unlimited unless given. */
  readonly clip?: number;
}

/**
 * Inverse propensity scoring: the mean of weight times reward. Unbiased without clipping where everything that the new
 * ranking shows had a chance before.
 *
 * Horvitz, Thompson (1952); Bottou et al. (2013), "Counterfactual reasoning and learning systems", JMLR 14.
 */
export function ips(log: LoggedRewards, options: OffPolicyOptions = {}): OffPolicyEstimate {
  const weights = weightsOf(log, options);
  return summary(weights, (i) => weights.values[i]! * log.reward[i]!);
}

/**
 * Self-normalised: divided by the sum of the weights rather than by the number of entries. A little biased, far steadier,
 * and never outside the range of the rewards.
 *
 * Swaminathan, Joachims (2015), "The self-normalized estimator for counterfactual learning", NIPS.
 */
export function snips(log: LoggedRewards, options: OffPolicyOptions = {}): OffPolicyEstimate {
  const weights = weightsOf(log, options);
  const n = log.reward.length;
  const meanWeight = weights.sum / n;
  if (meanWeight === 0) return { value: 0, standardError: Infinity, effectiveSize: 0, clippedShare: 0 };
  let total = 0;
  for (let i = 0; i < n; i++) total += weights.values[i]! * log.reward[i]!;
  const value = total / weights.sum;
  const { standardError, ...rest } = summary(weights, (i) => weights.values[i]! * (log.reward[i]! - value));
  return { ...rest, value, standardError: standardError / meanWeight };
}

/**
 * Doubly robust: the model's answer, put right by the weighted errors of the model on what was shown. Right when either the
 * propensities or the model are.
 *
 * Dudík, Langford, Li (2011), "Doubly robust policy evaluation and learning", ICML.
 */
export function doublyRobust(
  log: LoggedRewards,
  model: RewardModel,
  options: OffPolicyOptions = {},
): OffPolicyEstimate {
  invariant(
    model.shown.length === log.reward.length && model.target.length === log.reward.length,
    "one expected reward an entry",
  );
  const weights = weightsOf(log, options);
  return summary(weights, (i) => model.target[i]! + weights.values[i]! * (log.reward[i]! - model.shown[i]!));
}

interface Weights {
  readonly values: Float64Array;
  readonly sum: number;
  readonly squares: number;
  readonly clipped: number;
}

function weightsOf(
  { reward, logged, target }: LoggedRewards,
  { clip = Infinity }: OffPolicyOptions,
): Weights {
  const n = reward.length;
  invariant(
    n > 0 && logged.length === n && target.length === n,
    "columns of one length, and something in them",
  );
  const values = new Float64Array(n);
  let sum = 0;
  let squares = 0;
  let clipped = 0;
  for (let i = 0; i < n; i++) {
    invariant(logged[i]! > 0, "what was shown had a chance to be shown");
    const weight = target[i]! / logged[i]!;
    if (weight > clip) clipped += 1;
    const value = Math.min(weight, clip);
    values[i] = value;
    sum += value;
    squares += value * value;
  }
  return { values, sum, squares, clipped };
}

function summary(weights: Weights, termOf: (i: number) => number): OffPolicyEstimate {
  const n = weights.values.length;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const term = termOf(i);
    sum += term;
    squares += term * term;
  }
  const value = sum / n;
  const variance = n < 2 ? Infinity : Math.max(0, squares - n * value * value) / (n - 1);
  return {
    value,
    standardError: Math.sqrt(variance / n),
    effectiveSize: weights.squares === 0 ? 0 : weights.sum ** 2 / weights.squares,
    clippedShare: weights.clipped / n,
  };
}
