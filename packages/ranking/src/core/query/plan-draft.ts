import type { Lexicon } from "../index/lexicon.ts";

/** One way to satisfy a word of the query: a document must hold all these terms. */
export interface Alternative {
  readonly terms: readonly number[];
  readonly weight: number;
  /** A word that was begun or misspelt may be another one; a synonym or a compound may not. */
  readonly isGuess: boolean;
}

/** The ways to satisfy one word so far, by their terms. */
export type Draft = Map<string, Alternative>;

/** Adds a way, or makes it weigh more. */
export function add(draft: Draft, terms: readonly number[], weight: number, isGuess = false): void {
  const key = terms.join(" ");
  const existing = draft.get(key);
  if (existing === undefined || existing.weight < weight) draft.set(key, { terms, weight, isGuess });
}

/** The terms of words that all occur in some document, otherwise nothing. */
export function liveTerms(words: readonly string[], lexicon: Lexicon): readonly number[] | undefined {
  const terms: number[] = [];
  for (const word of words) {
    const term = lexicon.find(word);
    if (term === undefined || lexicon.documentCount(term) === 0) return undefined;
    terms.push(term);
  }
  return terms;
}

/** The terms of a name whose neighbouring words stand together in some document, otherwise nothing. */
export function nameTerms(
  words: readonly string[],
  lexicon: Lexicon,
  areTogether: (a: number, b: number) => boolean,
): readonly number[] | undefined {
  const terms = liveTerms(words, lexicon);
  return terms?.every((term, at) => at === 0 || areTogether(terms[at - 1]!, term)) ? terms : undefined;
}
