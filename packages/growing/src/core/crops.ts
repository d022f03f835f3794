import type { BaseUnit } from "@almanac/kernel";

/** How a crop is grown. */
export interface Crop {
  readonly crop: string;
  readonly name: string;
  /** From sowing to the first harvest. */
  readonly daysToMaturity: number;
  /** Of them in trays; 0 when it is sown where it grows. */
  readonly daysInTrays: number;
  /** From the first to the last harvest of one sowing. */
  readonly harvestDays: number;
  /** Of a hundred seeds. */
  readonly germinationPercent: number;
  readonly spacingCm: number;
  readonly rowsPerBed: number;
  /** What one plant gives over its harvest. */
  readonly yieldBasePerPlant: number;
  readonly baseUnit: BaseUnit;
  /** From the last frost of spring to the first day outside; negative for what bears frost. */
  readonly outsideFromFrostDays: number;
  /** From the first frost of autumn to the last harvest; negative for what bears none. */
  readonly lastHarvestFromFrostDays: number;
}

type Row = readonly [
  crop: string,
  name: string,
  daysToMaturity: number,
  daysInTrays: number,
  harvestDays: number,
  germinationPercent: number,
  spacingCm: number,
  rowsPerBed: number,
  yieldBasePerPlant: number,
  baseUnit: BaseUnit,
  outsideFromFrostDays: number,
  lastHarvestFromFrostDays: number,
];

/**
 * Ordinary figures for common vegetables, rounded, for beds of 75 cm; every farm knows better and can say so. Germination is
 * the least that the United States allow seed to be sold with (7 CFR 201.31). Yields, spacing and how early each may be
 * outside follow the planting chart of the University of Maine's extension service (a last frost about 20 May assumed for
 * its dates); days to maturity are the middle of what extension guides give, from sowing.
 */
// prettier-ignore
const rows: readonly Row[] = [
  ["lettuce", "Lettuce", 45, 0, 7, 80, 25, 3, 1, "piece", -30, -7],
  ["salad-mix", "Salad mix", 30, 0, 14, 80, 3, 6, 12, "g", -30, -7],
  ["spinach", "Spinach", 42, 0, 14, 60, 9, 4, 60, "g", -40, 14],
  ["kale", "Kale", 60, 28, 70, 75, 45, 2, 700, "g", -20, 28],
  ["chard", "Chard", 55, 0, 60, 65, 30, 3, 600, "g", -20, 7],
  ["arugula", "Rocket", 35, 0, 14, 75, 4, 5, 15, "g", -30, 7],
  ["pak-choi", "Pak choi", 45, 21, 7, 75, 20, 3, 1, "piece", -20, 0],
  ["cabbage", "Cabbage", 95, 35, 14, 75, 40, 2, 1, "piece", -20, 14],
  ["broccoli", "Broccoli", 90, 35, 14, 75, 45, 2, 790, "g", -20, 7],
  ["cauliflower", "Cauliflower", 95, 35, 10, 75, 45, 2, 1, "piece", -20, 0],
  ["brussels-sprout", "Brussels sprouts", 130, 35, 40, 70, 50, 2, 500, "g", -10, 35],
  ["carrot", "Carrots", 70, 0, 28, 55, 6, 4, 94, "g", -20, 21],
  ["beetroot", "Beetroot", 58, 0, 21, 65, 6, 4, 94, "g", -25, 14],
  ["radish", "Radishes", 28, 0, 7, 75, 3, 5, 20, "g", -35, 7],
  ["turnip", "Turnips", 50, 0, 14, 80, 8, 4, 95, "g", -20, 14],
  ["parsnip", "Parsnips", 110, 0, 60, 60, 8, 3, 110, "g", -5, 60],
  ["celeriac", "Celeriac", 120, 60, 30, 55, 25, 3, 400, "g", 0, 14],
  ["leek", "Leeks", 130, 60, 45, 60, 15, 3, 200, "g", -15, 45],
  ["onion", "Onions", 110, 60, 21, 70, 10, 4, 150, "g", -30, 0],
  ["spring-onion", "Spring onions", 60, 0, 14, 70, 2, 5, 15, "g", -30, 7],
  ["fennel", "Fennel", 80, 28, 10, 60, 25, 3, 300, "g", -5, 0],
  ["pea", "Peas", 60, 0, 14, 80, 4, 2, 57, "g", -35, -7],
  ["green-bean", "Beans", 55, 0, 14, 70, 8, 2, 91, "g", -5, -3],
  ["sweetcorn", "Sweetcorn", 75, 0, 10, 75, 18, 2, 1.3, "piece", -5, -3],
  ["cucumber", "Cucumbers", 60, 21, 30, 80, 45, 1, 10, "piece", 12, -3],
  ["zucchini", "Courgettes", 50, 0, 40, 75, 60, 1, 2700, "g", 5, -3],
  ["winter-squash", "Winter squash", 100, 0, 21, 75, 90, 1, 2700, "g", 0, 0],
  ["butternut", "Butternut squash", 105, 0, 21, 75, 90, 1, 2700, "g", 0, 0],
  ["pumpkin", "Pumpkins", 105, 0, 21, 75, 120, 1, 5, "piece", 0, 0],
  ["tomato", "Tomatoes", 120, 45, 60, 75, 45, 2, 3600, "g", 5, -3],
  ["cherry-tomato", "Cherry tomatoes", 110, 45, 70, 75, 45, 2, 8, "piece", 5, -3],
  ["pepper", "Peppers", 130, 55, 50, 55, 45, 2, 900, "g", 5, -5],
  ["eggplant", "Aubergines", 130, 55, 50, 60, 45, 2, 2000, "g", 12, -5],
  ["basil", "Basil", 60, 28, 40, 70, 20, 3, 6, "piece", 10, -7],
  ["parsley", "Parsley", 75, 30, 90, 60, 20, 3, 8, "piece", -15, 14],
  ["cilantro", "Coriander", 50, 0, 14, 70, 5, 4, 0.3, "piece", -20, 0],
  ["dill", "Dill", 45, 0, 14, 60, 8, 4, 0.5, "piece", -15, 0],
];

export const referenceCrops: readonly Crop[] = rows.map(
  ([
    crop,
    name,
    daysToMaturity,
    daysInTrays,
    harvestDays,
    germinationPercent,
    spacingCm,
    rowsPerBed,
    yieldBasePerPlant,
    baseUnit,
    outsideFromFrostDays,
    lastHarvestFromFrostDays,
  ]) => ({
    crop,
    name,
    daysToMaturity,
    daysInTrays,
    harvestDays,
    germinationPercent,
    spacingCm,
    rowsPerBed,
    yieldBasePerPlant,
    baseUnit,
    outsideFromFrostDays,
    lastHarvestFromFrostDays,
  }),
);

const byName = new Map(referenceCrops.map((crop) => [crop.crop, crop]));

export function referenceCrop(crop: string): Crop | undefined {
  return byName.get(crop);
}

/** What one plant needs of a bed. */
export function metresPerPlant({ spacingCm, rowsPerBed }: Pick<Crop, "spacingCm" | "rowsPerBed">): number {
  return spacingCm / 100 / rowsPerBed;
}
