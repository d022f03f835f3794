import type { Transaction } from "@almanac/db";
import { publishFact } from "@almanac/events";
import { assertHarvestDays, type HarvestDays, type HarvestKind } from "../core/harvest.ts";
import { replaceHarvest, type HarvestTarget } from "../store/harvest-windows.ts";
import type { Act } from "./act.ts";
import { changeProduct } from "./products.ts";

const wholeYear: HarvestDays = { firstDay: "01-01", peakStart: "01-01", peakEnd: "12-31", lastDay: "12-31" };

/**
 * Says when a product, a farm's crop or a region's crop is harvested, in place of what was said before. No windows takes
 * it back to the next level, but for what grows all year, which has no windows to name.
 *
 * @throws AppError `input_invalid` for days that do not follow each other
 */
export async function setHarvest(
  tx: Transaction,
  target: HarvestTarget,
  { kind, windows }: { kind: HarvestKind; windows: readonly HarvestDays[] },
  act: Act,
): Promise<void> {
  for (const window of windows) assertHarvestDays(window);
  const saved = kind === "year_round" ? [wholeYear] : windows;
  await replaceHarvest(tx, target, { kind, windows: saved }, act.now);
  await tellHarvest(tx, target, act);
}

/** Takes a product or crop back to the next level: its farm's, its region's, the crop's own. */
export async function clearHarvest(tx: Transaction, target: HarvestTarget, act: Act): Promise<void> {
  await replaceHarvest(tx, target, { kind: "field", windows: [] }, act.now);
  await tellHarvest(tx, target, act);
}

async function tellHarvest(tx: Transaction, target: HarvestTarget, act: Act): Promise<void> {
  const { traceId } = act;
  if (target.scope === "product") await changeProduct(tx, target.productId, {}, act);
  if (target.scope === "farm") {
    await publishFact(tx, { topic: "farm.changed", payload: { farmId: target.farmId } }, { traceId });
  }
}
