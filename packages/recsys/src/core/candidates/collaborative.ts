import { isOwnedAndNotDue } from "./history.ts";
import type { DaysByProduct } from "./product-days.ts";
import { floatScratch, intScratch, shortScratch } from "../scores/scratch.ts";
import type { RecsysSnapshot } from "../snapshot/snapshot.ts";
import { sameForAll } from "./same-for-all.ts";
import { topK } from "../scores/top-k.ts";
import type { ScoredCandidates } from "../types.ts";

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
const countScratch = shortScratch();
const listScratch = intScratch();
const boughtByScratch = shortScratch();
const scoreScratch = floatScratch();
const overlapScratch = floatScratch();
const sharedScratch = shortScratch();

/** Far above what neighbours can count; what has it is never counted from 0. */
const ownedMark = 2 ** 15;
/** Below this many shared products two shoppers with longer histories met by chance. */
const minShared = 2;

/**
 * User-neighbour collaborative filtering: those who bought what this shopper bought, and what else they bought.
 *
 * Similarity is the cosine over products weighted by ln(shoppers / buyers), so that sharing eggs means little. Products
 * the shopper owns come back only when they are due again. `undefined` when nobody is alike: the algorithm did not run.
 *
 * The list holds until the next one is made: it is fused at once.
 */
export function collaborativeCandidates(
  snapshot: RecsysSnapshot,
  shopperId: string | undefined,
  purchases: DaysByProduct,
  options: CollaborativeOptions,
): ScoredCandidates | undefined {
  const own = shopperId === undefined ? undefined : snapshot.shopperIndex.get(shopperId);
  const neighbours = rememberedNeighbours(snapshot, own, purchases, options.maxNeighbours ?? 50);
  if (neighbours.length === 0) return undefined;
  const { productIds, shopperProducts } = snapshot;
  const counts = countScratch.borrow(productIds.length);
  // What may not come back is marked beforehand, so that each of some thousand products costs one look at an array.
  for (const product of purchases.keys())
    if (isOwnedAndNotDue(snapshot, purchases, product, options.day)) counts[product] = ownedMark;
  const listed = listScratch.borrowAsIs(productIds.length + 1);
  let count = 0;
  const { offsets, values } = shopperProducts;
  for (const neighbour of neighbours) {
    const end = offsets[neighbour + 1]!;
    for (let at = offsets[neighbour]!; at < end; at++) {
      const product = values[at]!;
      const before = counts[product]!++;
      // The place is kept when the count was 0, which sums find sooner than a processor that guesses.
      listed[count] = product;
      count += (before - 1) >>> 31;
    }
  }
  const products = listed.subarray(0, count);
  const boughtBy = boughtByScratch.borrowAsIs(productIds.length);
  const scores = scoreScratch.borrowAsIs(productIds.length).subarray(0, count);
  const similar = neighbours.length;
  for (let at = 0; at < count; at++) {
    const buyers = counts[products[at]!]!;
    boughtBy[at] = buyers;
    scores[at] = collaborativeScore(buyers, similar);
  }
  return {
    algorithm: "collaborative_filtering",
    reason: "COLLABORATIVE",
    products,
    scores,
    confidences: sameForAll(collaborativeConfidence(similar), count),
    facts: (position) => ({ boughtBy: boughtBy[position]!, similarShoppers: similar }),
  };
}

/** Those whom a shopper of a snapshot is like, and from which products that was found out. */
interface KnownNeighbours {
  readonly bought: string;
  readonly neighbours: readonly number[];
}

const known = new WeakMap<RecsysSnapshot, Map<string, KnownNeighbours>>();
/** About 300 bytes each. */
const mostKnown = 20_000;

/** Found again when the shopper has bought something new; gone with the snapshot, whose buyers do not change. */
function rememberedNeighbours(
  snapshot: RecsysSnapshot,
  own: number | undefined,
  purchases: DaysByProduct,
  count: number,
): readonly number[] {
  if (own === undefined) return findNeighbours(snapshot, own, purchases, count);
  let ofSnapshot = known.get(snapshot);
  if (ofSnapshot === undefined) known.set(snapshot, (ofSnapshot = new Map()));
  const key = `${own}/${count}`;
  const bought = fingerprint(purchases);
  const remembered = ofSnapshot.get(key);
  if (remembered?.bought === bought) return remembered.neighbours;
  const neighbours = findNeighbours(snapshot, own, purchases, count);
  if (ofSnapshot.size >= mostKnown) ofSnapshot.clear();
  ofSnapshot.set(key, { bought, neighbours });
  return neighbours;
}

/** Of a set of products in any order: how many, and two sums that hardly ever agree by chance. */
function fingerprint(purchases: DaysByProduct): string {
  let sum = 0;
  let mixed = 0;
  for (const product of purchases.keys()) {
    sum += product;
    mixed = (mixed + Math.imul(product + 1, 0x9e3779b1) * (product + 1)) | 0;
  }
  return `${purchases.size}/${sum}/${mixed}`;
}

function findNeighbours(
  snapshot: RecsysSnapshot,
  own: number | undefined,
  purchases: DaysByProduct,
  count: number,
): number[] {
  const shopperCount = snapshot.shopperIds.length;
  const overlap = overlapScratch.borrow(shopperCount);
  const shared = sharedScratch.borrow(shopperCount);
  const { offsets, values } = snapshot.productBuyers;
  let known = 0;
  for (const product of purchases.keys()) {
    const start = offsets[product] ?? 0;
    const end = offsets[product + 1] ?? start;
    if (end <= start) continue;
    known++;
    // One more than the ratio, so that a product everybody bought still counts a little.
    const weight = Math.log1p(shopperCount / (end - start));
    const step = Math.ceil((end - start) / maxBuyersRead);
    for (let at = start; at < end; at += step) {
      const buyer = values[at]!;
      overlap[buyer]! += weight;
      shared[buyer]!++;
    }
  }
  const required = Math.max(1, Math.min(minShared, known));
  const owned = snapshot.shopperProducts.offsets;
  for (let shopper = 0; shopper < shopperCount; shopper++) {
    if (shared[shopper]! < required) overlap[shopper] = -Infinity;
    else overlap[shopper]! /= Math.sqrt(owned[shopper + 1]! - owned[shopper]!);
  }
  if (own !== undefined) overlap[own] = -Infinity;
  return topK(overlap, count);
}
