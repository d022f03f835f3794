import type { Rng } from "@almanac/kernel";

/** Items beside which the hidden one has to stand out. */
export interface Rivals {
  /** The rivals of one lesson, the same array each time. An item may be drawn twice, and may be in the cart. */
  draw(): Int32Array;
  /** By item, the logarithm of how often it is among the rivals of a lesson: what a fair comparison takes off its odds. */
  readonly logExpected: Float64Array;
}

const drawn = 200;
/** Share of popularity by which rivals are drawn: the unpopular come a little more often than they are bought. */
const popularityExponent = 0.75;
/** Equal slots of the table that a draw picks from. */
const slots = 65_536;

/**
 * All items where they are few, and otherwise 200 drawn by popularity to the power of .75. What is left of the softmax over
 * all items is right on average once the expected number of draws is taken off.
 *
 * Bengio & Senécal (2008), "Adaptive importance sampling to accelerate training of a neural probabilistic language model".
 *
 * @param counts carts of each item, not all zero
 */
export function rivalsAmong(counts: ArrayLike<number>, rng: Rng): Rivals {
  const itemCount = counts.length;
  if (itemCount <= drawn) {
    const all = Int32Array.from({ length: itemCount }, (_, item) => item);
    return { draw: () => all, logExpected: new Float64Array(itemCount) };
  }
  const shares = Float64Array.from(counts, (count) => count ** popularityExponent);
  const total = shares.reduce((sum, share) => sum + share, 0);
  const table = tableOf(shares, total);
  const rivals = new Int32Array(drawn);
  return {
    draw() {
      for (let at = 0; at < drawn; at++) rivals[at] = table[rng.int(slots)]!;
      return rivals;
    },
    logExpected: shares.map((share) => Math.log((drawn * share) / total)),
  };
}

/** Each item in as many slots as its share of the total. */
function tableOf(shares: Float64Array, total: number): Int32Array {
  const table = new Int32Array(slots);
  let item = 0;
  let reached = shares[0]!;
  for (let slot = 0; slot < slots; slot++) {
    while (reached < ((slot + 0.5) / slots) * total && item < shares.length - 1) reached += shares[++item]!;
    table[slot] = item;
  }
  return table;
}
