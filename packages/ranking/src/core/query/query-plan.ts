import { allowedEdits } from "../words/edit-distance.ts";
import { isEnglishWord } from "../words/english-words.ts";
import type { ForeignTable } from "../words/foreign-table.ts";
import { accentedWords, addForeign, addForeignBeginnings } from "./foreign-words.ts";
import { freeOf } from "../words/free-of.ts";
import type { Lexicon, Neighbour } from "../index/lexicon.ts";
import { isLikelyBeginning } from "./likely-beginning.ts";
import { add, liveTerms, nameTerms, type Alternative, type Draft } from "./plan-draft.ts";
import { produceKinds } from "../words/produce-kinds.ts";
import { singular } from "../words/singular.ts";
import { soundKey } from "../words/sound-key.ts";
import type { SynonymTable } from "../words/synonym-table.ts";
import { tokenizeQuery } from "../words/tokenize.ts";
import type { Token } from "../words/tokenize.ts";

/** What each way of matching a word is worth beside the word itself, 0 to 1. */
export interface MatchWeights {
  readonly synonym: number;
  /** "sourdough" for "bread". */
  readonly kind: number;
  /** "sweetcorn" for "sweet corn", and the other way round. */
  readonly compound: number;
  /** The last word as the beginning of a longer one. */
  readonly prefix: number;
  readonly oneEdit: number;
  readonly twoEdits: number;
  /** "Käse" for cheese, where nothing answers to it. */
  readonly foreign: number;
}

/** Exact before prefix before typing error: the order of these numbers is the order of results. */
export const defaultMatchWeights: MatchWeights = {
  synonym: 0.9,
  kind: 0.9,
  compound: 0.9,
  prefix: 0.6,
  oneEdit: 0.5,
  twoEdits: 0.35,
  foreign: 0.3,
};

/** A word of the query with every way to satisfy it, and its share in telling documents apart. */
export interface QueryWord {
  readonly surface: string;
  readonly alternatives: readonly Alternative[];
  /** Inverse document frequency, > 0. */
  readonly idf: number;
}

/** A word the catalogue does not know and what it was taken for. */
export interface Correction {
  readonly from: string;
  readonly to: string;
}

export interface QueryPlan {
  readonly words: readonly QueryWord[];
  readonly corrections: readonly Correction[];
  /** The query with its corrections, for "Showing results for ..."; absent when nothing was corrected. */
  readonly correctedQuery: string | undefined;
  /** What nothing says of itself that food is free of: "gluten free". */
  readonly unmet: readonly string[];
  /** What may have been meant by a word that nothing answers to but that is one of its own: for "Did you mean ...?". */
  readonly offeredQuery: string | undefined;
}

export interface QueryPlanOptions {
  /** Whether the last word may be the beginning of a longer one; a space behind it says that it is not. */
  readonly prefix: boolean;
  readonly fuzzy: boolean;
  readonly weights: MatchWeights;
  /** What the table's words are in English. */
  readonly foreign: ForeignTable;
  /** Whether some document holds both terms. */
  readonly areTogether: (a: number, b: number) => boolean;
}

const prefixLimit = 40;
const neighbourLimit = 8;
/** Shorter words are taken as they are typed, unless nothing answers to them. */
const shortLength = 4;
/** A word of the catalogue in at most so many documents may itself be an error there ("strawbery"). */
const doubtedCount = 5;
/** How many times as common its neighbour then is at least. */
const doubtedRatio = 20;

/**
 * Turns a query into words and their alternatives: the word itself, other names of it or of the phrase it stands in,
 * compounds written the other way, longer words when it is the last, and, for a word nothing answers to, what it is in
 * English, or its neighbours by typing error. Those of a short word, or with another first letter, have to stand beside another word of the
 * query in some document; where none is known, another first letter has to be one that people mistype so.
 *
 * @param documents number of documents in the index
 */
