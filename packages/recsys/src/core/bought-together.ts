import { invariant } from "@almanac/kernel";
import type { RecsysSnapshot } from "./snapshot.ts";

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
  /** What partners are ordered by; no scale. */
  readonly strength: number;
}

/** Shared baskets below which a pair is chance. */
export const minTogetherSupport = 3;
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
 * Normalised pointwise mutual information of the shrunk conditional, -1..1: 0 without relation, so a staple that is in
 * every basket ranks below basil however often it is seen. Bouma (2009), "Normalized (pointwise) mutual information".
 */
export function togetherStrength(
  coOccurrences: number,
  sourceOrders: number,
  targetOrders: number,
  totalOrders: number,
): number {
  const both = coOccurrences / totalOrders;
  if (both >= 1) return 0;
  const lift =
    shrunkConditional(coOccurrences, sourceOrders, targetOrders, totalOrders) / (targetOrders / totalOrders);
  return Math.log(lift) / -Math.log(both);
}

/**
 * The partners of one product that were bought with it more often than chance, strongest first. Shared baskets placed
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
      strength: togetherStrength(coOccurrences, sourceOrders, targetOrders, total),
    });
  }
  return partners.sort((a, b) => b.strength - a.strength || b.score - a.score || a.product - b.product);
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
