import { choleskyInPlace, solveFactored } from "../cholesky.ts";
import { weighOpinions } from "./opinions.ts";
import type { Opinions } from "./opinions.ts";

/** Opinions of candidates, one of which is what was taken. */
export interface Choice extends Opinions {
  readonly taken: number;
}

/** L2 penalty on the weights, in choices. */
const ridge = 3;
const iterations = 12;
/** The first steps go half the way, as they start far from the end. */
const carefulSteps = 2;
/** Candidates less likely than this bend the likelihood by nothing that matters. */
const negligible = 1e-5;

/**
 * Weights such that the softmax of the weighted features gives the item that was taken the highest likelihood: a
 * handful of numbers, learned from thousands of choices by Newton's method. Choices whose item is no candidate say nothing.
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
  for (let iteration = 0; iteration < iterations; iteration++) {
    const slope = weights.map((weight) => -ridge * weight);
    const bend = new Float64Array(width * width);
    for (let k = 0; k < width; k++) bend[k * width + k] = ridge;
    for (const { choice, at } of usable) addChoice(choice, at, weights, slope, bend);
    choleskyInPlace(bend, width);
    solveFactored(bend, width, slope);
    const share = iteration < carefulSteps ? 0.5 : 1;
    for (let k = 0; k < width; k++) weights[k]! += share * slope[k]!;
  }
  return weights;
}

/** Adds one choice's slope of the log-likelihood, and its negative second derivatives below the diagonal. */
function addChoice(
  choice: Choice,
  at: number,
  weights: Float64Array,
  slope: Float64Array,
  bend: Float64Array,
): void {
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
}

function softmax(scores: Float64Array): Float64Array {
  const best = scores.reduce((a, b) => Math.max(a, b), -Infinity);
  const powers = scores.map((score) => Math.exp(score - best));
  const total = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / total);
}
