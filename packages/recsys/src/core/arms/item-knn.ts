import type { ShopperHistory } from "../candidates/history.ts";
import { isOwnedAndNotDue } from "../candidates/history.ts";
import type { RecsysSnapshot } from "../snapshot/snapshot.ts";
import type { ScoredCandidates } from "../types.ts";
import { eachNeighbour } from "./neighbours.ts";

/** Days after which something bought, or looked at, says half as much about what is wanted next. */
const halfLifeDays = { purchase: 60, touched: 14 } as const;
/** What was looked at or wished for counts this much of a purchase. */
const touchedWeight = 0.5;

/**
 * Products that are bought by those who bought what this shopper bought: similarities summed over the history, each
 * weighted by its age, scaled so that the best has 1. What they own comes back only when it is due.
 *
 * @returns `undefined` without a history or without a neighbour
 */
export function neighbourCandidates(
  snapshot: RecsysSnapshot,
  history: ShopperHistory,
  day: number,
): ScoredCandidates | undefined {
  const weights = new Map<number, number>();
  for (const [product, lastDay] of history.purchases)
    weights.set(product, 2 ** (-Math.max(0, day - lastDay) / halfLifeDays.purchase));
  history.seeds.forEach((product, at) => {
    const weight = touchedWeight * 2 ** -at;
    weights.set(product, Math.max(weight, weights.get(product) ?? 0));
  });
  const totals = new Float64Array(snapshot.productIds.length);
  const bestSeed = new Map<number, { seed: number; by: number }>();
  for (const [seed, weight] of weights)
    eachNeighbour(snapshot.neighbours, seed, (product, similarity) => {
      const by = weight * similarity;
      totals[product]! += by;
      if (by > (bestSeed.get(product)?.by ?? 0)) bestSeed.set(product, { seed, by });
    });
  const products = [...bestSeed.keys()].filter(
    (product) => !isOwnedAndNotDue(snapshot, history.purchases, product, day),
  );
  if (products.length === 0) return undefined;
  const highest = products.reduce((most, product) => Math.max(most, totals[product]!), 0);
  return {
    algorithm: "collaborative_filtering",
    reason: "COLLABORATIVE",
    products,
    scores: Float64Array.from(products, (product) => totals[product]! / highest),
    confidences: new Float64Array(products.length).fill(Math.min(weights.size / 10, 1)),
    facts: (position) => ({
      nearestProductId: snapshot.productIds[bestSeed.get(products[position]!)!.seed]!,
    }),
  };
}
