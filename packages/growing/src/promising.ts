import { findFarm } from "@almanac/catalog";
import type { Queryable } from "@almanac/db";
import type { WeatherSource } from "@almanac/forecasting";
import {
  AppError,
  addCalendarDays,
  days,
  marketDay,
  type CalendarDay,
  type FarmId,
  type ProductId,
} from "@almanac/kernel";
import { readCrops } from "./calendar.ts";
import { dayNumber } from "./core/day-numbers.ts";
import { plantingPromise, type PlantingPromise } from "./core/yield/planting-promise.ts";
import { growthRangeOf, seasonWeather, type MeasuredDays } from "./core/yield/season-weather.ts";
import { listHarvests, readLevel } from "./store/harvests.ts";
import { readTimeZone } from "./store/places.ts";
import { listPlantings } from "./store/plantings.ts";
import { findProductCrop } from "./store/products.ts";

/** Days whose harvests say what a metre of bed gives, and days ahead that are told. */
const pastDays = 3 * 365;
const daysAhead = 182;

/**
 * What may be sold ahead of a product by its stock and its sowings, and how warm their seasons are where a source tells it.
 *
 * @returns `undefined` for a product whose crop is not known to be grown, or is counted in another unit than it is sold in
 * @throws AppError `product_not_found`
 */
export async function promiseOf(
  db: Queryable,
  farmId: FarmId,
  productId: ProductId,
  now: Date,
  weather?: WeatherSource,
): Promise<(PlantingPromise & { readonly shelfLifeDays: number | null }) | undefined> {
  const product = await findProductCrop(db, farmId, productId);
  if (!product) throw new AppError("product_not_found", "There is no such product.");
  const [crops, timeZone] = await Promise.all([readCrops(db, farmId), readTimeZone(db, farmId)]);
  const crop = crops.find((one) => one.crop === product.crop);
  if (!crop || crop.baseUnit !== product.baseUnit) return undefined;
  const today = marketDay(now, timeZone);
  const [plantings, harvested, level] = await Promise.all([
    listPlantings(db, farmId, {
      from: addCalendarDays(today, -pastDays),
      to: addCalendarDays(today, daysAhead),
    }),
    listHarvests(db, productId, { since: new Date(now.getTime() - days(pastDays)), timeZone }),
    readLevel(db, productId),
  ]);
  const measured = weather && (await measuredDays(db, farmId, today, weather));
  const range = growthRangeOf(crop);
  const own = plantings
    .filter((one) => one.productId === productId)
    .map((one) => ({
      ...one,
      ...(measured && { weather: seasonWeather(measured, { from: one.sowOn, to: one.harvestTo }, range) }),
    }));
  const { shelfLifeDays } = product;
  const keeps = shelfLifeDays === null ? {} : { shelfLifeDays };
  return {
    ...plantingPromise({ crop, plantings: own, harvested, today, ...level, ...keeps }),
    shelfLifeDays,
  };
}

/** Sowings of the oldest harvests began up to a year before them. */
const weatherDays = pastDays + 365;

/** Nothing where the source has nothing or fails: what is promised does not wait for the weather. */
async function measuredDays(
  db: Queryable,
  farmId: FarmId,
  today: CalendarDay,
  weather: WeatherSource,
): Promise<MeasuredDays | undefined> {
  const farm = await findFarm(db, { id: farmId });
  if (!farm) return undefined;
  const to = dayNumber(today);
  const read = await weather.read(farm, to - weatherDays, to - 1).catch(() => []);
  const days = read.flatMap(({ day, temperatureC: max, lowestC: min }) =>
    typeof min === "number" && max !== null ? [[day, { min, max }] as const] : [],
  );
  return days.length > 0 ? new Map(days) : undefined;
}
