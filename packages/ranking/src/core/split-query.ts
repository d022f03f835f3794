import { tokenize, tokenizeQuery } from "./tokenize.ts";

/** A query taken apart: what is looked for, and what must not be in a name. */
export interface SplitQuery {
  readonly wanted: string;
  /** The terms of each unwanted word: a name is left out that has all of one. */
  readonly unwanted: readonly (readonly string[])[];
  /** The unwanted words as they were typed, "-cherry". */
  readonly typedUnwanted: readonly string[];
}

const unwantedWord = /(?<!\S)[-−]\p{L}\S*/gu;

/** "tomatoes -cherry" wants tomatoes, but no cherry tomatoes. Where nothing else is asked for, a minus says nothing. */
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
