import type { Transaction } from "@almanac/db";
import { publishFact } from "@almanac/events";
import {
  AppError,
  addCalendarDays,
  newId,
  type CalendarDay,
  type FarmId,
  type LotId,
  type ProductId,
} from "@almanac/kernel";
import { assertHarvestDays, type HarvestDays, type HarvestKind } from "../core/harvest.ts";
import { replaceHarvest, type HarvestTarget } from "../store/harvest-windows.ts";
import { insertLot } from "../store/products.ts";
import type { Act } from "./act.ts";
import { changeProduct, getFarmProduct } from "./products.ts";

export interface LotInput {
  readonly productId: ProductId;
  /** Made from the day when absent. */
  readonly code?: string;
  readonly harvestedOn: CalendarDay;
  readonly bestBefore?: CalendarDay;
  readonly quantityBase: number;
  readonly note?: string;
}

/**
 * Logs a harvest. Stock is another matter: it moves by the stock ledger, whose entry may name this lot.
 *
 * @throws AppError `product_not_found`, `lot_code_taken`, `input_invalid` for a harvest after tomorrow or a best-before
 * day ahead of it
 */
export async function addLot(
  tx: Transaction,
  farmId: FarmId,
  { productId, code, harvestedOn, bestBefore, quantityBase, note = "" }: LotInput,
  act: Act,
): Promise<{ lotId: LotId; code: string }> {
  const product = await getFarmProduct(tx, farmId, productId);
  const today = act.now.toISOString().slice(0, 10);
  // One day ahead of UTC it may already be tomorrow at the farm.
  if (harvestedOn > addCalendarDays(today, 1)) {
    throw new AppError("input_invalid", "A harvest is logged when it is in.", {
      details: { field: "harvestedOn" },
    });
  }
  if (bestBefore !== undefined && bestBefore < harvestedOn) {
    throw new AppError("input_invalid", "Best before lies ahead of the harvest.", {
      details: { field: "bestBefore" },
    });
  }
  const lotId = newId<LotId>(act.now.getTime());
  const lot = { id: lotId, productId, harvestedOn, bestBefore, quantityBase, note, createdAt: act.now };
  const written = await insertUnderFreeCode(tx, lot, code === undefined ? codesOf(harvestedOn) : [code]);
  if (written === undefined) {
    throw new AppError("lot_code_taken", "The product has a lot of that code.", { details: { code } });
  }
  const harvestedAt = harvestedOn >= today ? act.now : new Date(`${harvestedOn}T12:00:00Z`);
  const isLatest = product.lastHarvestAt === null || harvestedAt > product.lastHarvestAt;
  await changeProduct(tx, productId, isLatest ? { lastHarvestAt: harvestedAt } : {}, act);
  return { lotId, code: written };
}

async function insertUnderFreeCode(
  tx: Transaction,
  lot: Omit<Parameters<typeof insertLot>[1], "code">,
  codes: Iterable<string>,
): Promise<string | undefined> {
  for (const code of codes) if (await insertLot(tx, { ...lot, code })) return code;
  return undefined;
}

/** "20250816", then "20250816-2" and so on. */
function* codesOf(harvestedOn: CalendarDay): Generator<string> {
  const day = harvestedOn.replaceAll("-", "");
  yield day;
  for (let number = 2; number < 1_000; number++) yield `${day}-${number}`;
}

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
