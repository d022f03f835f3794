import { fnv1a } from "./ids.ts";

/** Seeded randomness: the same seed gives the same sequence on every machine. */
export interface Rng {
  /** Uniform in [0, 1), 32 bits of resolution. */
  next(): number;
  /** Uniform integer in [0, bound). */
  int(bound: number): number;
  /** Standard normal. */
  normal(): number;
  /** Poisson count with the given mean >= 0 (Knuth below 30, normal approximation above). */
  poisson(mean: number): number;
  /** One element; the list must not be empty. */
  pick<T>(list: readonly T[]): T;
  /** An index drawn in proportion to the weights (>= 0, not all zero). */
  weighted(weights: ArrayLike<number>): number;
  /** A shuffled copy (Fisher-Yates). */
  shuffle<T>(list: readonly T[]): T[];
  bytes(length: number): Uint8Array;
  /** An independent stream named by `label`: adding draws to one stream does not move another. */
  fork(label: string): Rng;
}

/**
 * sfc32 (Chris Doty-Humphrey, PractRand): small, fast, passes PractRand and BigCrush. Not for secrets.
 *
 * @param seed any integer
 */
export function seededRng(seed: number | string): Rng {
  const text = String(seed);
  let a = fnv1a(text, 0x811c9dc5);
  let b = fnv1a(text, 0x12345678);
  let c = fnv1a(text, 0x9e3779b9);
  let counter = 1;

  const nextUint32 = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i++) nextUint32();

  const rng: Rng = {
    next: () => nextUint32() / 4_294_967_296,
    int: (bound) => Math.floor(rng.next() * bound),
    normal() {
      const u = 1 - rng.next();
      return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * rng.next());
    },
    poisson(mean) {
      if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * rng.normal()));
      const limit = Math.exp(-mean);
      let count = 0;
      for (let product = rng.next(); product > limit; product *= rng.next()) count++;
      return count;
    },
    pick: (list) => list[rng.int(list.length)]!,
    weighted(weights) {
      let total = 0;
      for (let i = 0; i < weights.length; i++) total += weights[i]!;
      let left = rng.next() * total;
      for (let i = 0; i < weights.length; i++) {
        left -= weights[i]!;
        if (left < 0) return i;
      }
      return weights.length - 1;
    },
    shuffle(list) {
      const copy = [...list];
      for (let i = copy.length - 1; i > 0; i--) {
        const j = rng.int(i + 1);
        [copy[i], copy[j]] = [copy[j]!, copy[i]!];
      }
      return copy;
    },
    bytes: (length) => Uint8Array.from({ length }, () => nextUint32() & 0xff),
    fork: (label) => seededRng(`${text}/${label}`),
  };
  return rng;
}
