import { tokenize, tokenizeQuery } from "../words/tokenize.ts";

/** A query taken apart: what is looked for, and what must not be in a name. */
export interface SplitQuery {
  readonly wanted: string;
  /** The terms of each unwanted word or phrase: a name is left out that has all of one. */
  readonly unwanted: readonly (readonly string[])[];
  /** The unwanted words as they were typed, "-cherry". */
  readonly typedUnwanted: readonly string[];
}

/** A minus before two letters, or before anything in quotes: the "-o" of "rust -o oleum" is a slip of the keys. */
const unwantedWord =
  /(?<!\S)[-−](?:\p{L}[\p{L}\p{M}\p{N}'’]\S*|"[^"]*[\p{L}\p{N}][^"]*"|“[^”]*[\p{L}\p{N}][^”]*”)/gu;

/**
 * "tomatoes -cherry" wants tomatoes, but no cherry tomatoes; -"cherry tomatoes" is the same of a phrase. Where nothing else is
 * asked for, a minus says nothing.
 */
export function splitQuery(query: string): SplitQuery {
  const plain = { wanted: query, unwanted: [], typedUnwanted: [] };
  const typedUnwanted = query.match(unwantedWord) ?? [];
  if (typedUnwanted.length === 0) return plain;
  const wanted = query.replace(unwantedWord, " ");
  if (tokenizeQuery(wanted).length === 0) return plain;
  return {
    wanted,
    unwanted: typedUnwanted.map((word) => tokenize(word).map(({ term }) => term)),
    typedUnwanted,
  };
}
