import type { ShopperFacts } from "./shopper-facts.ts";

/** How much each factor counts; they sum to 1. */
export interface EngagementWeights {
  readonly recency: number;
  readonly frequency: number;
  readonly depth: number;
  readonly monetary: number;
  readonly social: number;
}

export const engagementWeights: EngagementWeights = {
  recency: 0.35,
  frequency: 0.25,
  depth: 0.2,
  monetary: 0.1,
  social: 0.1,
};

/** Where a factor is full, or half for recency. */
export const engagementScales = {
  recencyHalfLifeDays: 14,
  fullVisits28: 8,
  fullPagesPerVisit: 10,
  fullSpend90Cents: 20_000,
  fullSocial90: 5,
};

/** The five factors of engagement, each 0 to 1: recency halves every 14 days, the others rise in a line until they are full. */
export function engagementFactors(facts: ShopperFacts): EngagementWeights {
  const { daysSinceVisit } = facts;
  const scales = engagementScales;
  return {
    recency:
      daysSinceVisit === undefined ? 0 : 0.5 ** (Math.max(0, daysSinceVisit) / scales.recencyHalfLifeDays),
    frequency: filled(facts.visits28, scales.fullVisits28),
    depth: filled(facts.pagesPerVisit, scales.fullPagesPerVisit),
    monetary: filled(facts.spend90Cents, scales.fullSpend90Cents),
    social: filled(facts.social90, scales.fullSocial90),
  };
}

/**
 * Engagement, 0 to 1 with four digits: the weighted mean of the factors.
 *
 * @throws RangeError when the weights do not sum to 1
 */
export function engagementScore(facts: ShopperFacts, weights = engagementWeights): number {
  const sum = Object.values(weights).reduce((total, weight) => total + weight, 0);
  if (Math.abs(sum - 1) > 1e-9) throw new RangeError(`The weights of engagement sum to ${sum}, not to 1.`);
  const factors = engagementFactors(facts);
  const score =
    weights.recency * factors.recency +
    weights.frequency * factors.frequency +
    weights.depth * factors.depth +
    weights.monetary * factors.monetary +
    weights.social * factors.social;
  return Math.round(score * 10_000) / 10_000;
}

const filled = (value: number, full: number): number => Math.min(1, Math.max(0, value) / full);
