import { fnv1a } from "@almanac/kernel";
import { plainTitleWeights, scoreTitle, titleFeatureCount, tokenize } from "@almanac/ranking";
import type { TitleRanker } from "@almanac/ranking";
import type { Judgements, SearchQuery } from "./read-search-input.ts";
import { RidgeSums } from "./ridge.ts";

/** Weights of the title features, and how they were come by. */
export interface LearnedWeights {
  /** Weights for a query that did not see its own judgements. */
  for(query: SearchQuery): readonly number[];
  /** Mean NDCG@10 on held-out folds of the weights that were learned, and of the plain ones on the same queries. */
  readonly heldOut: { readonly learned: number; readonly plain: number; readonly queries: number };
  /** Whether the learned weights won and are used. */
  readonly used: boolean;
}

interface TrainingQuery {
  readonly fold: number;
  readonly features: readonly (readonly number[])[];
  /** 2^(grade-1) - 1; 0 for documents without a judgement. */
  readonly gains: readonly number[];
}

export interface LearningOptions {
  readonly seed: number;
  /** Rank given candidates (true), or whatever the index finds (false, where a document without judgement gains 0). */
  readonly rerank: boolean;
  readonly onProgress?: (done: number, of: number) => void;
}

const foldCount = 5;
const penalty = 3;
/** Features of found documents are costly, and 1,500 queries pin down a dozen weights. */
const mostFoundQueries = 1_500;

/**
 * Ridge regression of the gains on the title features, both relative to their query's mean, drawn towards the plain
 * weights. Queries of the same words share a fold, and everything decided for a fold, the choice between learned and
 * plain weights too, is decided without its judgements.
 */
export function learnWeights(
  ranker: TitleRanker,
  queries: readonly SearchQuery[],
  judgements: Judgements,
  options: LearningOptions,
): LearnedWeights {
  const training = trainingQueries(ranker, queries, judgements, options);
  const plain = plainTitleWeights[options.rerank ? "given" : "found"];
  const folds = Array.from({ length: foldCount }, (_, fold) => {
    return new Fold(
      training.filter((own) => own.fold === fold),
      plain,
    );
  });
  const overall = choose(folds, plain);
  const servedTo = folds.map((fold) =>
    choose(
      folds.filter((other) => other !== fold),
      plain,
    ),
  );
  const foldSeen = new Map<string, number>();
  for (const query of queries.filter(({ id }) => judgements.has(id))) {
    const fold = foldOf(query, options.seed);
    foldSeen.set(wordsOf(query), fold).set(`id ${query.id}`, fold);
  }
  return {
    used: overall.used,
    heldOut: overall.heldOut,
    for(query) {
      const fold = foldSeen.get(`id ${query.id}`) ?? foldSeen.get(wordsOf(query));
      return fold === undefined ? overall.weights : servedTo[fold]!.weights;
    },
  };
}

/** Queries that are held out together, with the sums of their regressions. */
class Fold {
  /** Those whose gains differ: the others are well ordered in any order. */
  readonly judged: readonly TrainingQuery[];
  readonly features = new RidgeSums(titleFeatureCount);
  readonly plainScores = new RidgeSums(1);

  constructor(queries: readonly TrainingQuery[], plain: readonly number[]) {
    this.judged = queries.filter(({ gains }) => new Set(gains).size > 1);
    for (const query of queries) this.add(query, plain);
  }

  private add({ features, gains }: TrainingQuery, plain: readonly number[]): void {
    const columns = Array.from({ length: titleFeatureCount }, (_, at) =>
      mean(features.map((row) => row[at]!)),
    );
    const scores = features.map((row) => scoreTitle(row, plain));
    const [meanScore, meanGain] = [mean(scores), mean(gains)];
    // A query with many documents says more than one with few, but not in proportion.
    const weight = 1 / Math.sqrt(Math.max(1, features.length));
    features.forEach((row, at) => {
      const gain = gains[at]! - meanGain;
      const centred = row.map((value, feature) => value - columns[feature]!);
      this.features.add(centred, gain, weight);
      this.plainScores.add([scores[at]! - meanScore], gain, weight);
    });
  }
}

