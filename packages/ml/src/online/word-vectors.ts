import { invariant, seededRng } from "@almanac/kernel";

/**
 * A vector for what words describe, without learning: each word is a fixed direction drawn by its letters, and a thing is the
 * sum of its words' directions, of length one. Things that share words are near each other, the same words give the same bits,
 * and a word that is new needs no dimension of its own. Random projection: Johnson and Lindenstrauss (1984).
 *
 * @param width numbers of the vector; directions of different words overlap by about one over its root
 * @returns zeros where there are no words
 */
export function wordVector(words: readonly string[], width: number): Float64Array {
  invariant(Number.isInteger(width) && width > 0, "width is a whole number > 0");
  const sum = new Float64Array(width);
  for (const word of words) {
    const rng = seededRng(1).fork(word);
    for (let at = 0; at < width; at++) sum[at]! += rng.next() < 0.5 ? -1 : 1;
  }
  const length = Math.hypot(...sum);
  return length === 0 ? sum : sum.map((value) => value / length);
}
