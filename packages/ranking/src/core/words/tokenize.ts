import { emojiNames } from "./emoji-names.ts";
import { singular } from "./singular.ts";

/** A word of a text: what the index compares, and what a person wrote (folded, but not made singular). */
export interface Token {
  readonly term: string;
  readonly surface: string;
}

// Letters that NFD does not take apart.
const unfoldable: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  ł: "l",
  đ: "d",
  ð: "d",
  þ: "th",
  ı: "i",
};

/** Words that say nothing about a product. They are left out of queries unless nothing else is left. */
export const stopWords: ReadonlySet<string> = new Set(
  "a an and are as at be but by for from has i is it its me my of on or our some that the their this to we with you your".split(
    " ",
  ),
);

/** Lower case without accents: "Crème Fraîche" is "creme fraiche". */
export function fold(text: string): string {
  const plain = text
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase();
  return plain.replace(/[ßæœøłđðþı]/g, (letter) => unfoldable[letter] ?? letter);
}

/**
 * The words of a text in order. Anything that is neither letter nor digit separates words, except an apostrophe within
 * one ("farmer's" is "farmers"); numbers are cut from the unit behind them ("500g" is "500", "g"). At most 60 letters
 * of a word are kept.
 */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  const folded = fold(text).replace(/(?<=\p{L})['’](?=\p{L})/gu, "");
  for (const [word] of folded.matchAll(/\p{L}+|\p{N}+(?:[.,]\p{N}+)*/gu)) {
    const surface = word.slice(0, 60);
    tokens.push({ surface, term: singular(surface) });
  }
  return tokens;
}

/** The words of a query without stop words; all of them when there is nothing else. "🍅" is the word of it. */
export function tokenizeQuery(query: string): Token[] {
  const typed = query.slice(0, 400);
  const tokens = tokenize(
    typed.replace(/\p{Extended_Pictographic}/gu, (one) => ` ${emojiNames.get(one) ?? ""} `),
  );
  const telling = tokens.filter((token) => !stopWords.has(token.surface));
  return (telling.length > 0 ? telling : tokens).slice(0, 24);
}
