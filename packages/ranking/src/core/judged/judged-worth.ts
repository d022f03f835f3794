import { fitSparseRidge, sumAt } from "./sparse-ridge.ts";
import type { WordColumns, WordedCandidates } from "./word-columns.ts";

/** What judgements of other queries say of a title beside a query; NaN where no other query has the title. */
export const judgedWorthNames = [
  /** How much better than expected the title was judged beside other queries, shrunk towards 0. */
  "titleWorth",
  /** The same, queries weighed by the words that they share with this one. */
  "titleWorthHere",
  /** What the words of the title were worth, whatever was asked for. */
  "wordWorth",
  /** What the words of the title were worth where the words of the query were asked for. */
  "pairWorth",
] as const;

export const judgedWorthCount = judgedWorthNames.length;

/** Candidates of one query that were judged. */
export interface JudgedCandidates {
  readonly documents: readonly number[];
  readonly worded: WordedCandidates;
  /** How much better each was judged than expected: greater is better, 0 as expected; any scale. */
  readonly surprises: ArrayLike<number>;
}

/** Judgements before half of what they say is believed: of a title, of a title by like queries, of a word, of a pair. */
const penalties = { title: 2, here: 0.3, word: 100, pair: 150 };

interface Judgement {
  readonly words: readonly string[];
  readonly surprise: number;
}

/**
 * Learns from judged queries what words match a query by more than their letters ("aspiradora", "vacuum"), which words of a
 * title displease, and which titles are better or worse than they read: two ridge regressions on words and pairs of words,
 * and means by title. A query must never be read by what its own judgements taught.
 */
export class JudgedWorth {
  private readonly byDocument = new Map<number, Judgement[]>();
  private readonly rarity = new Map<string, number>();
  private readonly unseen: number;
  private readonly words: Float64Array;
  private readonly pairs: Float64Array;

  constructor(columns: WordColumns, judged: readonly JudgedCandidates[]) {
    const targets = judged.flatMap(({ surprises }) => Array.from(surprises));
    const rowsOf = (of: (worded: WordedCandidates) => readonly Int32Array[]): readonly Int32Array[] =>
      judged.flatMap(({ worded }) => of(worded));
    this.words = fitSparseRidge(
      { columnCount: columns.wordCount, rows: rowsOf(({ titleWords }) => titleWords) },
      targets,
      penalties.word,
    );
    this.pairs = fitSparseRidge(
      { columnCount: columns.pairCount, rows: rowsOf(({ pairs }) => pairs) },
      targets,
      penalties.pair,
    );
    const counts = new Map<string, number>();
    for (const { documents, worded, surprises } of judged) {
      for (const word of worded.words) counts.set(word, (counts.get(word) ?? 0) + 1);
      documents.forEach((document, at) => {
        const known = this.byDocument.get(document);
        const judgement = { words: worded.words, surprise: surprises[at]! };
        if (known === undefined) this.byDocument.set(document, [judgement]);
        else known.push(judgement);
      });
    }
    for (const [word, count] of counts) this.rarity.set(word, Math.log1p(judged.length / count));
    this.unseen = Math.log1p(judged.length);
  }

  /** Writes the numbers of `judgedWorthNames` for each candidate, `stride` apart, from `offset` on. */
  write(
    documents: readonly number[],
    { words, titleWords, pairs }: WordedCandidates,
    out: Float32Array,
    offset: number,
    stride: number,
  ): void {
    documents.forEach((document, at) => {
      out.set(
        [
          ...this.titleWorths(words, document),
          sumAt(titleWords[at]!, this.words),
          sumAt(pairs[at]!, this.pairs),
        ],
        offset + at * stride,
      );
    });
  }

  private titleWorths(words: readonly string[], document: number): [number, number] {
    const judgements = this.byDocument.get(document);
    if (judgements === undefined) return [NaN, NaN];
    let sum = 0;
    let like = 0;
    let likeSum = 0;
    for (const { words: others, surprise } of judgements) {
      const likeness = this.likeness(words, others);
      sum += surprise;
      like += likeness;
      likeSum += likeness * surprise;
    }
    return [sum / (judgements.length + penalties.title), likeSum / (like + penalties.here)];
  }

  /** Weight of the words that two queries share over the weight of all words of both, 0 to 1. */
  private likeness(words: readonly string[], others: readonly string[]): number {
    let shared = 0;
    let all = 0;
    for (const word of words) {
      const rarity = this.rarity.get(word) ?? this.unseen;
      all += rarity;
      if (others.includes(word)) shared += rarity;
    }
    for (const word of others) if (!words.includes(word)) all += this.rarity.get(word) ?? this.unseen;
    return all === 0 ? 0 : shared / all;
  }
}
