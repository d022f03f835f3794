import { invariant } from "@almanac/kernel";
import type { BoostedTrees } from "./boosted-trees.ts";
import { mostLevels, rowCountOf } from "./feature-table.ts";
import type { FeatureTable } from "./feature-table.ts";
import { logistic } from "./losses.ts";

/**
 * The model's answer for one row: an expectation, log-odds or a ranking score, by the loss it was fitted to.
 *
 * @param values as many features as the model is wide, from `offset` on; NaN where a value is not known
 */
export function predictBoostedRow(model: BoostedTrees, values: ArrayLike<number>, offset = 0): number {
  const { roots, feature, threshold, missingLeft, levelSet, left, right, value } = model;
  let sum = model.base;
  for (let tree = 0; tree < roots.length; tree++) {
    let node = roots[tree]!;
    for (let column = feature[node]!; column >= 0; column = feature[node]!) {
      const own = values[offset + column]!;
      const set = levelSet[node]!;
      const goesLeft =
        own !== own
          ? missingLeft[node] === 1
          : set < 0
            ? own <= threshold[node]!
            : isInSet(model.levels, set, own);
      node = goesLeft ? left[node]! : right[node]!;
    }
    sum += value[node]!;
  }
  return sum;
}

/** Which child of an inner node a row goes to. */
export function nextNode(
  model: BoostedTrees,
  node: number,
  values: ArrayLike<number>,
  offset: number,
): number {
  const own = values[offset + model.feature[node]!]!;
  const set = model.levelSet[node]!;
  const isLeft =
    own !== own
      ? model.missingLeft[node] === 1
      : set < 0
        ? own <= model.threshold[node]!
        : isInSet(model.levels, set, own);
  return isLeft ? model.left[node]! : model.right[node]!;
}

/** Whether a code is in the set whose words begin at `set`; what is no code is in none. */
function isInSet(levels: Uint32Array, set: number, code: number): boolean {
  return code >= 0 && code < mostLevels && ((levels[set + (code >> 5)]! >>> (code & 31)) & 1) === 1;
}

/** One answer a row; see `predictBoostedRow`. */
export function predictBoostedTrees(model: BoostedTrees, features: FeatureTable): Float64Array {
  const rows = rowCountOf(features);
  invariant(features.width === model.width, "the features are not as wide as the model");
  const answers = new Float64Array(rows);
  for (let row = 0; row < rows; row++)
    answers[row] = predictBoostedRow(model, features.values, row * features.width);
  return answers;
}

/** The probabilities of a model with the logistic loss, one a row. */
export function predictProbabilities(model: BoostedTrees, features: FeatureTable): Float64Array {
  invariant(model.loss === "logistic", "only the logistic loss gives probabilities");
  return predictBoostedTrees(model, features).map(logistic);
}

/** Loss that the splits on each column saved in training: what a model looks at. */
export function columnGains(model: BoostedTrees): Float64Array {
  const gains = new Float64Array(model.width);
  model.feature.forEach((column, node) => {
    if (column >= 0) gains[column]! += model.gain[node]!;
  });
  return gains;
}
