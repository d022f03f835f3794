import { fitRankModel, judgedWorthNames, learnedTitleFeatureNames, orderOf, rerank } from "@almanac/ranking";
import type { LearnedTitleFeatures, TitleDocument } from "@almanac/ranking";
import { foldCount, foldOf, heldOutFolds, sampleQueries } from "./folds.ts";
import { CandidateReader, WorthColumns } from "./judged-groups.ts";
import type { Group, ReadCandidates } from "./judged-groups.ts";
import { gainOf, ndcgAt10, pairedT } from "./ndcg.ts";
import type { Judgements, SearchQuery } from "./read-search-input.ts";

/** A learned ranker that is used where it has proved itself, and how it did. */
export interface LearnedRanking {
  /** The ranker for a query, one that never saw its judgements; nothing where the plain score stands. */
  for(query: SearchQuery): LearnedRanker | undefined;
  /** Of the folds, how many are ranked by what was learned without them, and how it did on the others. */
  readonly folds: readonly Comparison[];
}

/** The given documents, or the `depth` best that are found, best first; equals in the order they came. */
export type LearnedRanker = (given: readonly number[] | undefined, depth: number) => number[];

/** Over held-out queries: mean NDCG@10 learned and plain, and Student's t of the difference. */
export interface Comparison {
  readonly learned: number;
  readonly plain: number;
  readonly t: number;
  readonly queries: number;
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
 * LambdaMART and boosted regression (see `fitRankModel`) over the features of titles and what judgements of other queries
 * say of them (see `JudgedWorth`), in five folds. Whatever a fold is ranked by is made without its judgements: the models,
 * and also the choice between learned and plain, for which each of the other folds is held out in turn.
 */
export function learnRanking(
  documents: readonly TitleDocument[],
  features: LearnedTitleFeatures,
  queries: readonly SearchQuery[],
  judgements: Judgements,
  options: LearningOptions,
): LearnedRanking {
  const judged = queries.filter(({ id }) => judgements.has(id));
  const reader = new CandidateReader(documents, features);
  const groups = readGroups(reader, judged, judgements, options);
  const fits = new Fits(groups, new WorthColumns(reader.columns, groups), options);
  const comparisons = new Comparisons(groups, fits);
  const foldFor = heldOutFolds(judged, options.seed);
  return {
    folds: Array.from({ length: foldCount }, (_, fold) => comparisons.without(fold)),
    for(query) {
      const fold = foldFor(query);
      if (!hasWon(comparisons.without(fold))) return undefined;
      const rank = fits.without(fold);
      return (given, depth) => {
        const candidates = reader.read(query.text, given, depth);
        return orderOf(rank(candidates)).map((place) => candidates.documents[place]!);
      };
    },
  };
}

/** Scores of candidates, greater is better. */
type Rank = (candidates: ReadCandidates) => Float64Array;

/** Pairs of forests whose mean ranks, and half of one pair, which is enough to compare with. */
const efforts = { rank: { pairs: 3, effort: 1 }, compare: { pairs: 1, effort: 0.5 } };

/** Of the columns each tree sees a third, as many of them say nearly the same. */
const columnShare = 0.3;

const columnNames = [...learnedTitleFeatureNames, ...judgedWorthNames];

/** Rankers fitted without some folds, each once and only when it is asked for. */
class Fits {
  private readonly rankers = new Map<string, Rank>();
  private readonly groups: readonly Group[];
  private readonly worth: WorthColumns;
  private readonly options: LearningOptions;

  constructor(groups: readonly Group[], worth: WorthColumns, options: LearningOptions) {
    this.groups = groups;
    this.worth = worth;
    this.options = options;
  }

  /** What ranks the fold, or what is in none. */
  without(fold: number | undefined): Rank {
    return this.fit([fold], "rank");
  }

  /** With less effort, to compare with. */
  withoutBoth(one: number, other: number | undefined): Rank {
    return this.fit([one, other], "compare");
  }

  private fit(folds: readonly (number | undefined)[], purpose: keyof typeof efforts): Rank {
    const left = new Set(folds.filter((fold) => fold !== undefined));
    const key = `${[...left].sort((a, b) => a - b).join(" ")} ${purpose}`;
    const known = this.rankers.get(key);
    if (known !== undefined) return known;
    this.options.onProgress?.("fitting trees", this.rankers.size + 1, (foldCount * (foldCount + 3)) / 2);
    const groups = this.groups
      .filter(({ fold }) => !left.has(fold))
      .map((group) => ({ ...group, ...this.worth.widen(group, new Set([...left, group.fold])) }));
    const { pairs, effort } = efforts[purpose];
    const models = Array.from({ length: pairs }, (_, at) =>
      fitRankModel(groups, columnNames, { seed: this.options.seed + at, effort, columnShare }),
    );
    const rank: Rank = (candidates) => {
      const wide = this.worth.widen(candidates, left);
      const scores = models.map((model) => rerank(model, wide));
      return Float64Array.from(wide.plain, (_, at) => scores.reduce((sum, own) => sum + own[at]!, 0));
    };
    this.rankers.set(key, rank);
    return rank;
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
      learned.push(ndcgAt10(group.gains, this.fits.withoutBoth(group.fold, fold)(group)));
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
  reader: CandidateReader,
  judged: readonly SearchQuery[],
  judgements: Judgements,
  options: LearningOptions,
): Group[] {
  const chosen = options.rerank ? judged : sampleQueries(judged, foundLimits.queries, options.seed);
  const groups = chosen.map((query, at): Group => {
    const grades = judgements.get(query.id)!;
    const given = options.rerank ? [...grades.keys()] : undefined;
    const candidates = reader.read(query.text, given, foundLimits.documents);
    options.onProgress?.("reading judged queries", at + 1, chosen.length);
    return {
      ...candidates,
      fold: foldOf(query, options.seed),
      gains: candidates.documents.map((document) => gainOf(grades.get(document))),
      grades: candidates.documents.map((document) => Math.max(0, (grades.get(document) ?? 1) - 1)),
    };
  });
  return groups.filter(({ gains }) => gains.length > 1);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
