import { challengerCandidates, challengerFeatureNames } from "../score/challenger.ts";
import type { RankingTerms, RankingWeights } from "../score/final-score.ts";
import type { RankCandidates } from "../score/rank-model.ts";

/** What the served re-ranker sees: what the challenger sees, and the price beside that of the other candidates. */
export const servedFeatureNames: readonly string[] = [...challengerFeatureNames, "price"];

/** How many of the first places are arranged anew: those of the first page, which is what was logged. */
export const servedDepth = 24;

export interface ServedCandidate {
  readonly title: string;
  readonly terms: RankingTerms;
  /** Cents for one of its comparable measure; 0 where it is not known. */
  readonly priceCents: number;
}

/**
 * Features of the candidates of one search, the same for training from the log, for judging and for live requests: nothing in
 * them is known only afterwards. The price is the logarithm of it over the middle one among the candidates, 0 where it is not
 * known.
 *
 * @param idfs weight of each word of the query; see `challengerCandidates`
 */
export function servedCandidates(
  query: string,
  idfs: readonly number[],
  candidates: readonly ServedCandidate[],
  weights?: RankingWeights,
): RankCandidates {
  const { values: narrow, plain } = challengerCandidates(query, idfs, candidates, weights);
  const before = challengerFeatureNames.length;
  const width = before + 1;
  const values = new Float32Array(candidates.length * width);
  const middle = middleOf(candidates.map(({ priceCents }) => priceCents).filter((price) => price > 0));
  candidates.forEach(({ priceCents }, at) => {
    values.set(narrow.subarray(at * before, (at + 1) * before), at * width);
    values[at * width + before] = priceCents > 0 ? Math.log(priceCents / middle) : 0;
  });
  return { values, plain };
}

function middleOf(prices: readonly number[]): number {
  return prices.toSorted((a, b) => a - b)[Math.floor(prices.length / 2)] ?? 1;
}
