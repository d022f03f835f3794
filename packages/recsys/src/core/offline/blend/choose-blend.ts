import { ndcgAtK } from "../ranking-metrics.ts";
import { fitConditionalLogit } from "./conditional-logit.ts";
import type { Choice } from "./conditional-logit.ts";
import { rankByWeights } from "./opinions.ts";

export interface NamedWeights {
  readonly name: string;
  readonly weights: ArrayLike<number>;
}

export interface BlendChoice {
  readonly chosen: NamedWeights;
  readonly validation: readonly { readonly name: string; readonly ndcg10: number }[];
}

/** Standard errors that the learned blend has to lead by. The best of several fixed ones is a little lucky already. */
const neededLead = 1;

export interface LearnedWeights {
  /** Learned from all questions. */
  readonly weights: Float64Array;
  /** NDCG@10 of each question by weights that were learned from the other half. */
  readonly scores: readonly number[];
}

/** Weights of a blend, judged on questions that they were not learned from: half against half. */
export function learnBlend(questions: readonly Choice[], width: number): LearnedWeights {
  const halves = [0, 1].map((half) => questions.filter((_, at) => at % 2 === half));
  const fits = halves.map((half) => fitConditionalLogit(half, width));
  return {
    weights: fitConditionalLogit(questions, width),
    scores: questions.map((question, at) => ndcgOf(question, fits[1 - (at % 2)]!)),
  };
}

/** Whether one model's scores beat another's on the same questions, by a standard error of the difference. */
export function leadsClearly(scores: readonly number[], others: readonly number[]): boolean {
  const leads = scores.map((score, at) => score - others[at]!);
  return leads.length > 1 && meanOf(leads) > neededLead * standardError(leads);
}

/**
 * Learns a blend and takes it if it beats the best of the fixed ones clearly, question by question. Those returned are
 * learned from all questions.
 */
export function chooseBlend(
  questions: readonly Choice[],
  fixed: readonly NamedWeights[],
  width: number,
): BlendChoice {
  const learned = learnBlend(questions, width);
  const judged = fixed.map((blend) => {
    const scores = questions.map((question) => ndcgOf(question, blend.weights));
    return { blend, scores, ndcg10: meanOf(scores) };
  });
  const best = judged.reduce((a, b) => (b.ndcg10 > a.ndcg10 ? b : a));
  const isLearned = leadsClearly(learned.scores, best.scores);
  return {
    chosen: isLearned ? { name: "learned", weights: learned.weights } : best.blend,
    validation: [
      ...judged.map(({ blend, ndcg10 }) => ({ name: blend.name, ndcg10 })),
      { name: "learned", ndcg10: meanOf(learned.scores) },
    ].map(({ name, ndcg10 }) => ({ name, ndcg10: Number(ndcg10.toFixed(5)) })),
  };
}

function ndcgOf(question: Choice, weights: ArrayLike<number>): number {
  return ndcgAtK(rankByWeights(question, weights, 10), new Set([question.taken]), 10);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);
}

function standardError(values: readonly number[]): number {
  const mean = meanOf(values);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}
