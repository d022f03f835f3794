import { AppError, halfYearLater, type FarmId, type ProductId } from "@almanac/kernel";
import { isMonthDay } from "./calendar.ts";

/**
 * How a product reaches the stall outside its harvest: `field` does not, `greenhouse` and `stored` do, `year_round` has
 * no season at all.
 */
export type HarvestKind = "field" | "greenhouse" | "stored" | "year_round";

export const harvestKinds = [
  "field",
  "greenhouse",
  "stored",
  "year_round",
] as const satisfies readonly HarvestKind[];

/** The four days of a harvest, "MM-DD", in order around the year; may cross New Year. */
export interface HarvestDays {
  readonly firstDay: string;
  readonly peakStart: string;
  readonly peakEnd: string;
  readonly lastDay: string;
}

/** A stored row: what it applies to and when. */
export interface HarvestRow extends HarvestDays {
  readonly crop: string;
  /** Empty for every region. */
  readonly region: string;
  readonly farmId?: FarmId;
  readonly productId?: ProductId;
  readonly kind: HarvestKind;
}

export type HarvestScope = "product" | "farm" | "region" | "crop";

/** A product's harvest, with where it comes from. */
export interface Harvest {
  readonly scope: HarvestScope;
  readonly kind: HarvestKind;
  /** Two for a crop that comes twice. */
  readonly windows: readonly HarvestDays[];
  /** The half of the earth that the place and its days are of. */
  readonly hemisphere: "north" | "south";
}

export interface HarvestPlace {
  readonly productId: ProductId;
  readonly farmId: FarmId;
  readonly crop: string;
  readonly region: string;
  /** Degrees, positive north; the equator counts as north. */
  readonly latitude: number;
}

/** Rows laid out for look-up, so that ten thousand products ask in one pass. */
export interface HarvestBook {
  find(place: HarvestPlace): Harvest | undefined;
}

/**
 * The most specific rows win: the product's own, then those of its farm and crop, then of its region and crop, then of
 * the crop alone, which are written for the north and turned by half a year in the south. Rows of two levels are never mixed.
 *
 * @param rows in any order; several of one level are one harvest that comes several times
 */
export function harvestBook(rows: readonly HarvestRow[]): HarvestBook {
  const levels = new Map<string, HarvestRow[]>();
  for (const row of rows) {
    const key = keyOfRow(row);
    const level = levels.get(key);
    if (level) level.push(row);
    else levels.set(key, [row]);
  }
  return {
    find(place) {
      const local = place.latitude < 0 ? "south" : "north";
      const own = levels.get(productKey(place.productId));
      if (own) return toHarvest("product", own, local);
      if (place.crop === "") return undefined;
      const ofFarm = levels.get(farmKey(place.farmId, place.crop));
      if (ofFarm) return toHarvest("farm", ofFarm, local);
      const ofRegion = place.region === "" ? undefined : levels.get(regionKey(place.region, place.crop));
      if (ofRegion) return toHarvest("region", ofRegion, local);
      const ofCrop = levels.get(regionKey("", place.crop));
      if (!ofCrop) return undefined;
      return toHarvest("crop", local === "north" ? ofCrop : ofCrop.map(turned), local);
    },
  };
}

/**
 * Refuses days that do not exist or do not follow each other.
 *
 * @throws AppError `input_invalid`
 */
export function assertHarvestDays(days: HarvestDays): void {
  const order = [days.firstDay, days.peakStart, days.peakEnd, days.lastDay];
  const bad = order.find((day) => !isMonthDay(day));
  if (bad !== undefined) {
    throw new AppError("input_invalid", "A harvest day is a month and a day, such as 06-12.", {
      details: { bad },
    });
  }
  const first = ordinal(days.firstDay);
  const positions = order.map((day) => (ordinal(day) - first + 366) % 366);
  if (positions.some((position, index) => index > 0 && position < positions[index - 1]!)) {
    throw new AppError("input_invalid", "A harvest runs from its first day over its peak to its last.");
  }
}

function ordinal(monthDay: string): number {
  return Math.round((Date.parse(`2000-${monthDay}T00:00:00Z`) - Date.UTC(2000, 0, 1)) / 86_400_000);
}

function toHarvest(scope: HarvestScope, rows: readonly HarvestRow[], hemisphere: "north" | "south"): Harvest {
  const sorted = [...rows].sort((a, b) => (a.firstDay < b.firstDay ? -1 : 1));
  return {
    scope,
    hemisphere,
    kind: sorted[0]!.kind,
    windows: sorted.map(({ firstDay, peakStart, peakEnd, lastDay }) => ({
      firstDay,
      peakStart,
      peakEnd,
      lastDay,
    })),
  };
}

function turned({ firstDay, peakStart, peakEnd, lastDay, ...row }: HarvestRow): HarvestRow {
  return {
    ...row,
    firstDay: halfYearLater(firstDay),
    peakStart: halfYearLater(peakStart),
    peakEnd: halfYearLater(peakEnd),
    lastDay: halfYearLater(lastDay),
  };
}

function keyOfRow(row: HarvestRow): string {
  if (row.productId) return productKey(row.productId);
  return row.farmId ? farmKey(row.farmId, row.crop) : regionKey(row.region, row.crop);
}

const productKey = (productId: ProductId): string => `product/${productId}`;
const farmKey = (farmId: FarmId, crop: string): string => `farm/${farmId}/${crop}`;
const regionKey = (region: string, crop: string): string => `region/${region}/${crop}`;
