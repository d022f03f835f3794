import { trigramsOf } from "./title-vectors.ts";
import { fold, tokenize, tokenizeQuery } from "../words/tokenize.ts";
import { unitNames } from "../words/unit-names.ts";

/** What the words of a title say about the words of a query, one number each; NaN where there is nothing to tell. */
export const titleMatchNames = [
  /** Share of the query's weight (idf) whose very words are in the title. */
  "coverage",
  /** Share of the query's words that are in the title. */
  "words",
  /** As coverage, each word by its likest word of the title: other endings and small errors count in part. */
  "likeness",
  /** As coverage, words found anywhere in the title's letters without its spaces: "backsplash" in "back splash". */
  "squeezed",
  /** Share of the query's neighbouring words that are neighbours in the title. */
  "neighbours",
  /** Share of the query's neighbouring words that stand in this order in the title, near or far. */
  "order",
  /** Matched words as a share of the shortest stretch of the title that holds them. */
  "closeness",
  /** Share of the query's letter trigrams that are in the title, and the other way round. */
  "trigrams",
  "titleTrigrams",
  /** The last word of the query, in English what the thing is, is in the title; and how like its likest word is. */
  "head",
  "headLikeness",
  /** How like the title's own head, the last word before a bracket, comma or "with", is to a word of the query. */
  "titleHead",
  /** Where the first word that is in the query stands: 1 at the start, 0 at the end or nowhere. */
  "earliness",
  /** As coverage, of the title before its first "with", "in", "for", comma or bracket. */
  "lead",
  /** Share of the title's words that are in the query. */
  "precision",
  /** How like the rarest word of the query is to a word of the title. */
  "rarest",
  /** Share of the query's weight that its rarest missing word has. */
  "worstMiss",
  /** Share of the query's numbers that are in the title. */
  "numbers",
  /** Share of the query's measures ("10 ft") that the title contradicts: the same unit, another number. */
  "contradiction",
  /** The query stands in the title as it is. */
  "phrase",
  /** The last two words of the query are neighbours in the title. */
  "headPhrase",
  /** Query and title begin with the same word, often a brand. */
  "firstWord",
  "queryWords",
  "titleWords",
  /** Mean idf of the query's words. */
  "rareness",
] as const;

export const titleMatchCount = titleMatchNames.length;

interface QueryWord {
  readonly term: string;
  readonly idf: number;
  readonly trigrams: readonly number[];
  /** Likeness to words of titles, kept while the query is at work. */
  readonly likeness: Map<string, number>;
}

/** A query made ready for many titles. */
export interface QueryView {
  readonly words: readonly QueryWord[];
  readonly total: number;
  readonly folded: string;
  readonly trigrams: ReadonlySet<number>;
  readonly measures: readonly Measure[];
}

/** A title made ready for many queries. */
export interface TitleView {
  readonly terms: readonly string[];
  readonly folded: string;
  /** Letters and digits alone. */
  readonly squeezed: string;
  readonly trigrams: ReadonlySet<number>;
  /** How many of its words stand before the first "with", "in", "for", comma or bracket. */
  readonly leadLength: number;
  /** The last word of the lead that is neither a number nor a unit: as a rule what the thing is. */
  readonly head: string | undefined;
  readonly measures: readonly Measure[];
}

interface Measure {
  readonly value: string;
  readonly unit: string;
}

/** @param idfs weight of each word of `tokenizeQuery(query)`, >= 0, in order */
export function viewQuery(query: string, idfs: readonly number[]): QueryView {
  const words = tokenizeQuery(query).map(({ term }, at) => ({
    term,
    idf: idfs[at] ?? 0,
    trigrams: trigramsOf(term),
    likeness: new Map<string, number>(),
  }));
  const folded = fold(query.trim());
  return {
    words,
    total: words.reduce((sum, { idf }) => sum + idf, 0) || 1,
    folded,
    trigrams: new Set(trigramsOf(folded)),
    measures: measuresOf(words.map(({ term }) => term)),
  };
}

