import { bestFirst } from "../index/best-first.ts";
import { SearchIndex } from "../index/search-index.ts";
import type { MatchResult } from "../index/search-index.ts";
import { TitleVectors, trigramsOf } from "./title-vectors.ts";
import { fold, tokenize, tokenizeQuery } from "../words/tokenize.ts";

/** What a title says about a query, one number each, 0 to 1 (`length` a little beyond for very long titles). */
export const titleFeatureNames = [
  /** BM25F relevance, 1 for the best candidate. */
  "relevance",
  /** Share of the query's weight (idf) whose very words are in the title. */
  "coverage",
  /** Share of the query's words that are in the title. */
  "words",
  /** Share of the query's neighbouring words that are neighbours in the title. */
  "neighbours",
  /** Share of the query's letter trigrams that are in the title: part words, compounds, other endings. */
  "trigrams",
  /** The last word of the query, in English what the thing is, is in the title. */
  "head",
  /** Where the first word of the query stands: 0 at the end or nowhere, near 1 at the start. */
  "earliness",
  "length",
  /** As coverage, of the title before its first "with", "in", "for", comma or bracket. */
  "lead",
  /** Likeness to the best candidates together (pseudo-relevance feedback, Rocchio 1971). */
  "feedback",
  /** Likeness to all candidates together. */
  "cohesion",
  /** The query stands in the title as it is. */
  "phrase",
] as const;

/** How many features a title has. */
export const titleFeatureCount = titleFeatureNames.length;

/**
 * What each feature is worth when no judgements are at hand: for candidates that are given, where likeness to the others
 * tells most, and for those an index found, where it tells little. Round numbers set by hand and picked among ten such
 * rows; weights tuned closer to the development queries did worse on queries held out (docs/benches/searching.md).
 */
export const plainTitleWeights: Readonly<Record<"given" | "found", readonly number[]>> = {
  given: [1, 0.2, 0.3, 0.4, 0.6, 0.1, 0, 0, 0.3, 0.6, 0.6, 0.2],
  found: [1, 0.3, 0.5, 0.3, 0.6, 0.2, -0.2, -0.2, 0.4, 0.3, 0.2, 0.3],
};

export interface TitleDocument {
  readonly id: string;
  readonly title: string;
  /** Other texts; they help to find a document, the features read the title. */
  readonly body?: string;
}

/** Candidates of one query: positions of documents and a row of features for each. */
export interface TitleCandidates {
  readonly documents: readonly number[];
  readonly features: readonly (readonly number[])[];
  /** The query as it was understood, typing errors put right, and the idf of each of its words. */
  readonly meant: string;
  readonly idfs: readonly number[];
  /** All documents that the index found, in no promised order; slots are their positions. */
  readonly found: MatchResult;
}

const feedbackDepth = 10;

/** Relevance of titles to queries in two stages: an index finds, features order what it found. */
export class TitleRanker {
  readonly index: SearchIndex;
  private readonly documents: readonly TitleDocument[];
  readonly vectors: TitleVectors;
  private readonly foldedTitles: string[];

  constructor(documents: readonly TitleDocument[]) {
    this.documents = documents;
    this.index = new SearchIndex({
      fields: [
        { name: "title", weight: 1, lengthNormalization: 0.6 },
        { name: "body", weight: 0.3, lengthNormalization: 0.7 },
      ],
      coverageFloor: 0.2,
    });
    // Slots of an index that only grows are the positions of its documents.
    for (const { id, title, body } of documents) this.index.put(id, [title, body ?? ""]);
    this.foldedTitles = documents.map(({ title }) => fold(title));
    this.vectors = new TitleVectors(documents.map(({ title }) => title));
  }

