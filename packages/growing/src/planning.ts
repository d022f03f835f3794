import type { Queryable, Transaction } from "@almanac/db";
import {
  AppError,
  addCalendarDays,
  days,
  marketDay,
  newId,
  type CalendarDay,
  type FarmId,
  type Id,
  type ProductId,
} from "@almanac/kernel";
import { listPlannedProducts, readPastDemand } from "@almanac/planning";
import { readCrops, readPlace } from "./calendar.ts";
import type { Crop } from "./core/crops.ts";
import { dayNumber, dayOfNumber, mondayOf } from "./core/day-numbers.ts";
import { planSuccessions, supplyOf, type SuccessionPlan, type WeekDemand } from "./core/successions.ts";
import { weeklyDemand, type SoldOn } from "./core/weekly-demand.ts";
import { findProductCrop } from "./store/products.ts";
import { readTimeZone } from "./store/places.ts";
import {
  insertPlantings,
  listPlantings,
  lockBeds,
  type PlantingId,
  type StoredPlanting,
} from "./store/plantings.ts";
import { assertRoom, maxSeeds } from "./workflows.ts";

/** Days of sales that speak for a week of the year. */
const historyDays = 3 * 365;
export type PlanId = Id<"plan">;
export const maxPlanWeeks = 60;

export interface PlanWish {
  readonly productId: ProductId;
  /** Monday of the first week; any day of it. */
  readonly from: CalendarDay;
  readonly weeks: number;
  /** The quantile of past demand that is to be met. */
  readonly share: number;
  /** Asked for each week, instead of what the past says; base units. */
  readonly baseAWeek?: number;
}

export interface FarmPlan extends SuccessionPlan {
  readonly crop: Crop;
  readonly name: string;
  readonly demand: readonly WeekDemand[];
  readonly bedMetres: number;
  readonly standingMetres: number;
}

/**
 * The successions of one product in a farm's place and beds. Sowings of its calendar count: those of the same product as
 * supply, all as bed that is taken.
 *
 * @throws AppError `product_not_found`; `input_invalid` for a product whose crop is not known to be sown, or is counted in
 * another unit than it is sold in
 */
export async function planProduct(
  db: Queryable,
  farmId: FarmId,
  wish: PlanWish,
  now: Date,
): Promise<FarmPlan> {
  const product = await findProductCrop(db, farmId, wish.productId);
  if (!product) throw new AppError("product_not_found", "There is no such product.");
  const [crops, place, timeZone] = await Promise.all([
    readCrops(db, farmId),
    readPlace(db, farmId),
    readTimeZone(db, farmId),
  ]);
  const crop = crops.find((one) => one.crop === product.crop);
  if (!crop || crop.baseUnit !== product.baseUnit) {
    throw new AppError("input_invalid", "Say first how this crop is grown, and what a plant of it yields.", {
      details: { field: "crop", crop: product.crop },
    });
  }
  const to = addCalendarDays(wish.from, 7 * wish.weeks);
  const standing = await listPlantings(db, farmId, { from: addCalendarDays(wish.from, -400), to });
  const demand = wish.baseAWeek === undefined ? await pastDemand(db, farmId, wish, now) : evenDemand(wish);
  const plan = planSuccessions({
    crop,
    frosts: place.frosts,
    demand,
    today: marketDay(now, timeZone),
    ...(place.bedMetres > 0 && { bedMetres: place.bedMetres }),
    standing: standing.map((one) => ({
      from: one.transplantOn ?? one.sowOn,
      to: one.harvestTo,
      bedMetres: one.bedMetres,
    })),
    supplied: supplyOfAll(
      standing.filter(({ productId }) => productId === wish.productId),
      crop,
    ),
  });
  return {
    ...plan,
    crop,
    name: product.name,
    demand,
    bedMetres: place.bedMetres,
    standingMetres: standing.reduce((sum, { bedMetres }) => sum + bedMetres, 0),
  };
}

/**
 * Writes a plan's sowings into the farm's calendar, worked out anew, so that what is written fits the beds as they are now.
 *
 * @throws AppError `input_invalid` for a sowing of more seeds than one may have, and for more sowings than a calendar holds
 * @returns the plan, to be taken back by, and how many sowings it has
 */
export async function acceptPlan(
  tx: Transaction,
  farmId: FarmId,
  wish: PlanWish,
  now: Date,
): Promise<{ planId: PlanId; sowings: number }> {
  await lockBeds(tx, farmId);
  const { sowings, crop } = await planProduct(tx, farmId, wish, now);
  if (sowings.some(({ seeds }) => seeds > maxSeeds))
    throw new AppError("input_invalid", `A sowing has at most ${maxSeeds} seeds: plan for less a week.`, {
      details: { field: "baseAWeek" },
    });
  await assertRoom(tx, farmId, sowings.length);
  const planId = newId<PlanId>(now.getTime());
  const rows = sowings.map(({ plants: _plants, transplantOn, ...sowing }): StoredPlanting => ({
    ...sowing,
    transplantOn: transplantOn ?? null,
    id: newId<PlantingId>(now.getTime()),
    farmId,
    productId: wish.productId,
    crop: crop.crop,
    planId,
    note: "",
    revision: 0,
    createdAt: now,
    updatedAt: now,
  }));
  await insertPlantings(tx, rows);
  return { planId, sowings: rows.length };
}

function evenDemand({ from, weeks, baseAWeek = 0 }: PlanWish): WeekDemand[] {
  const first = mondayOf(dayNumber(from));
  return Array.from({ length: weeks }, (_, at) => ({ week: dayOfNumber(first + 7 * at), base: baseAWeek }));
}

async function pastDemand(db: Queryable, farmId: FarmId, wish: PlanWish, now: Date): Promise<WeekDemand[]> {
  const since = new Date(now.getTime() - days(historyDays));
  const products = await listPlannedProducts(db, farmId);
  const own = products.filter(({ productId }) => productId === wish.productId);
  const { histories } = await readPastDemand(db, { since, now, farmId, products: own });
  const byDay = new Map<CalendarDay, number | null>();
  for (const { days: marketDays, sold: soldBase } of histories) {
    marketDays.forEach((day, at) => {
      const [base, before] = [soldBase[at] ?? null, byDay.get(day)];
      byDay.set(day, base === null || before === null ? null : base + (before ?? 0));
    });
  }
  const sold: SoldOn[] = [...byDay].map(([day, base]) => ({ day, base }));
  return weeklyDemand(sold, wish);
}

function supplyOfAll(standing: readonly StoredPlanting[], crop: Crop): Map<CalendarDay, number> {
  const supply = new Map<CalendarDay, number>();
  for (const one of standing)
    for (const [week, base] of supplyOf(one, crop)) supply.set(week, (supply.get(week) ?? 0) + base);
  return supply;
}
