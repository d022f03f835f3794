import type { ForeignTable } from "../words/foreign-table.ts";
import type { Lexicon } from "../index/lexicon.ts";
import { add, nameTerms, type Draft } from "./plan-draft.ts";
import { fold, type Token } from "../words/tokenize.ts";

interface ForeignOptions {
  readonly foreign: ForeignTable;
  readonly weights: { readonly foreign: number };
  readonly areTogether: (a: number, b: number) => boolean;
}

/**
 * Adds what words that nothing answers to are in English. The longest phrase of the table counts: "pommes de terre" are no
 * apples.
 *
 * @returns which words stand in the table, whether or not the shop has what they mean: they are no misspellings
 */
export function addForeign(
  drafts: readonly Draft[],
  tokens: readonly Token[],
  lexicon: Lexicon,
  options: ForeignOptions,
): Set<number> {
  const { foreign } = options;
  const isOpen = drafts.map((draft) => draft.size === 0);
  const known = new Set(
    tokens.flatMap(({ surface }, at) => (isOpen[at] && foreign.isStopWord(surface) ? at : [])),
  );
  let from = 0;
  while (from < tokens.length) {
    const length = phraseLength(tokens, from, foreign);
    const end = from + Math.max(1, length);
    if (length > 0 && isOpen.slice(from, end).includes(true)) {
      const names = foreign.namesOf(termsOf(tokens, from, end)) ?? [];
      for (; from < end; from++) {
        known.add(from);
        addNames(drafts[from]!, names, lexicon, options);
      }
    }
    from = end;
  }
  return known;
}

/** Words of the longest phrase of the table that begins there; 0 where none does. */
function phraseLength(tokens: readonly Token[], from: number, foreign: ForeignTable): number {
  let length = Math.min(foreign.longest, tokens.length - from);
  while (length > 0 && foreign.namesOf(termsOf(tokens, from, from + length)) === undefined) length--;
  return length;
}

const termsOf = (tokens: readonly Token[], from: number, end: number): string[] =>
  tokens.slice(from, end).map(({ term }) => term);

/** So many letters may be the beginning of a foreign word. */
const leastBegun = 3;

/**
 * Adds what the last word may be the beginning of, where it begins nothing of the shop's.
 *
 * @returns whether it does
 */
export function addForeignBeginnings(
  drafts: readonly Draft[],
  tokens: readonly Token[],
  lexicon: Lexicon,
  options: ForeignOptions,
): boolean {
  const draft = drafts.at(-1)!;
  const { surface } = tokens.at(-1)!;
  if (draft.size > 0 || surface.length < leastBegun) return false;
  addNames(draft, options.foreign.beginningWith(surface), lexicon, options, true);
  return draft.size > 0;
}

function addNames(
  draft: Draft,
  names: readonly (readonly string[])[],
  lexicon: Lexicon,
  { weights, areTogether }: ForeignOptions,
  isGuess = false,
): void {
  for (const name of names) {
    const terms = nameTerms(name, lexicon, areTogether);
    if (terms !== undefined) add(draft, terms, weights.foreign, isGuess);
  }
}

/** The words of a query that were typed with accents, folded: short ones are of another language, not misspelt English. */
export function accentedWords(query: string): ReadonlySet<string> {
  const words = Array.from(query.matchAll(/[\p{L}\p{M}]+/gu), ([word]) => word.toLowerCase());
  return new Set(words.filter((word) => fold(word) !== word).map(fold));
}
