import type { Transaction } from "@almanac/db";
import {
  AppError,
  addCalendarDays,
  newId,
  type CalendarDay,
  type FarmId,
  type LotId,
  type ProductId,
} from "@almanac/kernel";
import { insertLot } from "../store/products.ts";
import type { Act } from "./act.ts";
import { beginSeason } from "./begin-season.ts";
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
 * Logs a harvest; the latest one, where it came before its time, begins the season. Stock is another matter: it moves by the
 * stock ledger, whose entry may name this lot.
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
  if (isLatest) await beginSeason(tx, productId, { ...act, now: harvestedAt });
  return { lotId, code: written };
}

/**
 * A harvest that is in now: the shop tells its day, and one before its time begins the season. Stock is another matter.
 *
 * @throws AppError `product_not_found`
 */
export async function noteHarvest(
  tx: Transaction,
  farmId: FarmId,
  productId: ProductId,
  act: Act,
): Promise<void> {
  const { lastHarvestAt } = await getFarmProduct(tx, farmId, productId);
  if (lastHarvestAt === null || act.now > lastHarvestAt)
    await changeProduct(tx, productId, { lastHarvestAt: act.now }, act);
  await beginSeason(tx, productId, act);
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
