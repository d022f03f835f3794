import type { DatabaseHandle } from "@almanac/db";
import { AppError } from "@almanac/kernel";
import type { Reranker } from "../arms.ts";
import { termsOf } from "../core/score/final-score.ts";
import { servedCandidates, servedDepth, servedFeatureNames } from "../core/learned/served-features.ts";
import type { RankModel } from "../core/score/rank-model.ts";
import { readModel } from "../store/ranking-models.ts";

/** The learned rankings that experiments name, by number. */
export interface LearnedRerankers {
  /**
   * From memory once it was read: what a number names never changes.
   *
   * @throws AppError `ranking_version_not_found` where nothing was learned under the number, `input_invalid` where it sees
   *   other features, `model_not_serving` where the mathematics of models is not installed
   */
  get(number: number): Promise<Reranker>;
}

/** More are never tried at once; each is a few hundred kilobytes. */
const mostKept = 8;

export function createLearnedRerankers({ handle }: { handle: DatabaseHandle }): LearnedRerankers {
  const known = new Map<number, Promise<Reranker>>();
  const read = async (number: number): Promise<Reranker> => {
    const text = await readModel(handle.db, number);
    if (text === undefined)
      throw new AppError("ranking_version_not_found", `There is no learned ranking ${number}.`);
    const { parseRankModel, rerank } = await loadRankModels();
    return learnedReranker(number, parseRankModel(text, servedFeatureNames), rerank);
  };
  return {
    get(number) {
      const found = known.get(number);
      if (found) return found;
      const reading = read(number);
      known.set(number, reading);
      // What could not be read is tried again by the next search.
      reading.catch(() => known.delete(number));
      for (const oldest of known.keys()) {
        if (known.size <= mostKept) break;
        known.delete(oldest);
      }
      return reading;
    },
  };
}

type RankModels = Pick<typeof import("../core/score/rank-model.ts"), "parseRankModel" | "rerank">;

/** Brings the mathematics with it, so it is loaded when the first model is: a shop without `ml` searches all the same. */
async function loadRankModels(): Promise<RankModels> {
  try {
    return await import("../core/score/rank-model.ts");
  } catch (cause) {
    throw new AppError("model_not_serving", "The mathematics of models cannot be loaded here.", { cause });
  }
}

/** A model as search asks it. */
function learnedReranker(number: number, model: RankModel, rerank: RankModels["rerank"]): Reranker {
  return {
    algorithm: `learned_${number}`,
    depth: servedDepth,
    score(candidates, { query, idfs, titleOf, priceOf }) {
      const served = candidates.map(({ productId, explain }) => ({
        title: titleOf(productId),
        priceCents: priceOf(productId),
        terms: termsOf((term) => explain.find((part) => part.term === term)?.value ?? 0),
      }));
      return rerank(model, servedCandidates(query, idfs, served));
    },
  };
}
