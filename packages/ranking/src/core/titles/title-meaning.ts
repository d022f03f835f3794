import { seededRng } from "@almanac/kernel";
import type { TitleVectors } from "./title-vectors.ts";

export interface MeaningOptions {
  /** 64 unless told. */
  readonly dimensions?: number;
  /** Rounds of subspace iteration; 4 unless told. */
  readonly rounds?: number;
}

/**
 * What words and titles mean, as far as the titles themselves tell: words that keep the same company are near each other
 * although no title has both ("refrigerator", "fridge").
 *
 * Latent semantic indexing (Deerwester et al. 1990): the leading right singular vectors of the tf-idf matrix, by subspace
 * iteration (Halko, Martinsson and Tropp 2011, algorithm 4.4) from a fixed seed. Deterministic.
 */
export class TitleMeaning {
  readonly dimensions: number;
  private readonly vectors: TitleVectors;
  /** One row a term, columns orthonormal: projects tf-idf vectors. */
  private readonly basis: Float64Array;
  /** One row a term, of length 1: the row of the basis times the singular values. */
  private readonly words: Float32Array;

  constructor(vectors: TitleVectors, { dimensions = 64, rounds = 4 }: MeaningOptions = {}) {
    this.vectors = vectors;
    this.dimensions = Math.max(1, Math.min(dimensions, vectors.termCount, vectors.titleCount));
    const rng = seededRng("title-meaning");
    let basis: Float64Array = Float64Array.from(
      { length: vectors.termCount * this.dimensions },
      () => rng.next() - 0.5,
    );
    let sizes = orthonormalize(basis, this.dimensions);
    for (let round = 0; round < rounds; round++) {
      basis = this.throughTitles(basis);
      sizes = orthonormalize(basis, this.dimensions);
    }
    this.basis = basis;
    // A'A stretches each direction by the square of its singular value.
    this.words = wordVectors(basis, sizes.map(Math.sqrt));
  }

  /** A title's place, of length 1 (0 for a title without words). */
  titleVector(title: number): Float64Array {
    const { terms, weights } = this.vectors.vectorOf(title);
    return this.project(terms, weights);
  }

  /** The place of words with weights; terms that no title has (-1) are left out. */
  project(terms: ArrayLike<number>, weights: ArrayLike<number>): Float64Array {
    const { dimensions, basis } = this;
    const place = new Float64Array(dimensions);
    for (let at = 0; at < terms.length; at++) {
      const start = terms[at]! * dimensions;
      if (start < 0) continue;
      for (let d = 0; d < dimensions; d++) place[d]! += weights[at]! * basis[start + d]!;
    }
    const length = Math.hypot(...place);
    return length === 0 ? place : place.map((value) => value / length);
  }

  /** How near two words are in meaning, -1 to 1; 1 for the same word. */
  wordLikeness(one: number, other: number): number {
    if (one === other) return 1;
    if (one < 0 || other < 0) return 0;
    const { dimensions, words } = this;
    let dot = 0;
    for (let d = 0; d < dimensions; d++) dot += words[one * dimensions + d]! * words[other * dimensions + d]!;
    return dot;
  }

  /** A'A times a matrix, title by title. */
  private throughTitles(matrix: Float64Array): Float64Array {
    const { dimensions, vectors } = this;
    const product = new Float64Array(matrix.length);
    const row = new Float64Array(dimensions);
    for (let title = 0; title < vectors.titleCount; title++) {
      const { terms, weights } = vectors.vectorOf(title);
      row.fill(0);
      for (let at = 0; at < terms.length; at++)
        for (let d = 0, from = terms[at]! * dimensions; d < dimensions; d++)
          row[d]! += weights[at]! * matrix[from + d]!;
      for (let at = 0; at < terms.length; at++)
        for (let d = 0, to = terms[at]! * dimensions; d < dimensions; d++)
          product[to + d]! += weights[at]! * row[d]!;
    }
    return product;
  }
}

/** Cosine of two places of length 1. */
export function dotProduct(one: Float64Array, other: Float64Array): number {
  let dot = 0;
  for (let d = 0; d < one.length; d++) dot += one[d]! * other[d]!;
  return dot;
}

/** Makes the columns orthonormal, one after the other (modified Gram-Schmidt), and returns the lengths they had. */
function orthonormalize(matrix: Float64Array, width: number): Float64Array {
  const sizes = new Float64Array(width);
  for (let column = 0; column < width; column++) {
    for (let earlier = 0; earlier < column; earlier++) {
      let dot = 0;
      for (let at = 0; at < matrix.length; at += width) dot += matrix[at + column]! * matrix[at + earlier]!;
      for (let at = 0; at < matrix.length; at += width) matrix[at + column]! -= dot * matrix[at + earlier]!;
    }
    let square = 0;
    for (let at = column; at < matrix.length; at += width) square += matrix[at]! ** 2;
    sizes[column] = Math.sqrt(square);
    const scale = square > 1e-24 ? 1 / sizes[column]! : 0;
    for (let at = column; at < matrix.length; at += width) matrix[at]! *= scale;
  }
  return sizes;
}

function wordVectors(basis: Float64Array, singular: Float64Array): Float32Array {
  const width = singular.length;
  const words = Float32Array.from(basis, (value, at) => value * singular[at % width]!);
  for (let start = 0; start < words.length; start += width) {
    const length = Math.hypot(...words.subarray(start, start + width)) || 1;
    for (let d = 0; d < width; d++) words[start + d]! /= length;
  }
  return words;
}
