import { rankingTerms, termsOf } from "../score/final-score.ts";
import type { ServedCandidate } from "./served-features.ts";

/** A search as it was served, and what came of it. Only first pages, in the product's own order. */
export interface LoggedExample {
  readonly query: string;
  /** Weight of each word of the query, as the index has them. */
  readonly idfs: readonly number[];
  /** Products in the order in which they were shown. */
  readonly productIds: readonly string[];
  readonly titles: readonly string[];
  /** Five a product, in the order of `rankingTerms`. */
  readonly terms: ArrayLike<number>;
  readonly priceCents: readonly number[];
  /** Place of what was opened, from 0; -1 where nothing was. */
  readonly clicked: number;
  readonly hasOrder: boolean;
  /** Searches of one shopper are alike. */
  readonly shopper: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

export function candidatesOf({ titles, terms, priceCents }: LoggedExample): ServedCandidate[] {
  const count = rankingTerms.length;
  return titles.map((title, place) => ({
    title,
    priceCents: priceCents[place] ?? 0,
    terms: termsOf((_term, at) => terms[place * count + at] ?? 0),
  }));
}
