import { invariant, seededRng } from "@almanac/kernel";

/** Things as points: those that the same people choose lie in the same direction. */
export interface TasteVectors {
  /** Item by item, `width` numbers each. */
  readonly vectors: Float32Array;
  /** ln(1 + people who chose it) by that of the most chosen: 0 to 1. */
  readonly commonness: Float32Array;
}

/** Different things that each person chose: those of person u are `items[starts[u] .. starts[u + 1])`. */
export interface ChosenItems {
  readonly starts: Int32Array;
  readonly items: Int32Array;
}

const rounds = 8;

/**
 * The leading right singular vectors of people by things, each entry 1 / sqrt(people of the thing x things of the person),
 * by subspace iteration. Cremonesi, Koren and Turrin (2010), "Performance of Recommender Algorithms on Top-N
 * Recommendation Tasks" (PureSVD), with both sides normalised so that common things do not fill every direction.
 *
 * Deterministic for a seed. The sign of a direction means nothing.
 */
export function fitTasteVectors(
  chosen: ChosenItems,
  itemCount: number,
  width: number,
  seed = 1,
): TasteVectors {
  invariant(width > 0 && itemCount > 0, "there are things and directions");
  const people = peopleOf(chosen, itemCount);
  const rng = seededRng(seed).fork("taste");
  let vectors = Float64Array.from({ length: itemCount * width }, () => rng.normal());
  for (let round = 0; round < rounds; round++) {
    orthonormalise(vectors, itemCount, width);
    vectors = multiply(chosen, people, vectors, width);
  }
  orthonormalise(vectors, itemCount, width);
  const most = Math.log1p(people.reduce((top, count) => Math.max(top, count), 1));
  return {
    vectors: Float32Array.from(vectors, (value) => value * Math.sqrt(itemCount)),
    commonness: Float32Array.from(people, (count) => Math.log1p(count) / most),
  };
}

function peopleOf({ items }: ChosenItems, itemCount: number): Float64Array {
  const people = new Float64Array(itemCount);
  for (const item of items) people[item]! += 1;
  return people;
}

/** A'A times the vectors, person by person. */
function multiply(
  { starts, items }: ChosenItems,
  people: Float64Array,
  vectors: Float64Array,
  width: number,
): Float64Array<ArrayBuffer> {
  const out = new Float64Array(vectors.length);
  const own = new Float64Array(width);
  for (let user = 0; user + 1 < starts.length; user++) {
    const [from, to] = [starts[user]!, starts[user + 1]!];
    own.fill(0);
    for (let at = from; at < to; at++) {
      const weight = 1 / Math.sqrt(people[items[at]!]!);
      for (let k = 0; k < width; k++) own[k]! += weight * vectors[items[at]! * width + k]!;
    }
    for (let at = from; at < to; at++) {
      const weight = 1 / (Math.sqrt(people[items[at]!]!) * (to - from));
      for (let k = 0; k < width; k++) out[items[at]! * width + k]! += weight * own[k]!;
    }
  }
  return out;
}

/** Gram-Schmidt over columns; a column without anything of its own becomes 0. */
function orthonormalise(vectors: Float64Array, rows: number, width: number): void {
  for (let column = 0; column < width; column++) {
    for (let earlier = 0; earlier < column; earlier++) {
      let dot = 0;
      for (let row = 0; row < rows; row++)
        dot += vectors[row * width + column]! * vectors[row * width + earlier]!;
      for (let row = 0; row < rows; row++)
        vectors[row * width + column]! -= dot * vectors[row * width + earlier]!;
    }
    let squares = 0;
    for (let row = 0; row < rows; row++) squares += vectors[row * width + column]! ** 2;
    const scale = squares > 1e-18 ? 1 / Math.sqrt(squares) : 0;
    for (let row = 0; row < rows; row++) vectors[row * width + column]! *= scale;
  }
}
