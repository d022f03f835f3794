import type { PooledSettings } from "./pooled-regression.ts";
import type { ColumnGroup } from "./regression-data.ts";

/** Where nothing is known of the periods to come. */
export const byHistory: readonly PooledSettings[] = [0.05, 0.1, 0.2, 0.3].flatMap((alpha) =>
  [0.05, 0.3, 2].map((pull) => ({ alpha, pull })),
);
const leftOut: readonly (readonly ColumnGroup[])[] = [[], ["before"], ["season"], ["before", "season"]];
/**
 * Where columns are known: with and without what they were one period before, as orange juice does better without and
 * avocados with it; with and without the season; and a level that stays steady through weeks that the columns do not
 * explain. Avocados without their price are forecast no better by a steady level.
 */
export const byColumns: readonly PooledSettings[] = byHistory.flatMap((setting) =>
  leftOut.map((without) => ({ ...setting, without, steady: true })),
);
/**
 * Where products share places: coefficients drawn to those of all series, or of the product at all places, which deserve more
 * weight. Held-out origins tell which.
 */
const byPlace: readonly Omit<PooledSettings, "alpha">[] = [
  { pull: 0.3 },
  { pull: 2, byProduct: true },
  { pull: 8, byProduct: true },
];
export const byPlaces: readonly PooledSettings[] = [0.05, 0.1, 0.2, 0.3].flatMap((alpha) =>
  byPlace.flatMap((setting) => leftOut.map((without) => ({ ...setting, alpha, without, steady: true }))),
);
