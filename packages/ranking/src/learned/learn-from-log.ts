import type { DatabaseHandle } from "@almanac/db";
import { days, type Clock } from "@almanac/kernel";
import type { CatalogIndex } from "../core/index/catalog-index.ts";
import type { RankingWeights } from "../core/score/final-score.ts";
import type { LearnOptions } from "../core/learned/learn-ranking.ts";
import type { LoggedExample } from "../core/learned/logged-example.ts";
import { questionOf } from "../rerank.ts";
import { readServedSearches, type ServedSearch } from "../store/learning-log.ts";
import { insertModel, type ModelVerdict } from "../store/ranking-models.ts";
import { learnInWorker } from "./learn-in-worker.ts";

export interface LearningParts {
  readonly handle: DatabaseHandle;
  readonly clock: Clock;
  readonly index: CatalogIndex;
  /** Of the control, beside which the model is judged. */
  readonly weights: RankingWeights;
}

const learnedDays = 60;
const mostSearches = 20_000;

/**
 * Learns to re-rank from the searches of the last 60 days and keeps what came of it: a model with its held-out figure beside
 * the control's, or that there was not enough to learn from. Nothing is served by it: that takes an experiment.
 *
 * @returns the number of the row, and its verdict
 */
export async function learnFromLog(
  { handle, clock, index, weights }: LearningParts,
  options: Omit<LearnOptions, "weights"> = {},
): Promise<{ readonly number: number; readonly verdict: ModelVerdict }> {
  const untilAt = clock.now();
  const fromAt = new Date(untilAt.getTime() - days(learnedDays));
  const searches = await readServedSearches(handle.db, { from: fromAt, to: untilAt, limit: mostSearches });
  const startedAt = performance.now();
  const examples = examplesOf(searches, index);
  const { model, heldOut, examination, ...learned } = await learnInWorker({
    examples,
    options: { ...options, weights },
  });
  const number = await insertModel(handle.db, {
    ...learned,
    model: model ?? null,
    heldOut: heldOut ?? null,
    examination: [...examination],
    fromAt,
    untilAt,
    fittedAt: untilAt,
    fitMs: Math.round(performance.now() - startedAt),
  });
  return { number, verdict: learned.verdict };
}

/** Words are weighed as the index weighs them now: that moves by hundredths in the days of a log. */
function examplesOf(searches: readonly ServedSearch[], index: CatalogIndex): LoggedExample[] {
  const questions = new Map<string, ReturnType<typeof questionOf>>();
  return searches.map(({ correctedQuery, query, ...search }) => {
    const words = (correctedQuery ?? query).toLowerCase();
    const question = questions.get(words) ?? questionOf(index, words);
    questions.set(words, question);
    return {
      ...search,
      query: words,
      idfs: question.idfs,
      titles: search.productIds.map(question.titleOf),
    };
  });
}
