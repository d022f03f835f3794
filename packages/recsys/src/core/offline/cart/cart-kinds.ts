import type { Rng } from "@almanac/kernel";
import type { ItemScorer } from "../item-scorer.ts";
import { columnCounts } from "../sparse.ts";
import type { SparseRows } from "../sparse.ts";

export interface CartKindsOptions {
  readonly rng: Rng;
  /** Kinds of carts that one partition tells apart. */
  readonly kinds?: number;
  /** Partitions, each from a start of its own, or 0 for no opinion. What only one of them believes is mostly noise. */
  readonly partitions?: number;
}

/** Rounds of expectation and maximisation. */
const rounds = 40;
/** Carts in which each kind is taken to have held every item as often as all carts do. */
const strength = 20;
/** A cart that is of no kind more than another at the start would never leave all of them. */
const startPower = 3;
/** Chances of items stay this far from 0 and 1. */
const leastChance = 1e-6;
/** A kind less likely than this adds nothing to what a cart calls for. */
const negligible = 1e-4;

/**
 * The chance of each item given a cart, as a logarithm, if every cart is of one of a few kinds and its items come
 * independently within a kind: P(j | cart) = sum over kinds of P(kind | cart) P(j | kind), the mean over several partitions
 * that were found from random starts. What a cart does not hold speaks of its kind as well.
 *
 * Lazarsfeld & Henry (1968), "Latent structure analysis"; by expectation and maximisation after Dempster, Laird & Rubin (1977).
 *
 * @returns log-chances, at least ln 1e-6; nothing for no carts or without partitions
 */
export function fitCartKinds(carts: SparseRows, options: CartKindsOptions): ItemScorer {
  const { rng, kinds = 24, partitions = 12 } = options;
  const found = Array.from({ length: carts.rowCount === 0 ? 0 : partitions }, (_, at) =>
    partition(carts, kinds, rng.fork(`partition ${at}`)),
  );
  return {
    name: "cart-kinds",
    addScores({ items }, scores) {
      if (found.length === 0) return;
      const chances = new Float64Array(scores.length);
      for (const { logPriors, logOdds, byKind } of found) {
        const shares = likeliestKinds(logPriors, logOdds, items);
        shares.forEach((share, kind) => {
          if (share < negligible) return;
          const own = byKind[kind]!;
          for (let item = 0; item < scores.length; item++) chances[item]! += share * own[item]!;
        });
      }
      for (let item = 0; item < scores.length; item++)
        scores[item]! += Math.log(Math.max(leastChance, chances[item]! / found.length));
    },
  };
}

interface Partition {
  /** By kind, how likely it is, with the chance that a cart of it holds nothing. */
  readonly logPriors: Float64Array;
  /** A row an item, a column a kind: how much likelier the kind is once the item is seen. */
  readonly logOdds: Float64Array;
  /** By kind, the chance of each item. */
  readonly byKind: readonly Float64Array[];
}

function partition(carts: SparseRows, kinds: number, rng: Rng): Partition {
  const { rowCount, offsets, columns } = carts;
  const popularity = Float64Array.from(columnCounts(carts), (count) => (count + 0.5) / (rowCount + 1));
  let sizes = new Float64Array(kinds);
  let counts = new Float64Array(carts.columnCount * kinds);
  const add = (cart: number, shares: Float64Array): void => {
    for (let kind = 0; kind < kinds; kind++) sizes[kind]! += shares[kind]!;
    for (let at = offsets[cart]!; at < offsets[cart + 1]!; at++) {
      const row = columns[at]! * kinds;
      for (let kind = 0; kind < kinds; kind++) counts[row + kind]! += shares[kind]!;
    }
  };
  const shares = new Float64Array(kinds);
  for (let cart = 0; cart < rowCount; cart++) {
    for (let kind = 0; kind < kinds; kind++) shares[kind] = rng.next() ** startPower + leastChance;
    add(cart, scaleToOne(shares));
  }
  let known = maximise(counts, sizes, popularity, rowCount);
  for (let round = 1; round < rounds; round++) {
    sizes = new Float64Array(kinds);
    counts = new Float64Array(counts.length);
    for (let cart = 0; cart < rowCount; cart++)
      add(
        cart,
        likeliestKinds(
          known.logPriors,
          known.logOdds,
          columns.subarray(offsets[cart]!, offsets[cart + 1]!),
          shares,
        ),
      );
    known = maximise(counts, sizes, popularity, rowCount);
  }
  return known;
}

/** The chances of items and kinds that fit best to how far each cart is of each kind. */
function maximise(
  counts: Float64Array,
  sizes: Float64Array,
  popularity: Float64Array,
  cartCount: number,
): Partition {
  const kinds = sizes.length;
  const logOdds = new Float64Array(counts.length);
  const logPriors = sizes.map((size) => Math.log((size + 1) / (cartCount + kinds)));
  const byKind = Array.from(sizes, () => new Float64Array(popularity.length));
  popularity.forEach((share, item) => {
    for (let kind = 0; kind < kinds; kind++) {
      const wanted = (counts[item * kinds + kind]! + strength * share) / (sizes[kind]! + strength);
      const chance = Math.min(1 - leastChance, Math.max(leastChance, wanted));
      const absent = Math.log(1 - chance);
      byKind[kind]![item] = chance;
      logOdds[item * kinds + kind] = Math.log(chance) - absent;
      logPriors[kind]! += absent;
    }
  });
  return { logPriors, logOdds, byKind };
}

/** How far a cart is of each kind: at least 0, one together. */
function likeliestKinds(
  logPriors: Float64Array,
  logOdds: Float64Array,
  cart: ArrayLike<number>,
  into = new Float64Array(logPriors.length),
): Float64Array {
  const kinds = into.length;
  into.set(logPriors);
  for (let at = 0; at < cart.length; at++) {
    const row = cart[at]! * kinds;
    for (let kind = 0; kind < kinds; kind++) into[kind]! += logOdds[row + kind]!;
  }
  let best = -Infinity;
  for (let kind = 0; kind < kinds; kind++) if (into[kind]! > best) best = into[kind]!;
  for (let kind = 0; kind < kinds; kind++) into[kind] = Math.exp(into[kind]! - best);
  return scaleToOne(into);
}

function scaleToOne(shares: Float64Array): Float64Array {
  let total = 0;
  for (let at = 0; at < shares.length; at++) total += shares[at]!;
  for (let at = 0; at < shares.length; at++) shares[at]! /= total;
  return shares;
}