  /**
   * Features of the given documents for a query, or of the `depth` most relevant when none are given. Feedback and
   * cohesion are relative to these candidates.
   */
  candidates(query: string, given: readonly number[] | undefined, depth = 200): TitleCandidates {
    const found = this.index.match(query, { prefix: false });
    const meant = found.correctedQuery ?? query;
    const relevance = new Map<number, number>();
    found.slots.forEach((slot, at) => relevance.set(slot, found.relevance[at]!));
    const documents = given ?? mostRelevant(found, depth);
    const relevances = documents.map((document) => relevance.get(document) ?? 0);
    const top = Math.max(...relevances, 1e-9);
    const near = given === undefined ? feedbackDepth : documents.length;
    const feedback = this.vectors.likeness(
      documents,
      relevances.map((value, at) => (at < near ? (value / top) ** 2 : 0)),
    );
    const cohesion = this.vectors.likeness(
      documents,
      documents.map(() => 1),
    );
    const idfs = this.index.plan(meant, { prefix: false }).words.map((word) => word.idf);
    const words = this.wordFeatures(meant, idfs);
    const features = documents.map((document, at) => {
      const own = words(document);
      return [relevances[at]! / top, ...own.slice(0, 8), feedback[at]!, cohesion[at]!, own[8]!];
    });
    return { documents, features, meant, idfs, found };
  }

  private wordFeatures(query: string, idfs: readonly number[]): (document: number) => number[] {
    const tokens = tokenizeQuery(query);
    const terms = tokens.map(({ term }) => this.vectors.termOf(term));
    const total = idfs.reduce((sum, idf) => sum + idf, 0) || 1;
    const folded = fold(query.trim());
    const trigrams = new Set(trigramsOf(folded));
    const coverage = (present: ReadonlySet<number>): number =>
      terms.reduce((sum, term, at) => sum + (present.has(term) ? idfs[at]! : 0), 0) / total;
    return (document) => {
      const title = this.vectors.termsOf(document);
      const present = new Set(title);
      const covered = coverage(present);
      const first = title.findIndex((term) => terms.includes(term));
      const pairs = terms.length - 1;
      return [
        covered,
        terms.filter((term) => present.has(term)).length / Math.max(1, terms.length),
        pairs > 0 ? neighbours(terms, title) / pairs : covered,
        shareOfTrigrams(trigrams, this.vectors.trigramsAt(document, this.foldedTitles[document]!)),
        present.has(terms.at(-1) ?? -1) ? 1 : 0,
        first === -1 ? 0 : 1 - first / title.length,
        Math.log1p(title.length) / 4,
        coverage(this.leadOf(document)),
        this.foldedTitles[document]!.includes(folded) ? 1 : 0,
      ];
    };
  }

  private leadOf(document: number): ReadonlySet<number> {
    const [lead = ""] = this.documents[document]!.title.split(/\s(?:with|in|for|and|w\/)\s|,|\s-\s|\(/i);
    return new Set(tokenize(lead).map(({ term }) => this.vectors.termOf(term)));
  }
}

/** Slots of the most relevant documents, the best first, the earlier slot first between equals. */
export function mostRelevant({ slots, relevance }: MatchResult, limit: number): number[] {
  const order = bestFirst(
    slots.length,
    limit,
    (a, b) => relevance[b]! - relevance[a]! || slots[a]! - slots[b]!,
  );
  return order.map((at) => slots[at]!);
}

/** Weighted sum of one row of features. */
export function scoreTitle(features: readonly number[], weights: readonly number[]): number {
  let sum = 0;
  for (let at = 0; at < features.length; at++) sum += features[at]! * weights[at]!;
  return sum;
}

function shareOfTrigrams(wanted: ReadonlySet<number>, title: Uint32Array): number {
  let shared = 0;
  for (const gram of title) if (wanted.has(gram)) shared++;
  return shared / Math.max(1, wanted.size);
}

function neighbours(terms: readonly number[], title: Int32Array): number {
  let count = 0;
  for (let at = 0; at + 1 < terms.length; at++) {
    for (let place = 0; place + 1 < title.length; place++) {
      if (title[place] !== terms[at] || title[place + 1] !== terms[at + 1]) continue;
      count++;
      break;
    }
  }
  return count;
}
