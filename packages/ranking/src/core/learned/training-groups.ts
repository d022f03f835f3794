import { examinationAt } from "../clicks/examination.ts";
import type { RankGroup } from "../score/rank-model.ts";
import { candidatesOf, type LoggedExample } from "./logged-example.ts";
import { servedCandidates } from "./served-features.ts";

/** A click at a place that hardly anybody looks at counts for at most so many. */
export const mostWeight = 10;
/** What was opened and then ordered counts for so many that were only opened. */
const orderWorth = 3;

/**
 * What a search's click is worth: one over the chance that its place was looked at, so that what stands low counts for all
 * who never got there; 0 without a click.
 *
 * Joachims, Swaminathan, Schnabel (2017), "Unbiased learning-to-rank with biased feedback", WSDM.
 */
export function worthOf({ clicked, hasOrder }: LoggedExample, examination: ArrayLike<number>): number {
  if (clicked < 0) return 0;
  const weight = Math.min(mostWeight, 1 / examinationAt(examination, clicked + 1));
  return hasOrder ? weight * orderWorth : weight;
}

/**
 * Groups to fit a ranker to: a search with a click each, drawn in proportion to its worth. Drawing, rather than weighing,
 * since a group's own NDCG has no scale: one relevant product is worth the same in each. Evenly spaced draws (systematic
 * resampling) repeat no search more than its worth asks for; no randomness.
 *
 * @param most groups at most
 */
export function trainingGroups(
  examples: readonly LoggedExample[],
  examination: ArrayLike<number>,
  most: number,
): RankGroup[] {
  const worths = examples.map((example) => worthOf(example, examination));
  const total = worths.reduce((sum, worth) => sum + worth, 0);
  const clicked = worths.filter((worth) => worth > 0).length;
  const draws = Math.min(most, 2 * clicked);
  const groups: RankGroup[] = [];
  let passed = 0;
  examples.forEach((example, at) => {
    const from = passed;
    passed += worths[at]!;
    const copies = drawsBelow(passed, total, draws) - drawsBelow(from, total, draws);
    if (copies === 0) return;
    const group = groupOf(example);
    for (let copy = 0; copy < copies; copy++) groups.push(group);
  });
  return groups;
}

/** How many of `draws` evenly spaced points of [0, total) lie below a sum. */
function drawsBelow(sum: number, total: number, draws: number): number {
  return total === 0 ? 0 : Math.min(draws, Math.max(0, Math.ceil((sum / total) * draws - 0.5)));
}

function groupOf(example: LoggedExample): RankGroup {
  const candidates = servedCandidates(example.query, example.idfs, candidatesOf(example));
  const grades = Float64Array.from(example.titles, (_, place) => (place === example.clicked ? 1 : 0));
  return { ...candidates, grades };
}
