import { listLiveProducts, moveFirstHarvest, setHarvest, type Act } from "@almanac/catalog";
import type { Transaction } from "@almanac/db";
import {
  AppError,
  addCalendarDays,
  newId,
  type CalendarDay,
  type FarmId,
  type ProductId,
} from "@almanac/kernel";
import { readCrops } from "./calendar.ts";
import { metresPerPlant } from "./core/crops.ts";
import {
  countPlantings,
  findPlanting,
  insertPlantings,
  updatePlanting,
  type PlantingId,
} from "./store/plantings.ts";

/** More sowings than a farm can look over. */
export const maxPlantings = 5_000;
/** More than a field of any crop takes. */
export const maxSeeds = 10_000_000;

/** @throws AppError `input_invalid` where so many sowings more would be more than `maxPlantings` */
export async function assertRoom(tx: Transaction, farmId: FarmId, more: number): Promise<void> {
  if ((await countPlantings(tx, farmId)) + more > maxPlantings)
    throw new AppError("input_invalid", `A farm's calendar holds at most ${maxPlantings} sowings.`);
}

/**
 * Moves the beginning of a product's season through the catalog, so that the shop's season, its score and what is coming
 * follow at once.
 *
 * @param index which of its harvests in the year
 * @throws AppError `product_not_found` for what is not on sale; `input_invalid` for what has no season or would have none left
 */
export async function moveHarvest(
  tx: Transaction,
  farmId: FarmId,
  { productId, byDays, index }: { productId: ProductId; byDays: number; index: number },
  act: Act,
): Promise<{ firstDay: string; previousFirstDay: string }> {
  const [product] = await listLiveProducts(tx, { now: act.now, productIds: [productId], farmIds: [farmId] });
  if (!product) throw new AppError("product_not_found", "There is no such product on sale.");
  const { harvest, crop } = product;
  if (!harvest || harvest.kind === "year_round")
    throw new AppError("input_invalid", "It has no season that could begin at another time.");
  const windows = moveFirstHarvest(harvest.windows, index, byDays);
  await setHarvest(tx, { scope: "product", productId, crop }, { kind: harvest.kind, windows }, act);
  return { firstDay: windows[index]!.firstDay, previousFirstDay: harvest.windows[index]!.firstDay };
}

export interface PlantingInput {
  readonly crop: string;
  readonly productId?: ProductId;
  readonly sowOn: CalendarDay;
  readonly seeds: number;
  readonly note: string;
}

/** A sowing by hand: its other days and its bed follow from how the crop is grown. */
export async function addPlanting(
  tx: Transaction,
  farmId: FarmId,
  { crop: name, productId, sowOn, seeds, note }: PlantingInput,
  now: Date,
): Promise<{ plantingId: PlantingId }> {
  const crop = (await readCrops(tx, farmId)).find((one) => one.crop === name);
  if (!crop) throw new AppError("input_invalid", "This crop is not known.", { details: { field: "crop" } });
  await assertRoom(tx, farmId, 1);
  const plantingId = newId<PlantingId>(now.getTime());
  const harvestFrom = addCalendarDays(sowOn, crop.daysToMaturity);
  await insertPlantings(tx, [
    {
      id: plantingId,
      farmId,
      productId: productId ?? null,
      crop: crop.crop,
      sowOn,
      transplantOn: crop.daysInTrays > 0 ? addCalendarDays(sowOn, crop.daysInTrays) : null,
      harvestFrom,
      harvestTo: addCalendarDays(harvestFrom, crop.harvestDays - 1),
      seeds,
      bedMetres: Math.floor((seeds * crop.germinationPercent) / 100) * metresPerPlant(crop),
      planId: null,
      note,
      revision: 0,
      createdAt: now,
      updatedAt: now,
    },
  ]);
  return { plantingId };
}

/**
 * Moves all days of a sowing, or those from its harvest on.
 *
 * @throws AppError `planting_not_found`; `input_invalid` where it would be picked before it is planted, or lie outside of the
 *   years 2000 to 2199
 */
export async function movePlanting(
  tx: Transaction,
  farmId: FarmId,
  { plantingId, byDays, only }: { plantingId: PlantingId; byDays: number; only: "all" | "harvest" },
  now: Date,
): Promise<{ sowOn: CalendarDay; harvestFrom: CalendarDay }> {
  const planting = await findPlanting(tx, farmId, plantingId);
  if (!planting) throw new AppError("planting_not_found", "There is no such sowing.");
  const moved = (day: CalendarDay): CalendarDay => addCalendarDays(day, byDays);
  const harvest = { harvestFrom: moved(planting.harvestFrom), harvestTo: moved(planting.harvestTo) };
  const start = planting.transplantOn ?? planting.sowOn;
  if (only === "harvest" && harvest.harvestFrom <= start)
    throw new AppError("input_invalid", "It would be picked before it is planted.", {
      details: { field: "days" },
    });
  const sowOn = only === "all" ? moved(planting.sowOn) : planting.sowOn;
  if (sowOn < "2000-01-01" || harvest.harvestTo >= "2200-01-01")
    throw new AppError("input_invalid", "It would lie in another century: move it by fewer days.", {
      details: { field: "days" },
    });
  const transplantOn =
    only === "all" && planting.transplantOn ? moved(planting.transplantOn) : planting.transplantOn;
  await updatePlanting(tx, plantingId, { ...harvest, sowOn, transplantOn }, now);
  return { sowOn, harvestFrom: harvest.harvestFrom };
}
