import type { TitleView } from "./title-match.ts";

/** How often a word is what the thing is, and how often it begins a title, as a maker's name does. */
export interface WordRole {
  /** Share of its titles whose head it is, 0 to 1, shrunk towards 0 for rare words. */
  readonly thing: number;
  /** Share of its titles that it begins, 0 to 1, shrunk towards 0 for rare words. */
  readonly maker: number;
}

const unknown: WordRole = { thing: 0, maker: 0 };
const shrinkage = 3;

/** What words do in titles, read off the titles alone: heads of titles are things, first words are often makers. */
export class WordRoles {
  private readonly counts = new Map<string, { titles: number; heads: number; starts: number }>();

  constructor(titles: Iterable<TitleView>) {
    for (const { terms, head } of titles) {
      for (const term of new Set(terms)) this.countOf(term).titles++;
      if (head !== undefined) this.countOf(head).heads++;
      if (terms[0] !== undefined) this.countOf(terms[0]).starts++;
    }
  }

  roleOf(term: string): WordRole {
    const count = this.counts.get(term);
    if (count === undefined) return unknown;
    const { titles, heads, starts } = count;
    return { thing: heads / (titles + shrinkage), maker: starts / (titles + shrinkage) };
  }

  private countOf(term: string): { titles: number; heads: number; starts: number } {
    let count = this.counts.get(term);
    if (count === undefined) this.counts.set(term, (count = { titles: 0, heads: 0, starts: 0 }));
    return count;
  }
}
