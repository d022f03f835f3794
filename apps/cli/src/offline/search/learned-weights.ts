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
 * weights. Queries of the same words share a fold. The learned weights are used only where they beat the plain ones on
 * the folds they did not see.
 */
export function learnWeights(
  ranker: TitleRanker,
  queries: readonly SearchQuery[],
  judgements: Judgements,
  options: LearningOptions,
): LearnedWeights {
  const training = trainingQueries(ranker, queries, judgements, options);
  const scale = plainScale(training);
  const prior = plainTitleWeights.map((weight) => weight * scale);
  const sums = Array.from({ length: foldCount }, () => new RidgeSums(titleFeatureCount));
  for (const query of training) addQuery(sums[query.fold]!, query);
  const all = new RidgeSums(titleFeatureCount);
  for (const fold of sums) all.join(fold, 1);
  const withoutFold = sums.map((fold) => {
    const rest = new RidgeSums(titleFeatureCount);
    rest.join(all, 1);
    rest.join(fold, -1);
    return rest.solve(penalty, prior);
  });
  const judged = training.filter(({ gains }) => new Set(gains).size > 1);
  const mean = (weightsOf: (query: TrainingQuery) => readonly number[]): number =>
    judged.reduce((sum, query) => sum + ndcgAt10(query, weightsOf(query)), 0) / Math.max(1, judged.length);
  const learned = mean((query) => withoutFold[query.fold]!);
  const plain = mean(() => plainTitleWeights);
  const used = learned > plain;
  const foldSeen = new Map<string, number>();
  for (const query of queries.filter(({ id }) => judgements.has(id))) {
    const fold = foldOf(query, options.seed);
    foldSeen.set(wordsOf(query), fold).set(`id ${query.id}`, fold);
  }
  const overall = all.solve(penalty, prior);
  return {
    used,
    heldOut: { learned, plain, queries: judged.length },
    for(query) {
      if (!used) return plainTitleWeights;
      const fold = foldSeen.get(`id ${query.id}`) ?? foldSeen.get(wordsOf(query));
      return fold === undefined ? overall : withoutFold[fold]!;
    },
  };
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

/** The factor that brings the plain score to the size of the gains, by least squares within queries. */
function plainScale(training: readonly TrainingQuery[]): number {
  const sums = new RidgeSums(1);
  for (const { features, gains } of training) {
    const scores = features.map((row) => scoreTitle(row, plainTitleWeights));
    const [meanScore, meanGain] = [mean(scores), mean(gains)];
    scores.forEach((score, at) =>
      sums.add([score - meanScore], gains[at]! - meanGain, rowWeight(scores.length)),
    );
  }
  return Math.max(1e-6, sums.solve(1e-6, [0])[0]!);
}

function addQuery(sums: RidgeSums, { features, gains }: TrainingQuery): void {
  if (features.length < 2) return;
  const means = Array.from({ length: titleFeatureCount }, (_, at) => mean(features.map((row) => row[at]!)));
  const meanGain = mean(gains);
  features.forEach((row, at) => {
    const centred = row.map((value, feature) => value - means[feature]!);
    sums.add(centred, gains[at]! - meanGain, rowWeight(features.length));
  });
}

/** A query with many documents says more than one with few, but not in proportion. */
function rowWeight(rows: number): number {
  return 1 / Math.sqrt(rows);
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
