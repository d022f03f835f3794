import type { Transaction } from "@almanac/db";
import { adviceSettings } from "@almanac/db/schema";
import type { World } from "../core/model.ts";

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
