import { byteScratch, intScratch, shortScratch } from "./scratch.ts";
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
  return contentTenths(match) / 10;
}

function contentTenths(match: ContentMatch): number {
  return (
    (match.sameCategory ? 4 : 0) +
    (match.sameFarm ? 3 : 0) +
    (match.priceWithin20 ? 2 : 0) +
    (match.organicEqual ? 1 : 0)
  );
}

/** Integer cents, so that 3.00 and 3.60 are within 20 %: the float quotient says 0.20000000000000004. */
export function isPriceWithin(seedCents: number, otherCents: number, percent: number): boolean {
  return Math.abs(otherCents - seedCents) * 100 <= percent * seedCents;
}

const tenthsScratch = byteScratch();
const seedScratch = shortScratch();
const listScratch = intScratch();

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
  const count = snapshot.productIds.length;
  // The best score of each product in tenths, 0 for one that is no candidate yet, and which seed gave it.
  const bestTenths = tenthsScratch.borrow(count);
  const bestSeed = seedScratch.borrow(count);
  const listed = listScratch.borrow(count);
  let found = 0;
  for (const [at, seed] of seeds.entries()) {
    const seedCents = columns.unitPriceCents[seed]!;
    const consider = (product: number): void => {
      if (columns.unit[product] !== columns.unit[seed] || seeds.includes(product)) return;
      const cents = columns.unitPriceCents[product]!;
      if (!isPriceWithin(seedCents, cents, 30)) return;
      const tenths = contentTenths({
        sameCategory: columns.category[product] === columns.category[seed],
        sameFarm: columns.farm[product] === columns.farm[seed],
        priceWithin20: isPriceWithin(seedCents, cents, 20),
        organicEqual: columns.organic[product] === columns.organic[seed],
      });
      // Same category or farm: never 0.
      if (bestTenths[product] === 0) listed[found++] = product;
      if (tenths <= bestTenths[product]!) return;
      bestTenths[product] = tenths;
      bestSeed[product] = at;
    };
    for (const product of snapshot.productsByCategory[columns.category[seed]!]!) consider(product);
    for (const product of snapshot.productsByFarm[columns.farm[seed]!]!) consider(product);
  }
  const products = listed.slice(0, found);
  const seedOf = Uint16Array.from(products, (product) => bestSeed[product]!);
  const scores = new Float64Array(found);
  for (let at = 0; at < found; at++) scores[at] = bestTenths[products[at]!]! / 10;
  return {
    algorithm: "content_based",
    reason: "SIMILAR_PRODUCTS",
    products,
    scores,
    // All four attributes are known facts of both products.
    confidences: new Float64Array(found).fill(1),
    facts: (position) => ({ seedProductId: snapshot.productIds[seeds[seedOf[position]!]!]! }),
  };
}
