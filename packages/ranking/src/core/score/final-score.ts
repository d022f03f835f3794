import { AppError } from "@almanac/kernel";

export const rankingTerms = ["base", "personalization", "recency", "popularity", "seasonal"] as const;
export type RankingTerm = (typeof rankingTerms)[number];

/** The five terms of a product for one query; what is outside 0 to 1 is clamped, what is no number counts as 0. */
export type RankingTerms = Readonly<Record<RankingTerm, number>>;

/** All five terms, each as `valueOf` has it. */
export function termsOf(valueOf: (term: RankingTerm, at: number) => number): RankingTerms {
  const [base, personalization, recency, popularity, seasonal] = rankingTerms.map(valueOf);
  return {
    base: base!,
    personalization: personalization!,
    recency: recency!,
    popularity: popularity!,
    seasonal: seasonal!,
  };
}

/** The share of each term; they sum to 1. */
export type RankingWeights = Readonly<Record<RankingTerm, number>>;

export const defaultRankingWeights: RankingWeights = {
  base: 0.4,
  personalization: 0.3,
  recency: 0.1,
  popularity: 0.1,
  seasonal: 0.1,
};

export interface ScoreContribution {
  readonly term: RankingTerm;
  /** 0 to 1, after clamping. */
  readonly value: number;
  readonly weight: number;
  /** value x weight; the contributions of a product sum to its score. */
  readonly contribution: number;
}

export interface FinalScore {
  /** 0 to 1. */
  readonly score: number;
  /** In the order of `rankingTerms`. */
  readonly explain: readonly ScoreContribution[];
}

/**
 * @returns the weights, when each is a number from 0 to 1 and they sum to 1 (within 1e-9)
 * @throws AppError `weights_do_not_sum` otherwise
 */
export function parseRankingWeights(weights: RankingWeights): RankingWeights {
  const values = rankingTerms.map((term) => weights[term]);
  const sum = values.reduce((total, value) => total + value, 0);
  const proper = values.every((value) => Number.isFinite(value) && value >= 0 && value <= 1);
  if (!proper || Math.abs(sum - 1) > 1e-9) {
    throw new AppError("weights_do_not_sum", `ranking weights must be 0 to 1 and sum to 1, not ${sum}`, {
      details: { sum },
    });
  }
  return weights;
}

/**
 * .4 base relevance + .3 personalization + .1 recency + .1 popularity + .1 season, by default: the score search ranks
 * by, between 0 and 1. Give weights that passed `parseRankingWeights`.
 */
export function computeFinalScore(
  terms: RankingTerms,
  weights: RankingWeights = defaultRankingWeights,
): number {
  return (
    clampUnit(terms.base) * weights.base +
    clampUnit(terms.personalization) * weights.personalization +
    clampUnit(terms.recency) * weights.recency +
    clampUnit(terms.popularity) * weights.popularity +
    clampUnit(terms.seasonal) * weights.seasonal
  );
}

/** The same score with what each term gave to it. */
export function explainFinalScore(
  terms: RankingTerms,
  weights: RankingWeights = defaultRankingWeights,
): FinalScore {
  const explain = rankingTerms.map((term): ScoreContribution => {
    const value = clampUnit(terms[term]);
    return { term, value, weight: weights[term], contribution: value * weights[term] };
  });
  return { score: explain.reduce((sum, { contribution }) => sum + contribution, 0), explain };
}

/**
 * How fresh a product is, in (0, 1]: 1 / (1 + 0.1 x days since its last harvest, or since it was listed when no harvest
 * is known). 1 on the day itself and for dates still to come, .5 after ten days.
 *
 * @param harvestedOrListedAt epoch milliseconds
 * @param now                 epoch milliseconds
 */
export function recencyScore(harvestedOrListedAt: number, now: number): number {
  const days = Math.max(0, (now - harvestedOrListedAt) / 86_400_000);
  return 1 / (1 + days * 0.1);
}

/**
 * Popularity as a percentile rank, 0 to 1: the share of the other products with fewer buyers, plus half of the share
 * with as many. A product nobody bought scores 0, and so does everything when nobody bought anything.
 *
 * @param buyers distinct buyers in the last seven days, one count >= 0 per product
 * @returns one score per product, in the same order
 */
export function popularityRanks(buyers: ArrayLike<number>): Float64Array {
  const count = buyers.length;
  const sorted = Float64Array.from(buyers).sort();
  const ranks = new Float64Array(count);
  for (let at = 0; at < count; at++) {
    const own = buyers[at]!;
    if (own <= 0) continue;
    const below = firstAtLeast(sorted, own);
    const same = firstAtLeast(sorted, own + Number.EPSILON * Math.max(1, own) * 2) - below;
    ranks[at] = count === 1 ? 1 : (below + (same - 1) / 2) / (count - 1);
  }
  return ranks;
}

export function clampUnit(value: number): number {
  if (!(value > 0)) return 0;
  return value < 1 ? value : 1;
}

function firstAtLeast(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
