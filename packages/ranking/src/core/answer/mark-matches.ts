import { singular } from "../words/singular.ts";
import { fold, tokenizeQuery } from "../words/tokenize.ts";

/** Letters of a text, from (inclusive) and to (exclusive), as `slice` takes them. */
export type Mark = readonly [from: number, to: number];

/** A single letter begins too many words to say anything. */
const leastBegun = 2;

/**
 * Which letters of a name answer to what was typed: whole words that were typed, in singular or plural, accents or not, and
 * the beginning of words that were begun. What was found by a synonym has no such letters. In order, none overlaps another.
 *
 * @param typed with typing errors put right, where the index did so
 */
export function markMatches(text: string, typed: string): Mark[] {
  const words = tokenizeQuery(typed);
  const marks: Mark[] = [];
  for (const found of text.matchAll(/\p{L}[\p{L}\p{M}]*|\p{N}+/gu)) {
    const [word] = found;
    const folded = fold(word);
    const isWhole = words.some(({ surface, term }) => surface === folded || term === singular(folded));
    const begun = words
      .filter(({ surface }) => surface.length >= leastBegun && folded.startsWith(surface))
      .reduce((longest, { surface }) => Math.max(longest, surface.length), 0);
    if (isWhole) marks.push([found.index, found.index + word.length]);
    else if (begun > 0) marks.push([found.index, found.index + lettersOf(word, begun)]);
  }
  return marks;
}

/** Letters of a word, accents with them, that fold to so many plain ones or more: "ß" is two. */
function lettersOf(word: string, plain: number): number {
  let folded = 0;
  let length = 0;
  for (const letter of word) {
    const isAccent = /\p{M}/u.test(letter);
    if (folded >= plain && !isAccent) break;
    folded += fold(letter).length;
    length += letter.length;
  }
  return length;
}
