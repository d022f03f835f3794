import { seededRng } from "@almanac/kernel";

/** n standard normal numbers from a seed (sums of twelve uniform ones): noise for tests and benches. */
export function normalNoise(n: number, seed: number): Float64Array {
  const rng = seededRng(seed);
  return Float64Array.from({ length: n }, () => {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += rng.next();
    return sum;
  });
}
