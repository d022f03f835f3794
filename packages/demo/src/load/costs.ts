import { insertMany, type Transaction } from "@almanac/db";
import { productCosts } from "@almanac/db/schema";
import { seededRng } from "@almanac/kernel";
import type { World, WorldProduct } from "../core/model.ts";

/**
 * What the farms of the demo have written down of their costs. One product in nine has none yet, and one in ten earns less than
 * its farm wants.
 */
export async function insertCosts(tx: Transaction, world: World): Promise<void> {
  await insertMany(
    tx,
    productCosts,
    world.products.flatMap((product) => {
      const cost = costOf(product, world.seed);
      return cost
        ? [{ productId: product.id, farmId: product.farm.id, ...cost, updatedAt: product.listedAt }]
        : [];
    }),
  );
}

function costOf({ name, slug, farm, priceCents, food }: WorldProduct, seed: number) {
  const perBase = food.sale.pricePer;
  // The tomato of the farmer's journey.
  if (name === "Heirloom tomatoes" && farm.seed.slug === "hollow-oak")
    return { costCents: 190, perBase, marginBasisPoints: 2_500, salvageCents: 40 };
  // Picked one by one, which Tomas reckoned only this summer: each punnet is sold for less than it costs.
  if (name === "Golden cherry tomatoes" && farm.seed.slug === "hollow-oak")
    return { costCents: priceCents + 45, perBase, marginBasisPoints: 2_500, salvageCents: 0 };
  const draws = seededRng(`${seed}/cost/${slug}`);
  if (draws.next() < 1 / 9) return undefined;
  const share = draws.next() < 0.1 ? 0.83 : 0.32 + 0.24 * draws.next();
  return {
    costCents: Math.round(priceCents * share),
    perBase,
    marginBasisPoints: 2_500,
    salvageCents: Math.round(priceCents * 0.08),
  };
}
