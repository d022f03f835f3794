import { invariant } from "@almanac/kernel";
import { byteScratch, floatScratch, shortScratch } from "./scratch.ts";
import type {
  AlgorithmName,
  Contribution,
  Metadata,
  RecommendationReason,
  ScoredCandidates,
} from "./types.ts";

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
  const total = ran.reduce((sum, name) => sum + (weights[name] ?? 0), 0);
  invariant(ran.length === 0 || total > 0, "no algorithm that ran has a weight");
  return Object.fromEntries(ran.map((name) => [name, (weights[name] ?? 0) / total]));
}

export interface Fusion {
  readonly algorithms: readonly AlgorithmName[];
  /** Score by product index; -Infinity where no algorithm named the product. */
  readonly totals: Float64Array;
  /** The terms of one product, largest contribution first; they sum to its score. */
  explain(product: number): FusedTerms;
  /** The same of several, each given once, in their order, for one look through the lists. */
  explainAll(products: readonly number[]): FusedTerms[];
}

export interface FusedTerms {
  readonly contributions: readonly Contribution[];
  /** Mean over the algorithms that scored the product. */
  readonly confidence: number;
  readonly reason: RecommendationReason;
  readonly reasons: readonly RecommendationReason[];
  readonly metadata: Metadata;
}

const totalScratch = floatScratch();
const namedScratch = byteScratch();
const rowScratch = shortScratch();
let turns = 0;

/**
 * Weighted sum of the algorithms' scores. An algorithm that ran but did not name a product gives it 0; one that could
 * not run gives its weight to the others, so a newcomer's best score is not capped at .3.
 *
 * The result holds until the next fusion: it is made into a slate at once.
 */
export function fuse(
  lists: readonly ScoredCandidates[],
  productCount: number,
  weights: FusionWeights = defaultFusionWeights,
): Fusion {
  const algorithms = lists.map((list) => list.algorithm);
  const shares = renormaliseWeights(weights, algorithms);
  const totals = totalScratch.borrow(productCount);
  const isNamed = namedScratch.borrow(productCount);
  const packed = lists.map((list) => pack(list, shares[list.algorithm]!));
  for (const list of packed) addScores(totals, isNamed, list);
  for (let product = 0; product < productCount; product++)
    totals[product]! += unlessNamed[isNamed[product]!]!;
  const turn = ++turns;
  const explainAll = (products: readonly number[]): FusedTerms[] => {
    invariant(turn === turns, "a fusion is explained before the next one begins");
    const positions = findPositions(packed, products, productCount);
    return products.map((_, row) => explainTerms(packed, positions, row));
  };
  return { algorithms, totals, explainAll, explain: (product) => explainAll([product])[0]! };
}

/** A list in arrays of one kind each, so that the sums over thousands of products are made without asking which. */
interface PackedList {
  readonly list: ScoredCandidates;
  readonly share: number;
  readonly products: Int32Array;
  readonly scores: Float64Array;
}

function pack(list: ScoredCandidates, share: number): PackedList {
  const { products, scores } = list;
  return {
    list,
    share,
    products: products instanceof Int32Array ? products : Int32Array.from(products),
    scores: scores instanceof Float64Array ? scores : Float64Array.from(scores),
  };
}

/** Added to the sum of a product that no list names, and of one that is: a processor guesses wrong who is which. */
const unlessNamed = Float64Array.of(-Infinity, 0);

function addScores(totals: Float64Array, isNamed: Uint8Array, { share, products, scores }: PackedList): void {
  for (let i = 0; i < products.length; i++) {
    const product = products[i]!;
    totals[product]! += share * scores[i]!;
    isNamed[product] = 1;
  }
}

/** Where each list names each product: list by list and in it row by row, -1 where it does not. */
function findPositions(
  lists: readonly PackedList[],
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

function explainTerms(lists: readonly PackedList[], positions: Int32Array, row: number): FusedTerms {
  const rowCount = positions.length / lists.length;
  const terms: { contribution: Contribution; list: ScoredCandidates; position: number }[] = [];
  for (let at = 0; at < lists.length; at++) {
    const position = positions[at * rowCount + row]!;
    if (position < 0) continue;
    const { list, share, scores } = lists[at]!;
    const score = scores[position]!;
    const contribution: Contribution = {
      algorithm: list.algorithm,
      reason: list.reason,
      weight: share,
      score,
      confidence: list.confidences[position]!,
      contribution: share * score,
    };
    terms.push({ contribution, list, position });
  }
  invariant(terms.length > 0, "a product that no algorithm named has no explanation");
  terms.sort((a, b) => b.contribution.contribution - a.contribution.contribution);
  const contributions = terms.map((term) => term.contribution);
  return {
    contributions,
    confidence: contributions.reduce((sum, term) => sum + term.confidence, 0) / contributions.length,
    reason: contributions[0]!.reason,
    reasons: [...new Set(contributions.map((term) => term.reason))],
    metadata: terms[0]!.list.facts?.(terms[0]!.position) ?? {},
  };
}
