import { refuseInfinite } from "../known-values.ts";

/** One past season of a crop: sales by day from some first day on, and when the first harvest was. */
export interface CropSeason {
  /** Daily sales, at least 0; NaN for gaps. */
  readonly sales: Float64Array;
  /** Index of the first harvest in `sales`. */
  readonly firstHarvest: number;
}

const weekDays = 7;

/**
 * A forecast by week of the season, not of the calendar: a spring that is two weeks late moves the whole curve by two weeks.
 * Past seasons are laid over each other by days since their first harvest; their mean share of a season's level, by week,
 * times the level of this season so far.
 *
 * @param past earlier seasons, at least one
 * @param current this season up to now; where nothing has been sold yet the level is the mean of past ones
 * @param horizon days ahead, from the end of `current`
 * @returns h daily values of at least 0
 * @throws AppError `input_invalid` for an infinite value
 */
export function forecastSinceHarvest(
  past: readonly CropSeason[],
  current: CropSeason,
  horizon: number,
): Float64Array {
  for (const { sales } of [...past, current]) refuseInfinite(sales);
  const profiles = past.map(weeklyMeans);
  const weeks = Math.max(...profiles.map((profile) => profile.length));
  const mean = Float64Array.from({ length: weeks }, (_, week) =>
    meanOf(profiles.map((profile) => profile[week] ?? 0)),
  );
  const day = current.sales.length - current.firstHarvest;
  const ratio = levelRatio(weeklyMeans(current), mean);
  return Float64Array.from({ length: horizon }, (_, k) => {
    const place = (day + k + 0.5) / weekDays - 0.5;
    const before = Math.floor(place);
    const share = place - before;
    const at = (week: number): number => (week < 0 ? mean[0]! * (place > -1 ? 1 : 0) : (mean[week] ?? 0));
    return Math.max(0, ratio * (at(before) * (1 - share) + at(before + 1) * share));
  });
}

/** Mean daily sales in each week since the first harvest, days without a value left out. */
function weeklyMeans({ sales, firstHarvest }: CropSeason): Float64Array {
  const weeks = Math.max(0, Math.ceil((sales.length - firstHarvest) / weekDays));
  return Float64Array.from({ length: weeks }, (_, week) => {
    const from = firstHarvest + week * weekDays;
    return meanOf(
      [...sales.subarray(Math.max(0, from), from + weekDays)].filter((value) => !Number.isNaN(value)),
    );
  });
}

/** This season's sales over what past seasons had sold by now, drawn to 1 as long as little has been. */
function levelRatio(current: Float64Array, mean: Float64Array): number {
  let own = 0;
  let usual = 0;
  current.forEach((value, week) => {
    own += value;
    usual += mean[week] ?? 0;
  });
  const prior = meanOf([...mean]);
  return usual + prior > 0 ? (own + prior) / (usual + prior) : 1;
}

function meanOf(values: readonly number[]): number {
  return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : 0;
}
