import {
  matchCompany,
  titleCompanyCount,
  titleCompanyNames,
  titleLeadNames,
  writeLeads,
} from "./title-company.ts";
import { mostRelevant, plainTitleWeights, scoreTitle } from "./title-features.ts";
import type { TitleCandidates, TitleDocument, TitleRanker } from "./title-features.ts";
import { matchTitle, titleMatchCount, titleMatchNames, viewQuery, viewTitle } from "./title-match.ts";
import type { QueryView, TitleView } from "./title-match.ts";
import { matchQuantities, quantitiesOf, titleQuantityCount, titleQuantityNames } from "./title-quantities.ts";
import type { Quantity } from "./title-quantities.ts";
import { TitleMeaning, dotProduct } from "./title-meaning.ts";
import { tokenizeQuery } from "../words/tokenize.ts";
import { WordRoles } from "./word-roles.ts";

/** What a learned ranker knows of a title beside `titleMatchNames`: all of it relative to the other candidates. */
const contextNames = [
  /** BM25F relevance, 1 for the best candidate; how far above the mean of the candidates; and its rank as 1 / rank. */
  "relevance",
  "relevanceLead",
  "relevanceRank",
  /** The plain ranker's score: how far above the mean of the candidates, and its rank as 1 / rank. */
  "plainLead",
  "plainRank",
  "feedback",
  "cohesion",
  /** Cosine of query and title in the space of meanings, and how far above the mean. */
  "meaning",
  "meaningLead",
  /** As coverage, each word by the nearest word of the title in meaning. */
  "meaningCoverage",
  /** Cosine with the mean place of the candidates. */
  "meaningCohesion",
  "candidates",
  /** How like the title is to the best ten of all documents, in words, and to the best thirty in meaning. */
  "leaders",
  "leadersMeaning",
  /** Of all documents, how many are more relevant: ln(1 + n). */
  "ahead",
  /** Share of the query's things (words that are heads of titles) that the title has, and that its head is. */
  "things",
  "thingIsHead",
  /** Share of the query's makers (words that titles begin with) that the title has, and that it begins with. */
  "makers",
  "makerIsFirst",
] as const;

export const learnedTitleFeatureNames: readonly string[] = [
  ...titleMatchNames,
  ...contextNames,
  ...titleQuantityNames,
  ...titleCompanyNames,
  ...titleLeadNames,
];
export const learnedTitleFeatureCount = learnedTitleFeatureNames.length;

/** Where in a row each kind of feature begins. */
const quantitiesAt = titleMatchCount + contextNames.length;
const companyAt = quantitiesAt + titleQuantityCount;
const leadsAt = companyAt + titleCompanyCount;

/** Candidates of one query, with the plain score of each and the features that trees learn from, row by row. */
export interface LearnedTitleCandidates {
  readonly documents: readonly number[];
  readonly plain: Float64Array;
  readonly values: Float32Array;
}

/** Works out the features of `learnedTitleFeatureNames`: one function for training and for ranking. */
export class LearnedTitleFeatures {
  private readonly ranker: TitleRanker;
  private readonly meaning: TitleMeaning;
  private readonly views: readonly TitleView[];
  private readonly roles: WordRoles;
  private readonly quantities: readonly (readonly Quantity[])[];
  private readonly places: (Float64Array | undefined)[] = [];

  constructor(ranker: TitleRanker, documents: readonly TitleDocument[]) {
    this.ranker = ranker;
    this.views = documents.map(({ title }) => viewTitle(title));
    this.quantities = documents.map(({ title }) => quantitiesOf(title));
    this.roles = new WordRoles(this.views);
    this.meaning = new TitleMeaning(ranker.vectors);
  }

  /** @param given positions of documents, or nothing for the `depth` best that the index finds */
  candidates(query: string, given: readonly number[] | undefined, depth?: number): LearnedTitleCandidates {
    const found = this.ranker.candidates(query, given, depth);
    const weights = plainTitleWeights[given === undefined ? "found" : "given"];
    const plain = Float64Array.from(found.features, (row) => scoreTitle(row, weights));
    const values = new Float32Array(found.documents.length * learnedTitleFeatureCount);
    const view = viewQuery(found.meant, found.idfs);
    const asked = quantitiesOf(query);
    const titles = found.documents.map((document) => this.views[document]!);
    found.documents.forEach((document, at) => {
      const start = at * learnedTitleFeatureCount;
      matchTitle(view, titles[at]!, values, start);
      matchQuantities(asked, this.quantities[document]!, values, start + quantitiesAt);
      matchCompany(titles, at, values, start + companyAt);
    });
    this.addContext(found, view, plain, values);
    writeLeads(values, learnedTitleFeatureCount, leadsAt);
    return { documents: found.documents, plain, values };
  }

