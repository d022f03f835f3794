import { AppError } from "@almanac/kernel";
import { reconcile } from "./reconcile.ts";

/** Forecasts of sums over blocks of periods, for example of weeks beside those of days. */
export interface CoarseForecast {
  /** Periods a block sums, at least 2; blocks are counted from the first step of the horizon on. */
  readonly every: number;
  /** One value a whole block. */
  readonly forecast: Float64Array;
  /** Variance of the errors of one block's forecast, above 0. */
  readonly variance: number;
}

const mostSteps = 1_000;

/**
 * One forecast from several made at different speeds: days whose sums over weeks and months meet those of the forecasts of
 * weeks and months half way, each counted by how well it is known. What is left over at the end of the horizon, less than a
 * block, only the finest forecast speaks for.
 *
 * @param fine h values, h up to 1,000
 * @param variance of the errors of one step, above 0
 * @returns h values whose sums over blocks are what `sumsOver` gives: one truth at every speed
 * @throws AppError `input_invalid` for blocks that do not fit into the horizon
 *
 * Athanasopoulos, Hyndman, Kourentzes & Petropoulos (2017), "Forecasting with temporal hierarchies", EJOR 262, with the
 * variances of each speed on the diagonal (their "series variance scaling").
 */
export function reconcileOverTime(
  fine: Float64Array,
  variance: number,
  coarse: readonly CoarseForecast[],
  nonNegative: boolean,
): Float64Array {
  const horizon = fine.length;
  if (horizon > mostSteps) throw refusal(`forecasts are made to add up over at most ${mostSteps} steps`);
  const blocks = coarse.flatMap(({ every, forecast, variance: own }) => {
    if (!Number.isInteger(every) || every < 2 || forecast.length !== Math.floor(horizon / every)) {
      throw refusal(`blocks of ${every} steps do not fit into a horizon of ${horizon}`);
    }
    return Array.from(forecast, (value, block) => ({
      value,
      variance: own,
      members: Array.from({ length: every }, (_, k) => block * every + k),
    }));
  });
  if (blocks.length === 0) return fine.slice();
  const size = blocks.length + horizon;
  const values = new Float64Array(size * size);
  for (let i = 0; i < size; i++) values[i * size + i] = blocks[i]?.variance ?? variance;
  const { bottom } = reconcile(
    { bottom: horizon, aggregates: blocks.map(({ members }) => members) },
    blocks.map(({ value }) => Float64Array.of(value)),
    Array.from(fine, (value) => Float64Array.of(value)),
    { size, values },
    nonNegative,
  );
  return Float64Array.from(bottom, (step) => step[0]!);
}

/** Sums of whole blocks of `every` values, from the first on; what is left over at the end is left out. */
export function sumsOver(values: Float64Array, every: number): Float64Array {
  return Float64Array.from({ length: Math.floor(values.length / every) }, (_, block) =>
    values.subarray(block * every, (block + 1) * every).reduce((sum, value) => sum + value, 0),
  );
}

/**
 * A history at a slower speed: sums of blocks of `every` values that end where it ends. What is left over at its start is
 * left out; a block with a gap is a gap.
 */
export function historyOver(values: ArrayLike<number | null>, every: number): (number | null)[] {
  const count = Math.floor(values.length / every);
  const lead = values.length - count * every;
  return Array.from({ length: count }, (_, block) => {
    let sum = 0;
    for (let k = 0; k < every; k++) {
      const value = values[lead + block * every + k];
      if (value === null || value === undefined || Number.isNaN(value)) return null;
      sum += value;
    }
    return sum;
  });
}

function refusal(message: string): AppError {
  return new AppError("input_invalid", message);
}
