import { and, eq, isNull, type SQL } from "drizzle-orm";
import type { Queryable } from "@almanac/db";
import { harvestWindows } from "@almanac/db/schema";
import { newId, type FarmId, type Id, type ProductId } from "@almanac/kernel";
import type { HarvestDays, HarvestKind, HarvestRow } from "../core/harvest.ts";
import { orAbsent } from "./sql.ts";

/** Every harvest row: a few thousand at most, read whole because any product may fall back to any level. */
export async function listHarvestRows(db: Queryable): Promise<HarvestRow[]> {
  const rows = await db.select().from(harvestWindows);
  return rows.map((row) => ({ ...row, farmId: orAbsent(row.farmId), productId: orAbsent(row.productId) }));
}

/** What a set of harvest rows applies to. */
export type HarvestTarget =
  | { readonly scope: "product"; readonly productId: ProductId; readonly crop: string }
  | { readonly scope: "farm"; readonly farmId: FarmId; readonly crop: string }
  | { readonly scope: "region"; readonly region: string; readonly crop: string };

/** Replaces all rows of one target; an empty list takes it back to the next level. */
export async function replaceHarvest(
  tx: Queryable,
  target: HarvestTarget,
  harvest: { kind: HarvestKind; windows: readonly HarvestDays[] },
  at: Date,
): Promise<void> {
  await tx.delete(harvestWindows).where(rowsOf(target));
  if (harvest.windows.length === 0) return;
  await tx.insert(harvestWindows).values(
    harvest.windows.map((window) => ({
      id: newId<Id<"harvest-window">>(at.getTime()),
      crop: target.crop,
      region: target.scope === "region" ? target.region : "",
      farmId: target.scope === "farm" ? target.farmId : null,
      productId: target.scope === "product" ? target.productId : null,
      kind: harvest.kind,
      ...window,
      updatedAt: at,
    })),
  );
}

function rowsOf(target: HarvestTarget): SQL | undefined {
  const { farmId, productId, crop, region } = harvestWindows;
  switch (target.scope) {
    case "product":
      return eq(productId, target.productId);
    case "farm":
      return and(isNull(productId), eq(farmId, target.farmId), eq(crop, target.crop));
    case "region":
      return and(isNull(productId), isNull(farmId), eq(region, target.region), eq(crop, target.crop));
  }
}
