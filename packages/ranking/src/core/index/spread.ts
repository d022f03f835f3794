import { bestFirst } from "./best-first.ts";

/** How well documents match, and what each took a word for. */
export interface MeantMatches {
  /** Relevance of each, 0 to 1; the best is 1. */
  readonly relevance: Float64Array;
  /**
   * Which word a begun or misspelt one was taken for in each document: 0 as it was typed, else a number of the query's own.
   * Absent where every word of the query was found as it is.
   */
  readonly meanings?: Uint16Array;
}

/** Beside the best of them, a match counts as about as good from this share of its relevance on. */
const nearlyAsGood = 0.7;

/**
 * The first places of a search whose word is begun or misspelt, and may be several words: what holds the word as it was
 * typed comes first; then each word that may be meant has its best match shown before any has its second. Twelve jars of
 * grape jam do not say whether grape or grapefruit was about to be typed.
 *
 * @param compare orders positions of the result, the better first; never 0 for two of them
 * @param isTyping the word may go on although it is a word: "pea" is then one of several that may be meant, like "pear"
 * @returns positions, at most `limit`
 */
export function spreadMeanings(
  { relevance, meanings }: MeantMatches,
  limit: number,
  compare: (a: number, b: number) => number,
  { isTyping = false }: { readonly isTyping?: boolean } = {},
): number[] {
  const order = bestFirst(relevance.length, limit, compare);
  const doubtful = meanings && order.filter((at) => meanings[at]! > 0);
  if (!meanings || !doubtful || doubtful.length === 0) return order;
  const bestRelevance = doubtful.reduce((most, at) => Math.max(most, relevance[at]!), 0);
  const bestOf = new Map<number, number>();
  for (let at = 0; at < relevance.length; at++) {
    const meaning = meanings[at]!;
    if ((meaning === 0 && !isTyping) || relevance[at]! < nearlyAsGood * bestRelevance) continue;
    const known = bestOf.get(meaning);
    if (known === undefined || compare(at, known) < 0) bestOf.set(meaning, at);
  }
  if (bestOf.size < 2) return order;
  const certain = isTyping ? [] : order.filter((at) => meanings[at] === 0);
  const firsts = [...bestOf.values()].sort(compare);
  return [...new Set([...certain, ...firsts, ...order])].slice(0, limit);
}
