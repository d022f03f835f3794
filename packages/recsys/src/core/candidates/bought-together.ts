import { invariant } from "@almanac/kernel";
import type { RecsysSnapshot } from "../snapshot/snapshot.ts";

/** How two products relate over all baskets. */
export interface TogetherStats {
  /** Baskets with both. */
  readonly coOccurrences: number;
  readonly totalOrders: number;
  /** Baskets with the source product. */
  readonly sourceOrders: number;
  /** P(B|A) / P(B): 1 means no relation. */
  readonly lift: number;
}

export interface TogetherPartner extends TogetherStats {
  readonly product: number;
  /** P(B|A), unshrunk: 45 of 58 shows .776. */
  readonly score: number;
  readonly confidence: number;
  /** P(B|A) shrunk towards P(B), 0..1: what partners are ordered by. */
  readonly strength: number;
}

/** Shared baskets below which a pair is chance. */
export const minTogetherSupport = 3;
/**
 * Below this lift two products meet because one of them, or the basket, is large; such partners come last. On a year of
 * real receipts floor and shrunk P(B|A) hit twice as often as normalised pointwise mutual information, which puts pairs
 * of three receipts first, and unlike P(B|A) alone do not end in milk everywhere: docs/benches/bought-together.md.
 */
export const liftFloor = 1.2;
/** Baskets of belief in "no relation" that each pair starts with. */
const shrinkageBaskets = 10;

/** min(shared baskets / 50, 1). */
export function togetherConfidence(coOccurrences: number): number {
  return Math.min(coOccurrences / 50, 1);
}

/** P(B|A) pulled towards P(B) as if ten more baskets with A had shown no relation. */
export function shrunkConditional(
  coOccurrences: number,
  sourceOrders: number,
  targetOrders: number,
  totalOrders: number,
): number {
  return (
    (coOccurrences + (shrinkageBaskets * targetOrders) / totalOrders) / (sourceOrders + shrinkageBaskets)
  );
}

/**
 * The partners of one product: first those bought with it clearly more often than chance, by shrunk P(B|A), then the
 * others likewise. So a staple that is in every basket (lift 1) stays below basil however often it is seen. Shared baskets placed
 * since the build are counted for pairs already among its partners, and for new pairs once they reach the support.
 */
export function togetherPartners(snapshot: RecsysSnapshot, source: number): TogetherPartner[] {
  const counts = sharedBaskets(snapshot, source);
  const total = snapshot.basketTotal;
  const sourceOrders = snapshot.columns.basketCount[source]!;
  const partners: TogetherPartner[] = [];
  for (const [product, coOccurrences] of counts) {
    if (coOccurrences < minTogetherSupport) continue;
    const targetOrders = snapshot.columns.basketCount[product]!;
    invariant(
      coOccurrences <= Math.min(sourceOrders, targetOrders),
      "a pair is in more baskets than a product",
    );
    partners.push({
      product,
      coOccurrences,
      totalOrders: total,
      sourceOrders,
      lift: (coOccurrences * total) / (sourceOrders * targetOrders),
      score: coOccurrences / sourceOrders,
      confidence: togetherConfidence(coOccurrences),
      strength: shrunkConditional(coOccurrences, sourceOrders, targetOrders, total),
    });
  }
  const isRelated = (partner: TogetherPartner): number => (partner.lift >= liftFloor ? 1 : 0);
  return partners.sort(
    (a, b) =>
      isRelated(b) - isRelated(a) || b.strength - a.strength || b.lift - a.lift || a.product - b.product,
  );
}

function sharedBaskets(snapshot: RecsysSnapshot, source: number): Map<number, number> {
  const { partners, counts } = snapshot.coOccurrence;
  const shared = new Map<number, number>();
  if (source + 1 < partners.offsets.length)
    for (let i = partners.offsets[source]!; i < partners.offsets[source + 1]!; i++)
      shared.set(partners.values[i]!, counts[i]!);
  for (const [product, count] of snapshot.overlay.together.get(source) ?? [])
    shared.set(product, (shared.get(product) ?? 0) + count);
  return shared;
}
