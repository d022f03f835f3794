import { csrRow } from "./csr.ts";
import { isOwnedAndNotDue } from "./history.ts";
import type { RecsysSnapshot } from "./snapshot.ts";
import { topK } from "./top-k.ts";
import type { ScoredCandidates } from "./types.ts";

export interface CollaborativeOptions {
  /** Most alike shoppers that are asked. */
  readonly maxNeighbours?: number;
  readonly day: number;
}

/** Similar users who bought it, over all similar users: 3 of 8 give 0.375. */
export function collaborativeScore(boughtBy: number, similarShoppers: number): number {
  return boughtBy / similarShoppers;
}

/** Ten similar users are as good as certain: min(n / 10, 1). */
export function collaborativeConfidence(similarShoppers: number): number {
  return Math.min(similarShoppers / 10, 1);
}

/** Buyers read of one product: past a thousand, an even sample finds the same neighbours. */
const maxBuyersRead = 1_000;
/** Below this many shared products two shoppers with longer histories met by chance. */
const minShared = 2;

/**
 * User-neighbour collaborative filtering: those who bought what this shopper bought, and what else they bought.
 *
 * Similarity is the cosine over products weighted by ln(shoppers / buyers), so that sharing eggs means little. Products
 * the shopper owns come back only when they are due again. `undefined` when nobody is alike: the algorithm did not run.
 */
export function collaborativeCandidates(
  snapshot: RecsysSnapshot,
  shopperId: string | undefined,
  purchases: ReadonlyMap<number, number>,
  options: CollaborativeOptions,
): ScoredCandidates | undefined {
  const own = shopperId === undefined ? undefined : snapshot.shopperIndex.get(shopperId);
  const neighbours = findNeighbours(snapshot, own, purchases, options.maxNeighbours ?? 50);
  if (neighbours.length === 0) return undefined;
  const boughtBy = new Int32Array(snapshot.productIds.length);
  const products: number[] = [];
  for (const neighbour of neighbours)
    for (const product of csrRow(snapshot.shopperProducts, neighbour)) {
      if (boughtBy[product]!++ > 0) continue;
      if (!isOwnedAndNotDue(snapshot, purchases, product, options.day)) products.push(product);
    }
  const similar = neighbours.length;
  return {
    algorithm: "collaborative_filtering",
    reason: "COLLABORATIVE",
    products,
    scores: Float64Array.from(products, (product) => collaborativeScore(boughtBy[product]!, similar)),
    confidences: new Float64Array(products.length).fill(collaborativeConfidence(similar)),
    facts: (position) => ({ boughtBy: boughtBy[products[position]!]!, similarShoppers: similar }),
  };
}

function findNeighbours(
  snapshot: RecsysSnapshot,
  own: number | undefined,
  purchases: ReadonlyMap<number, number>,
  count: number,
): number[] {
  const shopperCount = snapshot.shopperIds.length;
  const overlap = new Float64Array(shopperCount);
  const shared = new Int32Array(shopperCount);
  let known = 0;
  for (const product of purchases.keys()) {
    const buyers = csrRow(snapshot.productBuyers, product);
    if (buyers.length === 0) continue;
    known++;
    // One more than the ratio, so that a product everybody bought still counts a little.
    const weight = Math.log1p(shopperCount / buyers.length);
    const step = Math.ceil(buyers.length / maxBuyersRead);
    for (let i = 0; i < buyers.length; i += step) {
      overlap[buyers[i]!]! += weight;
      shared[buyers[i]!]!++;
    }
  }
  const required = Math.min(minShared, known);
  const { offsets } = snapshot.shopperProducts;
  for (let shopper = 0; shopper < shopperCount; shopper++) {
    if (shopper === own || shared[shopper]! < Math.max(1, required)) overlap[shopper] = -Infinity;
    else overlap[shopper]! /= Math.sqrt(offsets[shopper + 1]! - offsets[shopper]!);
  }
  return topK(overlap, count);
}
