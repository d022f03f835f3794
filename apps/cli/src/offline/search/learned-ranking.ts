import { fitRankModel, learnedTitleFeatureNames, rerank } from "@almanac/ranking";
import type { LearnedTitleFeatures, RankGroup, RankModel } from "@almanac/ranking";
import { foldCount, foldOf, heldOutFolds, sampleQueries } from "./folds.ts";
import { gainOf, ndcgAt10, pairedT } from "./ndcg.ts";
import type { Judgements, SearchQuery } from "./read-search-input.ts";

/** A learned ranker that is used where it has proved itself, and how it did. */
export interface LearnedRanking {
  /** The model for a query, one that never saw its judgements; nothing where the plain score stands. */
  for(query: SearchQuery): RankModel | undefined;
  /** Of the folds, how many are ranked by what was learned without them, and how it did on the others. */
  readonly folds: readonly Comparison[];
}

/** Over held-out queries: mean NDCG@10 learned and plain, and Student's t of the difference. */
export interface Comparison {
  readonly learned: number;
  readonly plain: number;
  readonly t: number;
  readonly queries: number;
}

interface Group extends RankGroup {
  readonly fold: number;
  readonly gains: readonly number[];
}

export interface LearningOptions {
  readonly seed: number;
  /** Rank given candidates (true), or whatever the index finds (false, where a document without judgement gains 0). */
  readonly rerank: boolean;
  readonly onProgress?: (what: string, done: number, of: number) => void;
}

/** Student's t that held-out queries have to show before judgements are trusted: one chance in twenty of luck. */
const leastT = 1.645;
/** Whether what was learned beat the plain score by more than luck gives. */
export function hasWon({ t }: Comparison): boolean {
  return t >= leastT;
}

/** What is learned from when candidates are found: queries, and documents each. */
const foundLimits = { queries: 1_000, documents: 60 };

/**
 * LambdaMART and boosted regression over the features of titles (see `fitRankModel`), in five folds. Whatever a fold is
 * ranked by is made without its judgements: the models, and also the choice between learned and plain, for which each of
 * the other folds is held out in turn.
 */
export function learnRanking(
  features: LearnedTitleFeatures,
  queries: readonly SearchQuery[],
  judgements: Judgements,
  options: LearningOptions,
): LearnedRanking {
  const judged = queries.filter(({ id }) => judgements.has(id));
  const groups = readGroups(features, judged, judgements, options);
  const fits = new Fits(groups, options);
  const comparisons = new Comparisons(groups, fits);
  const foldFor = heldOutFolds(judged, options.seed);
  return {
    folds: Array.from({ length: foldCount }, (_, fold) => comparisons.without(fold)),
    for(query) {
      const fold = foldFor(query);
      return hasWon(comparisons.without(fold)) ? fits.without(fold) : undefined;
    },
  };
}

/** Models fitted without some folds, each once and only when it is asked for. */
class Fits {
  private readonly models = new Map<string, RankModel>();
  private readonly groups: readonly Group[];
  private readonly options: LearningOptions;

  constructor(groups: readonly Group[], options: LearningOptions) {
    this.groups = groups;
    this.options = options;
  }

  /** The model that ranks what is in the fold, or what is in none. */
  without(fold: number | undefined): RankModel {
    return this.fit([fold], 1);
  }

  /** A model with half of the effort, to compare with. */
  withoutBoth(one: number, other: number | undefined): RankModel {
    return this.fit([one, other], 0.5);
  }

  private fit(folds: readonly (number | undefined)[], effort: number): RankModel {
    const left = [...new Set(folds)].filter((fold) => fold !== undefined).sort((a, b) => a - b);
    const key = `${left.join(" ")} ${effort}`;
    const known = this.models.get(key);
    if (known !== undefined) return known;
    this.options.onProgress?.("fitting trees", this.models.size + 1, (foldCount * (foldCount + 3)) / 2);
    const groups = this.groups.filter(({ fold }) => !left.includes(fold));
    const model = fitRankModel(groups, learnedTitleFeatureNames, { seed: this.options.seed, effort });
    this.models.set(key, model);
    return model;
  }
}

/** How learned ranking compares with plain ranking on held-out queries, without a fold or with all of them. */
class Comparisons {
  private readonly known = new Map<number | undefined, Comparison>();
  private readonly groups: readonly Group[];
  private readonly fits: Fits;

  constructor(groups: readonly Group[], fits: Fits) {
    // Where all gains are equal any order is right.
    this.groups = groups.filter(({ gains }) => new Set(gains).size > 1);
    this.fits = fits;
  }

  without(fold: number | undefined): Comparison {
    let comparison = this.known.get(fold);
    if (comparison === undefined) this.known.set(fold, (comparison = this.compare(fold)));
    return comparison;
  }

  private compare(fold: number | undefined): Comparison {
    const learned: number[] = [];
    const plain: number[] = [];
    for (const group of this.groups) {
      if (group.fold === fold) continue;
      learned.push(ndcgAt10(group.gains, rerank(this.fits.withoutBoth(group.fold, fold), group)));
      plain.push(ndcgAt10(group.gains, group.plain));
    }
    return {
      learned: mean(learned),
      plain: mean(plain),
      t: pairedT(learned.map((value, at) => value - plain[at]!)),
      queries: learned.length,
    };
  }
}

function readGroups(
  features: LearnedTitleFeatures,
  judged: readonly SearchQuery[],
  judgements: Judgements,
  options: LearningOptions,
): Group[] {
  const chosen = options.rerank ? judged : sampleQueries(judged, foundLimits.queries, options.seed);
  const groups = chosen.map((query, at): Group => {
    const grades = judgements.get(query.id)!;
    const given = options.rerank ? [...grades.keys()] : undefined;
    const { documents, plain, values } = features.candidates(query.text, given, foundLimits.documents);
    options.onProgress?.("reading judged queries", at + 1, chosen.length);
    const gains = documents.map((document) => gainOf(grades.get(document)));
    const own = documents.map((document) => Math.max(0, (grades.get(document) ?? 1) - 1));
    return { fold: foldOf(query, options.seed), values, plain, grades: own, gains };
  });
  return groups.filter(({ gains }) => gains.length > 1);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
