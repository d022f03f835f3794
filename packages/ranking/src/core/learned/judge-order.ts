import { examinationAt } from "../clicks/examination.ts";
import type { RankingWeights } from "../score/final-score.ts";
import { orderOf, rerank, type RankModel } from "../score/rank-model.ts";
import { candidatesOf, type LoggedExample } from "./logged-example.ts";
import { servedCandidates } from "./served-features.ts";
import { mostWeight } from "./training-groups.ts";

/** Clicks a search that each ranking is expected to get, told from the log of another. */
export interface HeldOutFigure {
  readonly searches: number;
  readonly clicks: number;
  readonly control: number;
  readonly learned: number;
  /** Learned less control, with its 95 % interval over shoppers. */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
}

/**
 * What two orders of the same shown products would get: a click counts by the chance that its product's new place is looked at
 * over the chance of the place where it was clicked (inverse propensities under the position-based model). Both orders are
 * judged on the same clicks, so their difference is far surer than either figure.
 *
 * @param examples searches that the model has not seen
 * @param weights  of the control
 */
export function judgeOrder(
  model: RankModel,
  examples: readonly LoggedExample[],
  { examination, weights }: { examination: ArrayLike<number>; weights?: RankingWeights },
): HeldOutFigure {
  const shoppers = new Map<string, { searches: number; difference: number }>();
  let control = 0;
  let learned = 0;
  let clicks = 0;
  for (const example of examples) {
    const mine = shoppers.get(example.shopper) ?? { searches: 0, difference: 0 };
    shoppers.set(example.shopper, mine);
    mine.searches += 1;
    const { clicked } = example;
    if (clicked < 0) continue;
    clicks += 1;
    const candidates = servedCandidates(example.query, example.idfs, candidatesOf(example), weights);
    const looked = examinationAt(examination, clicked + 1);
    const valueIn = (order: readonly number[]): number =>
      Math.min(mostWeight, examinationAt(examination, order.indexOf(clicked) + 1) / looked);
    const asControl = valueIn(orderOf(candidates.plain));
    const asLearned = valueIn(orderOf(rerank(model, candidates)));
    control += asControl;
    learned += asLearned;
    mine.difference += asLearned - asControl;
  }
  const searches = Math.max(1, examples.length);
  const difference = (learned - control) / searches;
  const margin = 1.959963984540054 * errorOf([...shoppers.values()], difference, searches);
  return {
    searches: examples.length,
    clicks,
    control: control / searches,
    learned: learned / searches,
    difference,
    low: difference - margin,
    high: difference + margin,
  };
}

/** Standard error of a ratio over shoppers, by the delta method. */
function errorOf(
  shoppers: readonly { readonly searches: number; readonly difference: number }[],
  ratio: number,
  searches: number,
): number {
  const n = shoppers.length;
  if (n < 2) return Infinity;
  const squares = shoppers.reduce((sum, one) => sum + (one.difference - ratio * one.searches) ** 2, 0);
  return Math.sqrt((squares * n) / (n - 1)) / searches;
}