export function planQuery(
  query: string,
  lexicon: Lexicon,
  synonyms: SynonymTable,
  documents: number,
  options: QueryPlanOptions,
): QueryPlan {
  const { tokens, misspelt } = readTokens(query, lexicon, options.fuzzy);
  const drafts = tokens.map(() => new Map<string, Alternative>());
  addExact(drafts, tokens, lexicon);
  addSynonyms(drafts, tokens, lexicon, synonyms, options);
  addKinds(drafts, tokens, lexicon, options.weights);
  const foreign = addForeign(drafts, tokens, lexicon, options);
  const rare = drafts.map((draft) => draft.size === 1 && isRare([...draft.values()][0]!, lexicon));
  const split = addCompounds(drafts, tokens, lexicon, options.weights);
  const answers = drafts.map((draft, at): Answer => {
    if (foreign.has(at)) return "sure";
    if (draft.size === 0) return "none";
    return rare[at]! || split.has(at) ? "doubtful" : "sure";
  });
  const open = /[\p{L}\p{N}]$/u.test(query.trimStart());
  if (options.prefix && open && tokens.length > 0 && !endsWithUnit(tokens)) {
    addPrefixes(drafts, tokens, lexicon, options.weights);
    if (addForeignBeginnings(drafts, tokens, lexicon, options)) answers[answers.length - 1] = "sure";
  }
  const accented = accentedWords(query);
  tokens.forEach(({ surface }, at) => {
    if (surface.length < tellingLength && accented.has(surface)) answers[at] = "sure";
  });
  const { unmet, isFreeOf } = takeFreeOf(drafts, tokens, lexicon);
  isFreeOf.forEach((at) => (answers[at] = "sure"));
  const { corrections, offered } = options.fuzzy
    ? addNeighbours(drafts, answers, tokens, lexicon, synonyms, options)
    : { corrections: [], offered: undefined };
  const words = tokens.map((token, at): QueryWord => {
    const alternatives = [...drafts[at]!.values()];
    return { surface: token.surface, alternatives, idf: inverseFrequency(alternatives, lexicon, documents) };
  });
  corrections.push(...misspelt);
  return {
    words,
    corrections,
    correctedQuery: correctedQuery(tokens, corrections),
    offeredQuery: offered,
    unmet,
  };
}

/**
 * The words of a query and the plurals among them that nobody spells so. Made singular they are words like any other, so
 * that "tomatos" finds what "tomatoes" does; taken as they were typed they are words that no document has.
 */
function readTokens(
  query: string,
  lexicon: Lexicon,
  fuzzy: boolean,
): { tokens: readonly Token[]; misspelt: readonly Correction[] } {
  const tokens = tokenizeQuery(query);
  const isMisspelt = ({ term, surface }: Token): boolean => {
    const id = lexicon.find(term);
    return id !== undefined && lexicon.isMisspeltForm(id, surface);
  };
  if (!fuzzy)
    return {
      tokens: tokens.map((token) => (isMisspelt(token) ? { ...token, term: token.surface } : token)),
      misspelt: [],
    };
  return {
    tokens,
    misspelt: tokens.filter(isMisspelt).map(({ surface, term }) => ({ from: surface, to: term })),
  };
}

/** "500g" and "2 kg" end with a unit, which begins no word. */
function endsWithUnit(tokens: readonly Token[]): boolean {
  const [before, last] = tokens.slice(-2);
  return last !== undefined && last.surface.length <= 2 && /^\p{N}/u.test(before!.surface);
}

/** What a word has been answered by so far: a word that is rare, or that was taken apart, may be an error. */
type Answer = "none" | "doubtful" | "sure";

function addExact(drafts: readonly Draft[], tokens: readonly Token[], lexicon: Lexicon): void {
  tokens.forEach((token, at) => {
    const terms = liveTerms([token.term], lexicon);
    if (terms !== undefined) add(drafts[at]!, terms, 1);
  });
}

function addSynonyms(
  drafts: readonly Draft[],
  tokens: readonly Token[],
  lexicon: Lexicon,
  synonyms: SynonymTable,
  { weights, areTogether }: QueryPlanOptions,
): void {
  for (let from = 0; from < tokens.length; from++) {
    for (let to = Math.min(tokens.length, from + synonyms.longest); to > from; to--) {
      const phrase = tokens.slice(from, to).map((token) => token.term);
      for (const other of synonyms.othersOf(phrase)) {
        const terms = nameTerms(other, lexicon, areTogether);
        // A document that has the other name satisfies every word of this one.
        if (terms !== undefined) for (let at = from; at < to; at++) add(drafts[at]!, terms, weights.synonym);
      }
    }
  }
}

function addKinds(
  drafts: readonly Draft[],
  tokens: readonly Token[],
  lexicon: Lexicon,
  weights: MatchWeights,
): void {
  tokens.forEach(({ term }, at) => {
    for (const kind of produceKinds.get(term) ?? []) {
      const terms = liveTerms([kind], lexicon);
      if (terms !== undefined) add(drafts[at]!, terms, weights.kind);
    }
  });
}

/**
 * Words like "gluten free" are answered by what says just that, and by nothing that has gluten or is free: neither a
 * free-range egg is meant, nor, of "dairy free", a cheese.
 */
