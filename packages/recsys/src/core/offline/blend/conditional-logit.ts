import { choleskyInPlace, solveFactored } from "../cholesky.ts";
import { weighOpinions } from "./opinions.ts";
import type { Opinions } from "./opinions.ts";

/** Opinions of candidates, one of which is what was taken. */
export interface Choice extends Opinions {
  readonly taken: number;
}

/** L2 penalty on the weights, in choices. */
const ridge = 3;
const iterations = 30;
/** A step that makes the choices less likely is halved, this often at most. */
const mostHalvings = 12;
/** Steps that gain less are not worth another. */
const leastGain = 1e-9;
/** Candidates less likely than this bend the likelihood by nothing that matters. */
const negligible = 1e-5;

/**
 * Weights such that the softmax of the weighted features gives the item that was taken the highest likelihood: a
 * handful of numbers, learned from thousands of choices by Newton's method, whose steps are halved until they help. Choices whose item is no candidate say nothing.
 *
 * McFadden (1974), "Conditional logit analysis of qualitative choice behavior".
 *
 * @param width features of an item
 * @returns one weight a feature; zeros without a choice to learn from
 */
export function fitConditionalLogit(choices: readonly Choice[], width: number): Float64Array {
  const weights = new Float64Array(width);
  const usable = choices.flatMap((choice) => {
    const at = choice.items.indexOf(choice.taken);
    return at < 0 ? [] : [{ choice, at }];
  });
  let known = lookAt(usable, weights);
  for (let iteration = 0; iteration < iterations; iteration++) {
    const step = known.slope;
    choleskyInPlace(known.bend, width);
    solveFactored(known.bend, width, step);
    let next = known;
    let share = 1;
    const from = weights.slice();
    for (let halving = 0; halving <= mostHalvings; halving++, share /= 2) {
      for (let k = 0; k < width; k++) weights[k] = from[k]! + share * step[k]!;
      next = lookAt(usable, weights);
      if (next.likelihood >= known.likelihood) break;
    }
    // No step of this direction helps any more: what was there is as good as it gets.
    if (!(next.likelihood >= known.likelihood)) return from;
    const gain = next.likelihood - known.likelihood;
    known = next;
    if (gain <= leastGain * Math.abs(next.likelihood)) break;
  }
  return weights;
}

interface View {
  /** Logarithm, with the penalty taken off. */
  readonly likelihood: number;
  readonly slope: Float64Array;
  /** Negative second derivatives, below the diagonal. */
  readonly bend: Float64Array;
}

/** The penalised log-likelihood at some weights, and how it rises and bends there. */
function lookAt(usable: readonly { choice: Choice; at: number }[], weights: Float64Array): View {
  const width = weights.length;
  const slope = weights.map((weight) => -ridge * weight);
  const bend = new Float64Array(width * width);
  let likelihood = 0;
  for (let k = 0; k < width; k++) {
    bend[k * width + k] = ridge;
    likelihood -= 0.5 * ridge * weights[k]! ** 2;
  }
  for (const { choice, at } of usable) likelihood += addChoice(choice, at, weights, slope, bend);
  return { likelihood, slope, bend };
}

/**
 * Adds one choice's slope of the log-likelihood, and its negative second derivatives below the diagonal.
 *
 * @returns the log-likelihood of what was taken
 */
function addChoice(
  choice: Choice,
  at: number,
  weights: Float64Array,
  slope: Float64Array,
  bend: Float64Array,
): number {
  const width = weights.length;
  const { values } = choice;
  const chances = softmax(weighOpinions(choice, weights));
  const mean = new Float64Array(width);
  chances.forEach((chance, row) => {
    for (let k = 0; k < width; k++) mean[k]! += chance * values[row * width + k]!;
  });
  for (let k = 0; k < width; k++) slope[k]! += values[at * width + k]! - mean[k]!;
  chances.forEach((chance, row) => {
    if (chance < negligible) return;
    for (let k = 0; k < width; k++) {
      const off = chance * (values[row * width + k]! - mean[k]!);
      for (let l = 0; l <= k; l++) bend[k * width + l]! += off * (values[row * width + l]! - mean[l]!);
    }
  });
  return Math.log(Math.max(chances[at]!, Number.MIN_VALUE));
}

function softmax(scores: Float64Array): Float64Array {
  const best = scores.reduce((a, b) => Math.max(a, b), -Infinity);
  const powers = scores.map((score) => Math.exp(score - best));
  const total = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / total);
}
