import { invariant } from "@almanac/kernel";
import { CandidateScores, type KindScores, type OwnScores } from "./candidate-scores.ts";
import { explainTerms, type FusedTerms, type WeightedList } from "./fused-terms.ts";
import { floatScratch, intScratch, shortScratch } from "./scratch.ts";
import type { AlgorithmName, ScoredCandidates } from "../types.ts";

export type FusionWeights = Readonly<Partial<Record<AlgorithmName, number>>>;

/** The brief's weights. Renormalised over the algorithms that ran. */
export const defaultFusionWeights = {
  collaborative_filtering: 0.3,
  content_based: 0.25,
  trending: 0.15,
  seasonal: 0.15,
  user_behavior: 0.15,
} as const satisfies FusionWeights;

/** The weights of the algorithms that ran, scaled to sum to one; algorithms without weight get none. */
export function renormaliseWeights(weights: FusionWeights, ran: readonly AlgorithmName[]): FusionWeights {
  let total = 0;
  for (const name of ran) total += weights[name] ?? 0;
  invariant(ran.length === 0 || total > 0, "no algorithm that ran has a weight");
  const shares: Partial<Record<AlgorithmName, number>> = {};
  for (const name of ran) shares[name] = (weights[name] ?? 0) / total;
  return shares;
}

export interface Fusion {
  readonly algorithms: readonly AlgorithmName[];
  /** Of each product the sum; no candidate where no algorithm named it. */
  readonly scores: CandidateScores;
  /** The terms of one product, largest contribution first; they sum to its score. */
  explain(product: number): FusedTerms;
  /** The same of several, each given once, in their order, for one look through the lists. */
  explainAll(products: readonly number[]): FusedTerms[];
}

const slotScratch = shortScratch();
const manySlotScratch = intScratch();
const productScratch = intScratch();
const valueScratch = floatScratch();
const kindSumScratch = floatScratch();
const kindScoreScratch = floatScratch();
const rowScratch = shortScratch();
const noSums = Float64Array.of(0);
let turns = 0;

/**
 * Weighted sum of the algorithms' scores. An algorithm that ran but did not name a product gives it 0; one that could
 * not run gives its weight to the others, so a newcomer's best score is not capped at .3.
 *
 * The first list that has a score by kind is added to those products only that other lists name; see `CandidateScores`.
 * The result holds until the next fusion: it is made into a slate at once.
 */
export function fuse(
  lists: readonly ScoredCandidates[],
  productCount: number,
  weights: FusionWeights = defaultFusionWeights,
): Fusion {
  const algorithms = lists.map((list) => list.algorithm);
  const shares = renormaliseWeights(weights, algorithms);
  const weighted = lists.map((list) => weigh(list, shares[list.algorithm]!));
  const scores = addLists(weighted, productCount);
  const turn = ++turns;
  const explainAll = (products: readonly number[]): FusedTerms[] => {
    invariant(turn === turns, "a fusion is explained before the next one begins");
    const positions = findPositions(weighted, products, productCount);
    return products.map((product, row) =>
      explainTerms(weighted, { product, positions, row, rowCount: products.length }),
    );
  };
  return { algorithms, scores, explainAll, explain: (product) => explainAll([product])[0]! };
}

/** A list in arrays of one kind each, so that the sums over thousands of products are made without asking which. */
function weigh(list: ScoredCandidates, share: number): WeightedList {
  const { products, kinds } = list;
  return {
    list,
    share,
    kinds,
    products: products instanceof Int32Array ? products : Int32Array.from(products),
  };
}

/** The sums, made in the order of the lists. */
function addLists(lists: readonly WeightedList[], productCount: number): CandidateScores {
  const sums: Sums = {
    slotOf: (productCount < 2 ** 16 ? slotScratch : manySlotScratch).borrow(productCount),
    // One more, for the slot after the last.
    products: productScratch.borrowAsIs(productCount + 1),
    values: valueScratch.borrowAsIs(productCount + 1),
    count: 0,
    kindOf: zerosUpTo(productCount),
    kindSums: noSums,
  };
  let kinds: KindScores | undefined;
  for (const one of lists) {
    if (one.kinds === undefined || kinds !== undefined) addScores(sums, one);
    else kinds = addKinds(sums, one.kinds, one.share);
  }
  return new CandidateScores(productCount, sums, kinds);
}

/** What the lists so far come to. */
interface Sums extends OwnScores {
  count: number;
  /** By product its kind, and by kind what a product has to begin with that is named from here on. */
  kindOf: Uint16Array;
  kindSums: Float64Array;
}

function addScores(sums: Sums, { list, share, products: named }: WeightedList): void {
  const { slotOf, products, values, kindOf, kindSums } = sums;
  const scores = list.scores instanceof Float64Array ? list.scores : Float64Array.from(list.scores);
  let { count } = sums;
  for (let i = 0; i < named.length; i++) {
    const product = named[i]!;
    const slot = slotOf[product]! - 1;
    // A product is begun in the next slot and stays there if it is new, which sums find sooner than a processor that guesses.
    const isNew = slot >>> 31;
    products[count] = product;
    values[count] = kindSums[kindOf[product]!]!;
    const target = slot + isNew * (count + 1);
    values[target]! += share * scores[i]!;
    slotOf[product] = target + 1;
    count += isNew;
  }
  sums.count = count;
}

/** @returns the same, weighted, for the products that no list names one by one */
function addKinds(sums: Sums, kinds: KindScores, share: number): KindScores {
  const { products, values, count } = sums;
  const { kindOf, productsOfKind } = kinds;
  const kindSums = kindSumScratch.borrowAsIs(kinds.scoreOfKind.length);
  const scoreOfKind = kindScoreScratch.borrowAsIs(kindSums.length);
  for (let kind = 0; kind < kindSums.length; kind++)
    kindSums[kind] = scoreOfKind[kind] = share * kinds.scoreOfKind[kind]!;
  kindSums[0] = 0;
  scoreOfKind[0] = -Infinity;
  for (let slot = 0; slot < count; slot++) values[slot]! += kindSums[kindOf[products[slot]!]!]!;
  sums.kindOf = kindOf;
  sums.kindSums = kindSums;
  return { kindOf, productsOfKind, scoreOfKind };
}

let zeros = new Uint16Array(0);

/** Nobody is of a kind: shared, and so not to be changed. */
function zerosUpTo(length: number): Uint16Array {
  if (zeros.length < length) zeros = new Uint16Array(Math.ceil(length * 1.25));
  return zeros;
}

/** Where each list names each product: list by list and in it row by row, -1 where it does not. */
function findPositions(
  lists: readonly WeightedList[],
  rows: readonly number[],
  productCount: number,
): Int32Array {
  // One more than the row, by product; of few products, so that looking through a list costs a byte or two each.
  const rowOf = rowScratch.borrow(productCount);
  rows.forEach((product, row) => (rowOf[product] = row + 1));
  const positions = new Int32Array(lists.length * rows.length).fill(-1);
  for (let at = 0; at < lists.length; at++) {
    const { positionOf } = lists[at]!.list;
    if (positionOf !== undefined)
      rows.forEach((product, row) => (positions[at * rows.length + row] = positionOf(product)));
    else notePositions(positions, at * rows.length, rowOf, lists[at]!.products);
  }
  return positions;
}

function notePositions(positions: Int32Array, start: number, rowOf: Uint16Array, products: Int32Array): void {
  for (let i = 0; i < products.length; i++) {
    const row = rowOf[products[i]!]!;
    if (row !== 0) positions[start + row - 1] = i;
  }
}
