import { tokenize, tokenizeQuery } from "../words/tokenize.ts";

/** Words of a query and of the titles beside it, as numbers of columns. */
export interface WordedCandidates {
  /** Distinct words of the query. */
  readonly words: readonly string[];
  /** Per candidate, a column for each distinct word of its title. */
  readonly titleWords: readonly Int32Array[];
  /** Per candidate, a column for each word of the query beside each word of its title, and for its being there or not. */
  readonly pairs: readonly Int32Array[];
}

/** Numbers the words of titles, and the pairs of a query's word with a title's, in the order in which they are met. */
export class WordColumns {
  private readonly titles: readonly { readonly title: string }[];
  private readonly titleTerms: (readonly string[] | undefined)[] = [];
  private readonly wordColumns = new Map<string, number>();
  private readonly pairColumns = new Map<string, Map<string, number>>();
  private pairs = 0;

  constructor(titles: readonly { readonly title: string }[]) {
    this.titles = titles;
  }

  get wordCount(): number {
    return this.wordColumns.size;
  }

  get pairCount(): number {
    return this.pairs;
  }

  /** @param documents positions of titles */
  read(query: string, documents: readonly number[]): WordedCandidates {
    const words = [...new Set(tokenizeQuery(query).map(({ term }) => term))];
    const terms = documents.map((document) => this.termsOf(document));
    return {
      words,
      titleWords: terms.map((own) => Int32Array.from(own, (term) => this.wordColumn(term))),
      pairs: terms.map((own) => this.pairsOf(words, own)),
    };
  }

  private termsOf(document: number): readonly string[] {
    return (this.titleTerms[document] ??= [
      ...new Set(tokenize(this.titles[document]!.title).map(({ term }) => term)),
    ]);
  }

  private wordColumn(term: string): number {
    let column = this.wordColumns.get(term);
    if (column === undefined) this.wordColumns.set(term, (column = this.wordColumns.size));
    return column;
  }

  private pairsOf(words: readonly string[], terms: readonly string[]): Int32Array {
    const columns: number[] = [];
    for (const word of words) {
      let own = this.pairColumns.get(word);
      if (own === undefined) this.pairColumns.set(word, (own = new Map()));
      // No term is empty or has a space, so these two are taken for nothing else.
      columns.push(this.pairColumn(own, terms.includes(word) ? " there" : " missing"));
      for (const term of terms) if (term !== word) columns.push(this.pairColumn(own, term));
    }
    return Int32Array.from(columns);
  }

  private pairColumn(own: Map<string, number>, term: string): number {
    let column = own.get(term);
    if (column === undefined) own.set(term, (column = this.pairs++));
    return column;
  }
}
