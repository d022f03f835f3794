import type { Transaction } from "@almanac/db";
import { adviceSettings, stallPlans } from "@almanac/db/schema";
import type { World } from "../core/model.ts";

/** What Fern means to bring of her basil: for the coming market day as much as for a feast, for the one after nearly none. */
const plannedBunches = [36, 4];

/** How the farmer of the journey wants to be advised: crates of 2 kg or twelve pieces, eighty of them in the van. */
export async function insertAdviceSettings(tx: Transaction, world: World): Promise<void> {
  const hollowOak = world.farms.find(({ seed }) => seed.slug === "hollow-oak");
  if (!hollowOak) return;
  await tx.insert(adviceSettings).values({
    farmId: hollowOak.id,
    crateGrams: 2_000,
    cratePieces: 12,
    vanCrates: 80,
    updatedAt: world.now,
  });
}

/** What another farmer has planned by habit: too much for one market day and too little for the next. */
export async function insertStallPlans(tx: Transaction, world: World): Promise<void> {
  const basil = world.products.find(({ name, farm }) => name === "Basil" && farm.seed.slug === "fern-bank");
  if (!basil) return;
  const coming = world.marketDays.filter(
    ({ market, closesAt }) => market === basil.farm.market && closesAt > world.now,
  );
  await tx.insert(stallPlans).values(
    plannedBunches.map((bunches, at) => ({
      farmId: basil.farm.id,
      productId: basil.id,
      marketId: basil.farm.market.id,
      marketDay: coming[at]!.day,
      quantityBase: bunches * basil.food.sale.unitQuantityBase,
      updatedAt: world.now,
    })),
  );
}
