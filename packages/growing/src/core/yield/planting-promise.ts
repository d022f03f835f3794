import type { CalendarDay } from "@almanac/kernel";
import type { Crop } from "../crops.ts";
import { dayNumber, dayOfNumber } from "../day-numbers.ts";
import { supplyOf } from "../successions.ts";
import { availableToPromise, type ExpectedHarvest, type PromisableDay } from "./available-to-promise.ts";
import { bedYield, type BedYield, type PastHarvest } from "./bed-yield.ts";
import type { DegreeDays } from "./degree-days.ts";

/** A sowing of one product. */
export interface PlantedBed {
  readonly id: string;
  readonly harvestFrom: CalendarDay;
  readonly harvestTo: CalendarDay;
  readonly seeds: number;
  readonly bedMetres: number;
  /** Of its whole season, from sowing to the last harvest; see `seasonWeather`. */
  readonly weather?: DegreeDays;
}

/** What was brought in of the product on a day, in base units. */
export interface HarvestedOn {
  readonly on: CalendarDay;
  readonly base: number;
}

export interface PlantingPromiseQuestion {
  readonly crop: Crop;
  readonly plantings: readonly PlantedBed[];
  readonly harvested: readonly HarvestedOn[];
  readonly today: CalendarDay;
  readonly onHandBase: number;
  /** Of it, what orders and open checkouts hold. */
  readonly reservedBase: number;
  /** How long it keeps after it was picked; all keeps where the farm has not said. */
  readonly shelfLifeDays?: number;
}

export interface PlantingPromise {
  /** Today, and the end of each week in which something is picked. */
  readonly days: readonly PromisableDay[];
  /** All that is still to come of what stands or is sown, with its 80 % interval as if it were one bed. */
  readonly toCome: Pick<BedYield, "grams" | "lower" | "upper">;
  readonly weather: BedYield["weather"];
  /** Sowings of earlier that the yield rests on; by the book where there are none. */
  readonly pastSowings: number;
}

/**
 * What may be sold ahead of one product: its stock, and what its sowings will still give, week by week. A metre of bed is
 * expected to give what the crop's figures say, moved to what earlier sowings of the farm gave; what was brought in on a day
 * counts for the sowings then picked, by their metres. Of what was picked before a date only that counts which keeps until then.
 * Pieces and millilitres are counted as grams are.
 */
export function plantingPromise(question: PlantingPromiseQuestion): PlantingPromise {
  const { crop, plantings, today, onHandBase, reservedBase, shelfLifeDays } = question;
  const gaveOf = harvestOf(question);
  const area = ({ bedMetres }: PlantedBed): number => Math.max(bedMetres, 0.1);
  const past = plantings
    .filter(({ harvestTo }) => harvestTo < today)
    .map((one): PastHarvest => ({
      bed: one.id,
      areaSquareMetres: area(one),
      grams: gaveOf(one),
      ...(one.weather && { weather: one.weather }),
    }))
    .filter(({ grams }) => grams > 0);
  const yields = plantings
    .filter(({ harvestTo }) => harvestTo >= today)
    .map((one) => {
      const supply = supplyOf(one, crop);
      const usual = [...supply.values()].reduce((sum, base) => sum + base, 0);
      const told = bedYield(past, {
        bed: one.id,
        areaSquareMetres: area(one),
        usualGramsPerSquareMetre: Math.max(1e-3, usual / area(one)),
        pickedGrams: gaveOf(one),
        ...(one.weather && { weather: one.weather }),
      });
      return { one, weeks: [...supply.keys()], told };
    });
  const harvests = yields.flatMap(({ one, weeks, told }) => weeklyParts(one.id, weeks, told, today));
  const dates = [...new Set([today, ...harvests.map(({ on }) => on)])].sort();
  const days = dates.map((on) => {
    // What has gone off by then is not there; stock is taken to be of today.
    const keeps = (day: CalendarDay): boolean =>
      shelfLifeDays === undefined || dayNumber(on) - dayNumber(day) < shelfLifeDays;
    return availableToPromise({
      stockGrams: keeps(today) ? onHandBase : 0,
      harvests: harvests.filter((harvest) => harvest.on <= on && keeps(harvest.on)),
      promises: [{ on, grams: keeps(today) ? reservedBase : 0 }],
    }).at(-1)!;
  });
  const sum = (of: (told: BedYield) => number): number =>
    yields.reduce((total, { told }) => total + of(told), 0);
  return {
    days,
    toCome: {
      grams: sum(({ grams }) => grams),
      lower: sum((one) => one.lower),
      upper: sum((one) => one.upper),
    },
    weather: yields.length > 0 && yields.every(({ told }) => told.weather === "used") ? "used" : "missing",
    pastSowings: past.length,
  };
}

/** What is still to come in equal parts at the ends of the weeks that are left; what is overdue comes at the end of this one. */
function weeklyParts(
  bed: string,
  mondays: readonly CalendarDay[],
  told: BedYield,
  today: CalendarDay,
): ExpectedHarvest[] {
  const ends = mondays.map((monday) => dayOfNumber(dayNumber(monday) + 6)).filter((end) => end >= today);
  const on = ends.length > 0 ? ends : [today];
  const part = (value: number): number => value / on.length;
  const each = { ...told, grams: part(told.grams), lower: part(told.lower), upper: part(told.upper) };
  return on.map((end) => ({ on: end, bed, yield: each }));
}

/** What a sowing gave: of each day's harvest its part by metres among the sowings that were picked then. */
function harvestOf({ plantings, harvested }: PlantingPromiseQuestion): (one: PlantedBed) => number {
  const gave = new Map<string, number>();
  for (const { on, base } of harvested) {
    const picked = plantings.filter(({ harvestFrom, harvestTo }) => harvestFrom <= on && on <= harvestTo);
    const metres = picked.reduce((sum, { bedMetres }) => sum + bedMetres, 0);
    for (const { id, bedMetres } of picked) {
      const share = metres > 0 ? bedMetres / metres : 1 / picked.length;
      gave.set(id, (gave.get(id) ?? 0) + base * share);
    }
  }
  return ({ id }) => gave.get(id) ?? 0;
}
