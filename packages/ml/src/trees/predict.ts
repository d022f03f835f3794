import { invariant } from "@almanac/kernel";
import type { BoostedTrees } from "./boosted-trees.ts";
import { rowCountOf } from "./feature-table.ts";
import type { FeatureTable } from "./feature-table.ts";
import { logistic } from "./losses.ts";

/**
 * The model's answer for one row: an expectation, log-odds or a ranking score, by the loss it was fitted to.
 *
 * @param values as many features as the model is wide, from `offset` on; NaN where a value is not known
 */
export function predictBoostedRow(model: BoostedTrees, values: ArrayLike<number>, offset = 0): number {
  const { roots, feature, threshold, missingLeft, left, right, value } = model;
  let sum = model.base;
  for (let tree = 0; tree < roots.length; tree++) {
    let node = roots[tree]!;
    for (let column = feature[node]!; column >= 0; column = feature[node]!) {
      const own = values[offset + column]!;
      const goesLeft = own === own ? own <= threshold[node]! : missingLeft[node] === 1;
      node = goesLeft ? left[node]! : right[node]!;
    }
    sum += value[node]!;
  }
  return sum;
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
