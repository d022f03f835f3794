import { invariant } from "@almanac/kernel";
import type { BoostedTrees } from "./boosted-trees.ts";
import { rowCountOf } from "./feature-table.ts";
import type { FeatureTable } from "./feature-table.ts";
import { nextNode } from "./predict.ts";

/** How many rows of a table pass each node of a model: what a contribution is measured against. */
export function countCover(model: BoostedTrees, features: FeatureTable): Float64Array {
  invariant(features.width === model.width, "the features are not as wide as the model");
  const cover = new Float64Array(model.feature.length);
  const rows = rowCountOf(features);
  for (let row = 0; row < rows; row++) {
    for (const root of model.roots) {
      let node = root;
      cover[node]! += 1;
      while (model.feature[node]! >= 0) {
        node = nextNode(model, node, features.values, row * features.width);
        cover[node]! += 1;
      }
    }
  }
  return cover;
}

/**
 * What each column adds to the model's answer for one row, exact: the Shapley values of the game in which a column that
 * takes no part follows the rows of `cover` down both sides. They and the last entry sum to `predictBoostedRow`.
 * Lundberg et al. (2018), "Consistent Individualized Feature Attribution for Tree Ensembles", algorithm 2.
 *
 * @param cover  of `countCover` on rows of training, or on rows to compare with
 * @param values as many features as the model is wide, from `offset` on
 * @returns `width` contributions, then the mean answer over the rows of `cover`
 */
export function contributionsOf(
  model: BoostedTrees,
  cover: Float64Array,
  values: ArrayLike<number>,
  offset = 0,
): Float64Array {
  invariant(cover.length === model.feature.length, "the cover is of another model");
  const out = new Float64Array(model.width + 1);
  out[model.width] = model.base;
  for (const root of model.roots) {
    out[model.width]! += meanBelow(model, cover, root);
    walk({ model, cover, values, offset, out }, root, [], 1, 1, -1);
  }
  return out;
}

interface Walk {
  readonly model: BoostedTrees;
  readonly cover: Float64Array;
  readonly values: ArrayLike<number>;
  readonly offset: number;
  readonly out: Float64Array;
}

/** A column on the way down: the share of rows that go this way without it (`zero`) and with it (`one`). */
interface Step {
  readonly column: number;
  readonly zero: number;
  readonly one: number;
  /** Weight of the sets of columns so far that have as many members as the step has predecessors. */
  weight: number;
}

function walk(
  at: Walk,
  node: number,
  path: readonly Step[],
  zero: number,
  one: number,
  column: number,
): void {
  // Nobody comes here, with the column or without.
  if (zero === 0 && one === 0) return;
  const steps = extend(path, zero, one, column);
  const { model, cover } = at;
  const split = model.feature[node]!;
  if (split < 0) {
    for (let step = 1; step < steps.length; step++) {
      const { column: own, one: with1, zero: with0 } = steps[step]!;
      const weight = unwind(steps, step).reduce((sum, rest) => sum + rest.weight, 0);
      at.out[own]! += weight * (with1 - with0) * model.value[node]!;
    }
    return;
  }
  const hot = nextNode(model, node, at.values, at.offset);
  const known = steps.findIndex((step) => step.column === split);
  const before = known > 0 ? steps[known]! : { zero: 1, one: 1 };
  const rest = known > 0 ? unwind(steps, known) : steps;
  for (const child of [model.left[node]!, model.right[node]!]) {
    const share = cover[node]! > 0 ? cover[child]! / cover[node]! : 0.5;
    walk(at, child, rest, before.zero * share, child === hot ? before.one : 0, split);
  }
}

function extend(path: readonly Step[], zero: number, one: number, column: number): Step[] {
  const length = path.length;
  const steps = path.map((step) => ({ ...step }));
  steps.push({ column, zero, one, weight: length === 0 ? 1 : 0 });
  for (let at = length - 1; at >= 0; at--) {
    steps[at + 1]!.weight += (one * steps[at]!.weight * (at + 1)) / (length + 1);
    steps[at]!.weight = (zero * steps[at]!.weight * (length - at)) / (length + 1);
  }
  return steps;
}

/** The path as if a step had never been taken. */
function unwind(path: readonly Step[], taken: number): Step[] {
  const last = path.length - 1;
  const { zero, one } = path[taken]!;
  const weights = path.map((step) => step.weight);
  let next = weights[last]!;
  for (let at = last - 1; at >= 0; at--) {
    if (one !== 0) {
      const own = weights[at]!;
      weights[at] = (next * (last + 1)) / ((at + 1) * one);
      next = own - (weights[at]! * zero * (last - at)) / (last + 1);
    } else {
      weights[at] = (weights[at]! * (last + 1)) / (zero * (last - at));
    }
  }
  const steps = path.filter((_, at) => at !== taken);
  return steps.map((step, at) => ({ ...step, weight: weights[at]! }));
}

function meanBelow(model: BoostedTrees, cover: Float64Array, node: number): number {
  if (model.feature[node]! < 0) return model.value[node]!;
  const [left, right] = [model.left[node]!, model.right[node]!];
  const share = cover[node]! > 0 ? cover[left]! / cover[node]! : 0.5;
  return share * meanBelow(model, cover, left) + (1 - share) * meanBelow(model, cover, right);
}
