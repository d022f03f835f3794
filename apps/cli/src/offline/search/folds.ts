import { fnv1a } from "@almanac/kernel";
import { tokenize } from "@almanac/ranking";
import type { SearchQuery } from "./read-search-input.ts";

export const foldCount = 5;

/** The fold of a query; queries of the same words share one, in whatever order the words come. */
export function foldOf(query: SearchQuery, seed: number): number {
  return fnv1a(wordsOf(query), seed >>> 0) % foldCount;
}

/** The query's words, sorted. */
export function wordsOf(query: SearchQuery): string {
  return tokenize(query.text)
    .map(({ term }) => term)
    .sort()
    .join(" ");
}

/** For any query the fold whose judgements it must not see: that of a judged query of its id or its words. */
export function heldOutFolds(
  judged: readonly SearchQuery[],
  seed: number,
): (query: SearchQuery) => number | undefined {
  const folds = new Map<string, number>();
  for (const query of judged) {
    const fold = foldOf(query, seed);
    folds.set(wordsOf(query), fold).set(`id ${query.id}`, fold);
  }
  return (query) => folds.get(`id ${query.id}`) ?? folds.get(wordsOf(query));
}

/** At most so many queries, the same ones for the same seed. */
export function sampleQueries(
  queries: readonly SearchQuery[],
  most: number,
  seed: number,
): readonly SearchQuery[] {
  if (queries.length <= most) return queries;
  const keyed = queries.map((query) => ({ query, key: fnv1a(`${seed}/${query.id}`, 0x811c9dc5) }));
  return keyed
    .sort((a, b) => a.key - b.key)
    .slice(0, most)
    .map(({ query }) => query);
}