export function viewTitle(title: string): TitleView {
  const terms = tokenize(title).map(({ term }) => term);
  const folded = fold(title);
  const leadLength = Math.min(terms.length, tokenize(leadOf(folded)).length);
  return {
    terms,
    folded,
    squeezed: folded.replace(/[^\p{L}\p{N}]+/gu, ""),
    trigrams: new Set(trigramsOf(folded)),
    leadLength,
    head: headAmong(terms, leadLength),
    measures: measuresOf(terms),
  };
}

/** What the thing of a title is, as a term: "tomato" of "Heirloom tomatoes, 2 kg". `undefined` for a title without words. */
export function headOf(title: string): string | undefined {
  const terms = tokenize(leadOf(fold(title))).map(({ term }) => term);
  return headAmong(terms, terms.length);
}

/** A folded title before its first "with", "in", "for", comma or bracket. */
const leadOf = (folded: string): string => folded.split(/\s(?:with|in|for|and|w\/)\s|,|\s-\s|\(/)[0] ?? "";

function headAmong(terms: readonly string[], leadLength: number): string | undefined {
  let head = leadLength - 1;
  while (head > 0 && (startsWithDigit(terms[head]!) || unitNames.has(terms[head]!))) head--;
  return terms[head];
}

/** Writes the numbers of `titleMatchNames` from `offset` on. */
export function matchTitle(query: QueryView, title: TitleView, out: Float32Array, offset: number): void {
  const { words, total } = query;
  const places = words.map(({ term }) => title.terms.indexOf(term));
  const likenesses = words.map((word, at) => (places[at]! >= 0 ? 1 : likest(word, title.terms)));
  const found = places.filter((place) => place >= 0);
  let covered = 0;
  let alike = 0;
  let squeezed = 0;
  let leadCovered = 0;
  let worstMiss = 0;
  let rarest = 0;
  for (let at = 0; at < words.length; at++) {
    const { idf, term } = words[at]!;
    if (places[at]! >= 0) covered += idf;
    else worstMiss = Math.max(worstMiss, idf);
    if (places[at]! >= 0 && places[at]! < title.leadLength) leadCovered += idf;
    alike += idf * likenesses[at]!;
    if (places[at]! >= 0 || (term.length > 3 && title.squeezed.includes(term))) squeezed += idf;
    if (idf > words[rarest]!.idf) rarest = at;
  }
  const head = words.length - 1;
  const first = found.length === 0 ? -1 : Math.min(...found);
  const own = new Set(words.map(({ term }) => term));
  out.set(
    [
      covered / total,
      found.length / Math.max(1, words.length),
      alike / total,
      squeezed / total,
      shareOfPairs(places, (one, other) => other === one + 1, title.terms, words),
      shareOfPairs(places, (one, other) => other > one),
      closeness(words, title.terms, found.length),
      shareOf(query.trigrams, title.trigrams),
      shareOf(title.trigrams, query.trigrams),
      head >= 0 && places[head]! >= 0 ? 1 : 0,
      likenesses[head] ?? 0,
      titleHead(query, title),
      first === -1 ? 0 : 1 - first / title.terms.length,
      leadCovered / total,
      title.terms.filter((term) => own.has(term)).length / Math.max(1, title.terms.length),
      likenesses[rarest] ?? 0,
      worstMiss / total,
      numbers(words, places),
      contradiction(query.measures, title.measures),
      query.folded !== "" && title.folded.includes(query.folded) ? 1 : 0,
      head >= 1 && neighbours(words[head - 1]!.term, words[head]!.term, title.terms) ? 1 : 0,
      words.length > 0 && title.terms[0] === words[0]!.term ? 1 : 0,
      words.length,
      title.terms.length,
      total / Math.max(1, words.length),
    ],
    offset,
  );
}

/** The greatest Dice coefficient of letter trigrams with any of the words, 0 to 1. */
function likest(word: QueryWord, terms: readonly string[]): number {
  let best = 0;
  for (const term of terms) {
    let own = word.likeness.get(term);
    if (own === undefined) {
      own = dice(word.trigrams, trigramsOf(term));
      word.likeness.set(term, own);
    }
    if (own > best) best = own;
  }
  return best;
}

function dice(one: readonly number[], other: readonly number[]): number {
  if (one.length + other.length === 0) return 0;
  let shared = 0;
  for (const gram of one) if (other.includes(gram)) shared++;
  return (2 * shared) / (one.length + other.length);
}

/** Share of neighbouring words of the query for which the rule holds; NaN for one word. */
function shareOfPairs(
  places: readonly number[],
  rule: (one: number, other: number) => boolean,
  terms?: readonly string[],
  words?: readonly QueryWord[],
): number {
  if (places.length < 2) return NaN;
  let held = 0;
  for (let at = 0; at + 1 < places.length; at++) {
    const [one, other] = [places[at]!, places[at + 1]!];
    if (one < 0 || other < 0) continue;
    // A word may stand in the title twice, and only its second place be the neighbour.
    if (rule(one, other) || (terms && words && neighbours(words[at]!.term, words[at + 1]!.term, terms)))
      held++;
  }
  return held / (places.length - 1);
}

function neighbours(one: string, other: string, terms: readonly string[]): boolean {
  for (let at = 0; at + 1 < terms.length; at++) if (terms[at] === one && terms[at + 1] === other) return true;
  return false;
}

/** Matched words over the length of the shortest stretch that holds each of them once; 0 when none matches. */
function closeness(words: readonly QueryWord[], terms: readonly string[], found: number): number {
  if (found === 0) return 0;
  const wanted = new Set(words.map(({ term }) => term).filter((term) => terms.includes(term)));
  const inside = new Map<string, number>();
  let from = 0;
  let shortest = terms.length;
  for (let to = 0; to < terms.length; to++) {
    const term = terms[to]!;
    if (!wanted.has(term)) continue;
    inside.set(term, (inside.get(term) ?? 0) + 1);
    while (inside.size === wanted.size) {
      shortest = Math.min(shortest, to - from + 1);
      const leaving = terms[from++]!;
      const count = inside.get(leaving);
      if (count === 1) inside.delete(leaving);
      else if (count !== undefined) inside.set(leaving, count - 1);
    }
  }
  return wanted.size / shortest;
}

function shareOf(wanted: ReadonlySet<number>, there: ReadonlySet<number>): number {
  let shared = 0;
  for (const gram of wanted) if (there.has(gram)) shared++;
  return shared / Math.max(1, wanted.size);
}

/** How like the title's head is to a word of the query. */
function titleHead({ words }: QueryView, { head }: TitleView): number {
  if (head === undefined) return 0;
  return words.reduce((most, word) => Math.max(most, word.term === head ? 1 : likest(word, [head])), 0);
}

function numbers(words: readonly QueryWord[], places: readonly number[]): number {
  let asked = 0;
  let met = 0;
  words.forEach(({ term }, at) => {
    if (!startsWithDigit(term)) return;
    asked++;
    if (places[at]! >= 0) met++;
  });
  return asked === 0 ? NaN : met / asked;
}

function contradiction(asked: readonly Measure[], there: readonly Measure[]): number {
  if (asked.length === 0) return NaN;
  const against = asked.filter(({ value, unit }) => {
    const same = there.filter((other) => other.unit === unit);
    return same.length > 0 && !same.some((other) => other.value === value);
  });
  return against.length / asked.length;
}

function startsWithDigit(term: string): boolean {
  const code = term.charCodeAt(0);
  return code >= 48 && code <= 57;
}

/** Numbers with the unit that follows them. */
function measuresOf(terms: readonly string[]): Measure[] {
  return terms.flatMap((term, at) => {
    const unit = unitNames.get(terms[at + 1] ?? "");
    return unit !== undefined && startsWithDigit(term) ? [{ value: term, unit }] : [];
  });
}