  private addContext(
    found: TitleCandidates,
    view: QueryView,
    plain: Float64Array,
    values: Float32Array,
  ): void {
    const { documents, features, meant, idfs } = found;
    const relevance = Float64Array.from(features, (row) => row[0]!);
    const terms = tokenizeQuery(meant).map(({ term }) => this.ranker.vectors.termOf(term));
    const place = this.meaning.project(terms, idfs);
    const places = documents.map((document) => this.placeOf(document));
    const meaning = Float64Array.from(places, (own) => dotProduct(place, own));
    const middle = meanPlace(places, this.meaning.dimensions);
    const [relevanceRank, plainRank] = [ranksOf(relevance), ranksOf(plain)];
    const leaders = mostRelevant(found.found, 30);
    const like = this.ranker.vectors.likenessTo(
      documents,
      leaders.slice(0, 10),
      leaders.map(() => 1),
    );
    const leading = meanPlace(
      leaders.map((document) => this.placeOf(document)),
      this.meaning.dimensions,
    );
    const ahead = countAhead(found);
    const roles = this.rolesIn(view);
    const means = [relevance, plain, meaning].map(meanOf);
    documents.forEach((document, at) => {
      values.set(
        [
          relevance[at]!,
          relevance[at]! - means[0]!,
          1 / relevanceRank[at]!,
          plain[at]! - means[1]!,
          1 / plainRank[at]!,
          features[at]![9]!,
          features[at]![10]!,
          meaning[at]!,
          meaning[at]! - means[2]!,
          this.meaningCoverage(terms, idfs, document),
          dotProduct(middle, places[at]!),
          documents.length,
          like[at]!,
          dotProduct(leading, places[at]!),
          Math.log1p(ahead[at]!),
          ...roles(this.views[document]!),
        ],
        at * learnedTitleFeatureCount + titleMatchCount,
      );
    });
  }

  /** Things and makers of the query; NaN where it has none. */
  private rolesIn({ words }: QueryView): (title: TitleView) => number[] {
    const own = words.map(({ term }) => ({ term, ...this.roles.roleOf(term) }));
    const things = own.reduce((sum, { thing }) => sum + thing, 0);
    const makers = own.reduce((sum, { maker }) => sum + maker, 0);
    return ({ terms, head }) => {
      const sums = [0, 0, 0, 0];
      for (const { term, thing, maker } of own) {
        if (!terms.includes(term)) continue;
        sums[0]! += thing;
        if (term === head) sums[1]! += thing;
        sums[2]! += maker;
        if (term === terms[0]) sums[3]! += maker;
      }
      return sums.map((sum, at) => {
        const of = at < 2 ? things : makers;
        return of < leastRole ? NaN : sum / of;
      });
    };
  }

  private meaningCoverage(terms: readonly number[], idfs: readonly number[], document: number): number {
    const own = this.ranker.vectors.termsOf(document);
    let covered = 0;
    let total = 0;
    terms.forEach((term, at) => {
      let nearest = 0;
      for (const other of own) nearest = Math.max(nearest, this.meaning.wordLikeness(term, other));
      covered += idfs[at]! * nearest;
      total += idfs[at]!;
    });
    return total === 0 ? 0 : covered / total;
  }

  private placeOf(document: number): Float64Array {
    return (this.places[document] ??= this.meaning.titleVector(document));
  }
}

/** Below it a query has nothing of the kind. */
const leastRole = 0.05;

/** For each candidate how many documents the index found more relevant. */
function countAhead({ found, documents }: TitleCandidates): Uint32Array {
  const relevance = new Map<number, number>();
  found.slots.forEach((slot, at) => relevance.set(slot, found.relevance[at]!));
  const ascending = found.relevance.toSorted();
  return Uint32Array.from(documents, (document) => {
    const own = relevance.get(document) ?? 0;
    let low = 0;
    let high = ascending.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (ascending[middle]! <= own) low = middle + 1;
      else high = middle;
    }
    return ascending.length - low;
  });
}

function meanPlace(places: readonly Float64Array[], dimensions: number): Float64Array {
  const sum = new Float64Array(dimensions);
  for (const place of places) for (let d = 0; d < dimensions; d++) sum[d]! += place[d]!;
  const length = Math.hypot(...sum) || 1;
  return sum.map((value) => value / length);
}

/** The rank of each, 1 for the greatest; equals in the order they came. */
function ranksOf(scores: Float64Array): Uint32Array {
  const ranks = new Uint32Array(scores.length);
  Array.from(scores.keys())
    .sort((a, b) => scores[b]! - scores[a]! || a - b)
    .forEach((at, place) => (ranks[at] = place + 1));
  return ranks;
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