/** Weights learned from some folds, and whether they beat the plain ones when each of these folds is held out in turn. */
function choose(
  folds: readonly Fold[],
  plain: readonly number[],
): Pick<LearnedWeights, "used" | "heldOut"> & { weights: readonly number[] } {
  let learned = 0;
  let unlearned = 0;
  let queries = 0;
  for (const fold of folds) {
    const weights = fit(
      folds.filter((other) => other !== fold),
      plain,
    );
    for (const query of fold.judged) {
      learned += ndcgAt10(query, weights);
      unlearned += ndcgAt10(query, plain);
    }
    queries += fold.judged.length;
  }
  const used = learned > unlearned;
  const heldOut = {
    learned: learned / Math.max(1, queries),
    plain: unlearned / Math.max(1, queries),
    queries,
  };
  return { used, heldOut, weights: used ? fit(folds, plain) : plain };
}

function fit(folds: readonly Fold[], plain: readonly number[]): number[] {
  const features = new RidgeSums(titleFeatureCount);
  const plainScores = new RidgeSums(1);
  for (const fold of folds) {
    features.join(fold.features);
    plainScores.join(fold.plainScores);
  }
  // Brings the plain score to the size of the gains, so that it can be what the ridge is drawn towards.
  const scale = Math.max(1e-6, plainScores.solve(1e-6, [0])[0]!);
  return features.solve(
    penalty,
    plain.map((weight) => weight * scale),
  );
}

function trainingQueries(
  ranker: TitleRanker,
  queries: readonly SearchQuery[],
  judgements: Judgements,
  options: LearningOptions,
): TrainingQuery[] {
  const judged = queries.filter(({ id }) => judgements.has(id));
  const chosen = options.rerank ? judged : sample(judged, mostFoundQueries, options.seed);
  return chosen.map((query, at) => {
    const grades = judgements.get(query.id)!;
    const given = options.rerank ? [...grades.keys()] : undefined;
    const { documents, features } = ranker.candidates(query.text, given);
    options.onProgress?.(at + 1, chosen.length);
    const gains = documents.map((document) => gainOf(grades.get(document)));
    return { fold: foldOf(query, options.seed), features, gains };
  });
}

/** Gain of a grade as the development sets score it: 2^(grade-1) - 1. */
function gainOf(grade: number | undefined): number {
  return grade === undefined ? 0 : Math.max(0, 2 ** (grade - 1) - 1);
}

function ndcgAt10({ features, gains }: TrainingQuery, weights: readonly number[]): number {
  const scores = features.map((row) => scoreTitle(row, weights));
  const order = scores.map((_, at) => at).sort((a, b) => scores[b]! - scores[a]! || a - b);
  const discounted = (list: readonly number[]): number =>
    list.slice(0, 10).reduce((sum, gain, at) => sum + gain / Math.log2(at + 2), 0);
  const best = discounted(gains.toSorted((a, b) => b - a));
  return best === 0 ? 0 : discounted(order.map((at) => gains[at]!)) / best;
}

function wordsOf(query: SearchQuery): string {
  return tokenize(query.text)
    .map(({ term }) => term)
    .join(" ");
}

function foldOf(query: SearchQuery, seed: number): number {
  return fnv1a(wordsOf(query), seed >>> 0) % foldCount;
}

function sample(queries: readonly SearchQuery[], most: number, seed: number): readonly SearchQuery[] {
  if (queries.length <= most) return queries;
  const keyed = queries.map((query) => ({ query, key: fnv1a(`${seed}/${query.id}`, 0x811c9dc5) }));
  return keyed
    .sort((a, b) => a.key - b.key)
    .slice(0, most)
    .map(({ query }) => query);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
