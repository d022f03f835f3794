import { tokenize } from "../words/tokenize.ts";

/** Titles as lists of terms and as tf-idf vectors of length 1, in typed arrays. */
export class TitleVectors {
  private readonly terms = new Map<string, number>();
  private readonly titles: Int32Array[];
  /** Distinct terms of each title and their weights. */
  private readonly distinct: Int32Array[];
  private readonly weights: Float32Array[];
  private readonly trigrams: (Uint32Array | undefined)[] = [];
  /** One place per term, zero between calls. */
  private readonly sum: Float64Array;

  constructor(titles: readonly string[]) {
    this.titles = titles.map((title) => Int32Array.from(tokenize(title), ({ term }) => this.intern(term)));
    this.distinct = this.titles.map((terms) => Int32Array.from(new Set(terms)));
    const counts = new Uint32Array(this.terms.size);
    for (const terms of this.distinct) for (const term of terms) counts[term]!++;
    const idf = Float64Array.from(counts, (count) =>
      Math.log1p((titles.length - count + 0.5) / (count + 0.5)),
    );
    this.weights = this.titles.map((terms, at) => unitVector(terms, this.distinct[at]!, idf));
    this.sum = new Float64Array(this.terms.size);
  }

  /** The number of a term, -1 when no title has it. */
  termOf(term: string): number {
    return this.terms.get(term) ?? -1;
  }

  get termCount(): number {
    return this.terms.size;
  }

  get titleCount(): number {
    return this.titles.length;
  }

  /** Distinct terms of a title and their weights; a vector of length 1. */
  vectorOf(title: number): { readonly terms: Int32Array; readonly weights: Float32Array } {
    return { terms: this.distinct[title]!, weights: this.weights[title]! };
  }

  termsOf(title: number): Int32Array {
    return this.titles[title]!;
  }

  /** Distinct trigrams of a title, kept once worked out. */
  trigramsAt(title: number, folded: string): Uint32Array {
    return (this.trigrams[title] ??= Uint32Array.from(new Set(trigramsOf(folded))));
  }

  /** Cosine of each title with the weighted sum of all of them, 0 to 1. */
  likeness(titles: readonly number[], shares: readonly number[]): number[] {
    return this.likenessTo(titles, titles, shares);
  }

  /** Cosine of each title with the weighted sum of other titles, 0 to 1. */
  likenessTo(titles: readonly number[], others: readonly number[], shares: readonly number[]): number[] {
    others.forEach((title, at) => this.add(title, shares[at]!));
    let square = 0;
    const seen = new Set(others.flatMap((title) => [...this.distinct[title]!]));
    for (const term of seen) square += this.sum[term]! ** 2;
    const length = Math.sqrt(square) || 1;
    const cosines = titles.map((title) => this.dot(title) / length);
    for (const term of seen) this.sum[term] = 0;
    return cosines;
  }

  private add(title: number, share: number): void {
    if (share === 0) return;
    const terms = this.distinct[title]!;
    const weights = this.weights[title]!;
    for (let at = 0; at < terms.length; at++) this.sum[terms[at]!]! += share * weights[at]!;
  }

  private dot(title: number): number {
    const terms = this.distinct[title]!;
    const weights = this.weights[title]!;
    let dot = 0;
    for (let at = 0; at < terms.length; at++) dot += this.sum[terms[at]!]! * weights[at]!;
    return dot;
  }

  private intern(term: string): number {
    const known = this.terms.get(term);
    if (known !== undefined) return known;
    this.terms.set(term, this.terms.size);
    return this.terms.size - 1;
  }
}

/** Letter trigrams of each word with its ends marked, as numbers (a collision now and then does no harm). */
export function trigramsOf(text: string): number[] {
  const grams: number[] = [];
  for (const word of text.split(/[^\p{L}\p{N}]+/u)) {
    if (word === "") continue;
    const marked = `^${word}$`;
    for (let at = 0; at + 3 <= marked.length; at++) {
      const [a, b, c] = [marked.charCodeAt(at), marked.charCodeAt(at + 1), marked.charCodeAt(at + 2)];
      grams.push(((a * 1021 + b) * 1021 + c) >>> 0);
    }
  }
  return grams;
}

function unitVector(terms: Int32Array, distinct: Int32Array, idf: Float64Array): Float32Array {
  const counts = new Map<number, number>();
  for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  const weights = Float32Array.from(distinct, (term) => (1 + Math.log(counts.get(term) ?? 1)) * idf[term]!);
  const length = Math.hypot(...weights) || 1;
  return weights.map((weight) => weight / length);
}