function takeFreeOf(
  drafts: readonly Draft[],
  tokens: readonly Token[],
  lexicon: Lexicon,
): { readonly unmet: string[]; readonly isFreeOf: readonly number[] } {
  const unmet: string[] = [];
  const isFreeOf = tokens.flatMap((_, at) => {
    const compound = freeOf(tokens, at);
    if (compound === undefined) return [];
    const terms = liveTerms([compound], lexicon);
    if (terms === undefined) unmet.push(compound.replace("-", " "));
    for (const draft of [drafts[at]!, drafts[at + 1]!]) {
      draft.clear();
      if (terms !== undefined) add(draft, terms, 1);
    }
    return [at, at + 1];
  });
  return { unmet, isFreeOf };
}

/** Also tells which words were taken apart: a guess like any other ("proten" is not "pro" and "ten"). */
function addCompounds(
  drafts: readonly Draft[],
  tokens: readonly Token[],
  lexicon: Lexicon,
  weights: MatchWeights,
): Set<number> {
  const split = new Set<number>();
  for (let at = 0; at + 1 < tokens.length; at++) {
    const joined = liveTerms([singular(tokens[at]!.surface + tokens[at + 1]!.surface)], lexicon);
    if (joined === undefined) continue;
    add(drafts[at]!, joined, weights.compound);
    add(drafts[at + 1]!, joined, weights.compound);
  }
  tokens.forEach((token, at) => {
    if (drafts[at]!.size > 0) return;
    const parts = splitCompound(token.surface, lexicon);
    if (parts === undefined) return;
    add(drafts[at]!, parts, weights.compound);
    split.add(at);
  });
  return split;
}

/** Whether a word is all there is and so rare in the catalogue that it may be an error there. */
function isRare({ terms, weight }: Alternative, lexicon: Lexicon): boolean {
  return weight === 1 && terms.every((term) => lexicon.documentCount(term) <= doubtedCount);
}

/** The two known words a word is made of, the pair whose rarer half is the most common. */
function splitCompound(word: string, lexicon: Lexicon): readonly number[] | undefined {
  let best: readonly number[] | undefined;
  let bestCount = 0;
  for (let cut = 3; cut <= word.length - 3; cut++) {
    const parts = liveTerms([word.slice(0, cut), singular(word.slice(cut))], lexicon);
    if (parts === undefined) continue;
    const count = Math.min(...parts.map((term) => lexicon.documentCount(term)));
    if (count > bestCount) [best, bestCount] = [parts, count];
  }
  return best;
}

function addPrefixes(
  drafts: readonly Draft[],
  tokens: readonly Token[],
  lexicon: Lexicon,
  weights: MatchWeights,
): void {
  const last = tokens.length - 1;
  const { surface } = tokens[last]!;
  for (const term of lexicon.withPrefix(surface, prefixLimit)) {
    // A word that is nearly typed out is likelier to be meant than one that has just begun.
    const typed = surface.length / lexicon.words[term]!.length;
    add(drafts[last]!, [term], weights.prefix * (0.75 + 0.25 * typed), true);
  }
}

