import { JudgedWorth, WordColumns, judgedWorthCount, learnedTitleFeatureCount } from "@almanac/ranking";
import type {
  JudgedCandidates,
  LearnedTitleCandidates,
  LearnedTitleFeatures,
  RankCandidates,
  RankGroup,
  TitleDocument,
  WordedCandidates,
} from "@almanac/ranking";

/** Candidates of a query as they are known before anything is learned from judgements. */
export interface ReadCandidates extends LearnedTitleCandidates {
  readonly worded: WordedCandidates;
}

/** A judged query: its candidates and what they gained. */
export interface Group extends ReadCandidates, Pick<RankGroup, "grades"> {
  readonly fold: number;
  readonly gains: readonly number[];
}

/** Reads candidates, those that are given once only: as a rule the judged ones are asked for again when all is learned. */
export class CandidateReader {
  readonly columns: WordColumns;
  private readonly features: LearnedTitleFeatures;
  private readonly known = new Map<string, ReadCandidates>();

  constructor(documents: readonly TitleDocument[], features: LearnedTitleFeatures) {
    this.columns = new WordColumns(documents);
    this.features = features;
  }

  /** @param given positions of documents, or nothing for the `depth` best that the index finds */
  read(query: string, given: readonly number[] | undefined, depth: number): ReadCandidates {
    const key = given && `${given.join(" ")} ${query}`;
    const known = key === undefined ? undefined : this.known.get(key);
    if (known !== undefined) return known;
    const found = this.features.candidates(query, given, depth);
    const candidates = { ...found, worded: this.columns.read(query, found.documents) };
    if (key !== undefined) this.known.set(key, candidates);
    return candidates;
  }
}

/**
 * What judgements of other folds say of a title, as columns beside the features: the same for queries that are learned from,
 * which do without their own fold, and for those that are ranked.
 */
export class WorthColumns {
  private readonly columns: WordColumns;
  private readonly groups: readonly Group[];
  private readonly known = new Map<string, JudgedWorth>();

  constructor(columns: WordColumns, groups: readonly Group[]) {
    this.columns = columns;
    this.groups = groups;
  }

  /** The candidates with what groups outside of these folds say of them. */
  widen(candidates: ReadCandidates, without: ReadonlySet<number>): RankCandidates {
    const { documents, plain, values, worded } = candidates;
    const width = learnedTitleFeatureCount + judgedWorthCount;
    const wide = new Float32Array(documents.length * width);
    documents.forEach((_, row) => {
      const start = row * learnedTitleFeatureCount;
      wide.set(values.subarray(start, start + learnedTitleFeatureCount), row * width);
    });
    this.worthWithout(without).write(documents, worded, wide, learnedTitleFeatureCount, width);
    return { values: wide, plain };
  }

  private worthWithout(folds: ReadonlySet<number>): JudgedWorth {
    const key = [...folds].sort((a, b) => a - b).join(" ");
    let worth = this.known.get(key);
    if (worth === undefined) {
      const judged = surprisesOf(this.groups.filter(({ fold }) => !folds.has(fold)));
      this.known.set(key, (worth = new JudgedWorth(this.columns, judged)));
    }
    return worth;
  }
}

/** How much more than the plain score told each candidate gained, both relative to the other candidates of its query. */
function surprisesOf(groups: readonly Group[]): JudgedCandidates[] {
  const centred = groups.map(({ gains, plain }) => ({ gains: centre(gains), plain: centre(plain) }));
  let together = 0;
  let alone = 1e-12;
  for (const { gains, plain } of centred)
    gains.forEach((gain, at) => {
      together += gain * plain[at]!;
      alone += plain[at]! ** 2;
    });
  const slope = together / alone;
  return groups.map(({ documents, worded }, at) => ({
    documents,
    worded,
    surprises: centred[at]!.gains.map((gain, row) => gain - slope * centred[at]!.plain[row]!),
  }));
}

function centre(values: ArrayLike<number>): number[] {
  const own = Array.from(values);
  const mean = own.reduce((sum, value) => sum + value, 0) / Math.max(1, own.length);
  return own.map((value) => value - mean);
}
