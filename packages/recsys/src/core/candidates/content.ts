import { sameForAll } from "./same-for-all.ts";
import { byteScratch, floatScratch, intScratch, shortScratch } from "../scores/scratch.ts";
import type { RecsysSnapshot } from "../snapshot/snapshot.ts";
import type { ScoredCandidates } from "../types.ts";

/** What two products have in common; the bonuses of the brief. */
export interface ContentMatch {
  readonly sameCategory: boolean;
  readonly sameFarm: boolean;
  readonly priceWithin20: boolean;
  readonly organicEqual: boolean;
}

/** .4 same category + .3 same farm + .2 unit price within 20 % + .1 organic equal, in tenths to stay exact. */
export function contentScore(match: ContentMatch): number {
  const { sameCategory, sameFarm, priceWithin20, organicEqual } = match;
  return contentTenths(sameCategory, sameFarm, priceWithin20, organicEqual) / 10;
}

/** Of four answers and not of an object of them, as it is asked about thousands of products. */
function contentTenths(
  sameCategory: boolean,
  sameFarm: boolean,
  priceWithin20: boolean,
  organicEqual: boolean,
): number {
  return (sameCategory ? 4 : 0) + (sameFarm ? 3 : 0) + (priceWithin20 ? 2 : 0) + (organicEqual ? 1 : 0);
}

/** Integer cents, so that 3.00 and 3.60 are within 20 %: the float quotient says 0.20000000000000004. */
export function isPriceWithin(seedCents: number, otherCents: number, percent: number): boolean {
  return Math.abs(otherCents - seedCents) <= centsWithin(seedCents, percent);
}

/** How far another price may be to be within so many per cent. */
function centsWithin(seedCents: number, percent: number): number {
  return Math.floor((percent * seedCents) / 100);
}

const tenthsScratch = byteScratch();
const seedScratch = shortScratch();
const listScratch = intScratch();
const seedOfScratch = shortScratch();
const scoreScratch = floatScratch();

/**
 * Products like the seeds. First the pool: the same category or the same farm, sold by the same unit, unit price within
 * 30 %. Then the bonuses. With several seeds a product keeps its best score. The seeds themselves are left out.
 *
 * The list holds until the next one is made: it is fused at once.
 *
 * @returns `undefined` without a seed
 */
export function contentCandidates(
  snapshot: RecsysSnapshot,
  seeds: readonly number[],
): ScoredCandidates | undefined {
  if (seeds.length === 0) return undefined;
  const { columns } = snapshot;
  const { unit, unitPriceCents, category, farm, organic } = columns;
  const count = snapshot.productIds.length;
  // The best score of each product in tenths, 0 for one that is no candidate yet, and which seed gave it.
  const bestTenths = tenthsScratch.borrow(count);
  const bestSeed = seedScratch.borrowAsIs(count);
  const listed = listScratch.borrowAsIs(count);
  let found = 0;
  for (let at = 0; at < seeds.length; at++) {
    const seed = seeds[at]!;
    const seedCents = unitPriceCents[seed]!;
    const seedUnit = unit[seed]!;
    const seedCategory = category[seed]!;
    const seedFarm = farm[seed]!;
    const seedOrganic = organic[seed]!;
    const farthest = centsWithin(seedCents, 30);
    const near = centsWithin(seedCents, 20);
    for (const alike of [snapshot.productsByCategory[seedCategory]!, snapshot.productsByFarm[seedFarm]!])
      for (let i = 0; i < alike.length; i++) {
        const product = alike[i]!;
        const apart = Math.abs(unitPriceCents[product]! - seedCents);
        if (apart > farthest || unit[product] !== seedUnit) continue;
        const tenths = contentTenths(
          category[product] === seedCategory,
          farm[product] === seedFarm,
          apart <= near,
          organic[product] === seedOrganic,
        );
        const before = bestTenths[product]!;
        if (tenths <= before) continue;
        // Same category or farm: never 0, so 0 is a product that no seed has named.
        if (before === 0) {
          if (seeds.includes(product)) continue;
          listed[found++] = product;
        }
        bestTenths[product] = tenths;
        bestSeed[product] = at;
      }
  }
  const products = listed.subarray(0, found);
  const seedOf = seedOfScratch.borrowAsIs(count);
  const scores = scoreScratch.borrowAsIs(count).subarray(0, found);
  for (let at = 0; at < found; at++) {
    seedOf[at] = bestSeed[products[at]!]!;
    scores[at] = bestTenths[products[at]!]! / 10;
  }
  return {
    algorithm: "content_based",
    reason: "SIMILAR_PRODUCTS",
    products,
    scores,
    // All four attributes are known facts of both products.
    confidences: sameForAll(1, found),
    facts: (position) => ({ seedProductId: snapshot.productIds[seeds[seedOf[position]!]!]! }),
  };
}
