import type { RecsysSnapshot } from "./snapshot.ts";
import type { ScoredCandidates } from "./types.ts";

/** What two products have in common; the bonuses of the brief. */
export interface ContentMatch {
  readonly sameCategory: boolean;
  readonly sameFarm: boolean;
  readonly priceWithin20: boolean;
  readonly organicEqual: boolean;
}

/** .4 same category + .3 same farm + .2 unit price within 20 % + .1 organic equal, in tenths to stay exact. */
export function contentScore(match: ContentMatch): number {
  const tenths =
    (match.sameCategory ? 4 : 0) +
    (match.sameFarm ? 3 : 0) +
    (match.priceWithin20 ? 2 : 0) +
    (match.organicEqual ? 1 : 0);
  return tenths / 10;
}

/** Integer cents, so that 3.00 and 3.60 are within 20 %: the float quotient says 0.20000000000000004. */
export function isPriceWithin(seedCents: number, otherCents: number, percent: number): boolean {
  return Math.abs(otherCents - seedCents) * 100 <= percent * seedCents;
}

/**
 * Products like the seeds. First the pool: the same category or the same farm, sold by the same unit, unit price within
 * 30 %. Then the bonuses. With several seeds a product keeps its best score. The seeds themselves are left out.
 *
 * @returns `undefined` without a seed
 */
export function contentCandidates(
  snapshot: RecsysSnapshot,
  seeds: readonly number[],
): ScoredCandidates | undefined {
  if (seeds.length === 0) return undefined;
  const { columns } = snapshot;
  const best = new Map<number, { score: number; seed: number }>();
  for (const seed of seeds) {
    const consider = (product: number): void => {
      if (seeds.includes(product) || columns.unit[product] !== columns.unit[seed]) return;
      const seedCents = columns.unitPriceCents[seed]!;
      const cents = columns.unitPriceCents[product]!;
      if (!isPriceWithin(seedCents, cents, 30)) return;
      const score = contentScore({
        sameCategory: columns.category[product] === columns.category[seed],
        sameFarm: columns.farm[product] === columns.farm[seed],
        priceWithin20: isPriceWithin(seedCents, cents, 20),
        organicEqual: columns.organic[product] === columns.organic[seed],
      });
      const known = best.get(product);
      if (known === undefined || score > known.score) best.set(product, { score, seed });
    };
    snapshot.productsByCategory[columns.category[seed]!]!.forEach(consider);
    snapshot.productsByFarm[columns.farm[seed]!]!.forEach(consider);
  }
  const products = [...best.keys()];
  return {
    algorithm: "content_based",
    reason: "SIMILAR_PRODUCTS",
    products,
    scores: Float64Array.from(best.values(), (match) => match.score),
    // All four attributes are known facts of both products.
    confidences: new Float64Array(products.length).fill(1),
    facts: (position) => ({ seedProductId: snapshot.productIds[best.get(products[position]!)!.seed]! }),
  };
}