function addNeighbours(
  drafts: readonly Draft[],
  answers: readonly Answer[],
  tokens: readonly Token[],
  lexicon: Lexicon,
  synonyms: SynonymTable,
  { weights, areTogether }: QueryPlanOptions,
): { readonly corrections: Correction[]; readonly offered: string | undefined } {
  const corrections: Correction[] = [];
  let offered: string | undefined;
  const answered = drafts.map((draft) => [...draft.values()].flatMap(({ terms }) => terms));
  // "hard cheese" is no mistyped "chard cheese" where no product is both; "brocoli, tomatoes" asks for two things. Alone
  // "oranges" is no mistyped "range", nor "chickpeas" "chicken".
  const fits = (neighbour: Neighbour, token: Token, at: number): boolean => {
    const { term } = neighbour;
    const rest = answered.flatMap((terms, other) => (other === at ? [] : terms));
    const word = lexicon.words[term]!;
    if (rest.length === 0) return isLikelySlip(neighbour, token) && !isAnotherWord(token, neighbour, word);
    if (beginsAlike(token, word)) return true;
    const meant = synonyms.othersOf([word]).map((other) => liveTerms(other, lexicon)?.[0]);
    return [term, ...meant].some((a) => a !== undefined && rest.some((b) => areTogether(a, b)));
  };
  const isLikelySlip = ({ term, distance }: Neighbour, token: Token): boolean => {
    const word = lexicon.words[term]!;
    return beginsAlike(token, word) || isLikelyBeginning(token.term, word, distance);
  };
  tokens.forEach((token, at) => {
    if (answers[at] === "sure" || /^\p{N}/u.test(token.term)) return;
    const alike =
      token.surface.length < shortLength
        ? shortNeighbours(token, drafts[at]!, lexicon)
        : lexicon.neighbours(token.term, allowedEdits(token.surface.length), neighbourLimit);
    const found = alike.filter((neighbour) => fits(neighbour, token, at));
    const nearest = found[0];
    if (nearest === undefined) {
      const first = alike.find((neighbour) => isLikelySlip(neighbour, token));
      if (first && tokens.length === 1 && drafts[at]!.size === 0) offered = lexicon.words[first.term]!;
      return;
    }
    const own = lexicon.find(token.term);
    const ownCount = own === undefined ? 0 : lexicon.documentCount(own);
    const near = found.filter(({ distance }) => distance === nearest.distance);
    const most = near.reduce((count, { term }) => Math.max(count, lexicon.documentCount(term)), 1);
    const begun = drafts[at]!.size > 0;
    // What has an answer is doubted only beside a word that is one error away, and far more common than it is.
    const doubtful = answers[at] === "doubtful";
    if (doubtful && (nearest.distance > 1 || most < doubtedRatio * ownCount)) return;
    const isHeard = soundsAs(token.term, nearest, lexicon);
    for (const neighbour of near) {
      const { term, distance } = neighbour;
      const isMeant = distance === 1 && (!isHeard || soundsAs(token.term, neighbour, lexicon));
      const weight = isMeant ? weights.oneEdit : weights.twoEdits;
      if (lexicon.documentCount(term) > 0) add(drafts[at]!, [term], weight, true);
      for (const other of synonyms.othersOf([lexicon.words[term]!])) {
        const terms = liveTerms(other, lexicon);
        if (terms !== undefined) add(drafts[at]!, terms, weight * weights.synonym, true);
      }
    }
    if (!begun && drafts[at]!.size > 0)
      corrections.push({ from: token.surface, to: lexicon.words[nearest.term]! });
  });
  return { corrections, offered };
}

const soundsAs = (typed: string, { term }: Neighbour, lexicon: Lexicon): boolean =>
  soundKey(lexicon.words[term]!) === soundKey(typed);

const beginsAlike = ({ surface }: Token, word: string): boolean =>
  surface.length > shortLength && word[0] === surface[0];

/** A form of the same word may be so much longer: "squeezers" asks for a "squeezer", "oily" for "oil". */
const endingLength = 3;
/** So long a word that is one letter away from one that no list has is that one: "cardamom" is what a shop calls "cardamon". */
const tellingLength = 8;

/** Whether what was typed is an English word, and what is like it neither a form of it nor misspelt itself. */
function isAnotherWord({ surface, term }: Token, { distance }: Neighbour, other: string): boolean {
  if (surface.length < shortLength || (!isEnglishWord(surface) && !isEnglishWord(term))) return false;
  const [shorter, longer] = term.length < other.length ? [term, other] : [other, term];
  if (longer.startsWith(shorter) && longer.length - shorter.length <= endingLength) return false;
  return distance > 1 || term.length < tellingLength || isEnglishWord(other);
}

/**
 * A word of two or three letters is one letter away from too many others to doubt it. But where nothing at all answers to
 * it, those that begin as it does are better than an empty page: "lek" is "leek", "jr" is "jar".
 */
function shortNeighbours(token: Token, draft: Draft, lexicon: Lexicon): readonly Neighbour[] {
  if (token.surface.length < 2 || draft.size > 0) return [];
  return lexicon
    .neighbours(token.term, 1, 4 * neighbourLimit)
    .filter(({ term }) => lexicon.words[term]![0] === token.term[0])
    .slice(0, neighbourLimit);
}

/**
 * ln(1 + (N - n + .5) / (n + .5)), with n the documents of the word itself, or of its most common alternative: a typing
 * error is as telling as what was meant, not as rare as the error. Robertson and Zaragoza (2009), section 3.
 */
function inverseFrequency(alternatives: readonly Alternative[], lexicon: Lexicon, documents: number): number {
  let best = 0;
  for (const { terms, weight } of alternatives) {
    const count = Math.min(...terms.map((term) => lexicon.documentCount(term)));
    if (weight === 1) return Math.log1p((documents - count + 0.5) / (count + 0.5));
    best = Math.max(best, count);
  }
  return Math.log1p((documents - best + 0.5) / (best + 0.5));
}

function correctedQuery(tokens: readonly Token[], corrections: readonly Correction[]): string | undefined {
  if (corrections.length === 0) return undefined;
  const meant = new Map(corrections.map(({ from, to }) => [from, to]));
  return tokens.map(({ surface }) => meant.get(surface) ?? surface).join(" ");
}
