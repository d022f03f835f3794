import { loess } from "./loess.ts";

/** A series as the sum of three. */
export interface Decomposition {
  readonly trend: Float64Array;
  readonly seasonal: Float64Array;
  readonly remainder: Float64Array;
}

export interface StlOptions {
  /** Seasons over which a position's pattern is smoothed, odd, from 3 up; `periodic` keeps it the same for ever. */
  readonly seasonalWidth?: number | "periodic";
  /** 1 (default) smooths a position by lines, 0 by means, as `periodic` always does. */
  readonly seasonalDegree?: 0 | 1;
  /** Places over which the trend is smoothed, odd; by default the least that leaves no season in it. */
  readonly trendWidth?: number;
  /** Fifteen rounds in which outliers lose their weight; costs ten times as much. */
  readonly robust?: boolean;
}

/**
 * STL: trend and season by loess, in turns.
 *
 * @param values at least two seasons, finite
 * @param season at least 2
 * @returns components that sum to the values, up to rounding
 *
 * Cleveland, Cleveland, McRae & Terpenning (1990), Journal of Official Statistics 6, 3-73.
 */
export function stl(values: Float64Array, season: number, options: StlOptions = {}): Decomposition {
  const n = values.length;
  const { robust = false } = options;
  const periodic = options.seasonalWidth === "periodic";
  const width = typeof options.seasonalWidth === "number" ? options.seasonalWidth : 7;
  const seasonalWidth = periodic ? 10 * n + 1 : width;
  const smoothing = {
    width: seasonalWidth,
    degree: periodic ? (0 as const) : (options.seasonalDegree ?? 1),
    jump: periodic ? 1 : Math.ceil(seasonalWidth / 10),
  };
  const trendWidth = options.trendWidth ?? nextOdd((1.5 * season) / (1 - 1.5 / seasonalWidth));
  const lowWidth = nextOdd(season);
  const trend = new Float64Array(n);
  const seasonal = new Float64Array(n);
  const rounds = robust ? 15 : 1;
  const inner = robust ? 1 : 2;
  let weights: Float64Array | undefined;
  const scratch = new Float64Array(n);
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < inner; turn++) {
      for (let t = 0; t < n; t++) scratch[t] = values[t]! - trend[t]!;
      const cycle = smoothPositions(scratch, season, smoothing, weights);
      const low = lowPass(cycle, season, lowWidth);
      for (let t = 0; t < n; t++) {
        seasonal[t] = cycle[season + t]! - low[t]!;
        scratch[t] = values[t]! - seasonal[t]!;
      }
      loess(scratch, trendWidth, 1, weights, 0, Math.ceil(trendWidth / 10), trend);
    }
    if (robust && round < rounds - 1) weights = robustness(values, trend, seasonal);
  }
  if (periodic) averagePositions(seasonal, season);
  const remainder = values.map((value, t) => value - trend[t]! - seasonal[t]!);
  return { trend, seasonal, remainder };
}

/** The least odd whole number from `value` up. */
export function nextOdd(value: number): number {
  const whole = Math.ceil(value);
  return whole % 2 === 0 ? whole + 1 : whole;
}

/** Each position of the season smoothed on its own and carried on by one season at both ends: n + 2 seasons long. */
function smoothPositions(
  values: Float64Array,
  season: number,
  { width, degree, jump }: { readonly width: number; readonly degree: 0 | 1; readonly jump: number },
  weights: Float64Array | undefined,
): Float64Array {
  const n = values.length;
  const out = new Float64Array(n + 2 * season);
  for (let position = 0; position < season; position++) {
    const count = Math.floor((n - 1 - position) / season) + 1;
    const own = Float64Array.from({ length: count }, (_, k) => values[position + k * season]!);
    const ownWeights =
      weights && Float64Array.from({ length: count }, (_, k) => weights[position + k * season]!);
    const smooth = new Float64Array(count + 2);
    // The two places outside by themselves: jumps are counted from the first value on, as in the Fortran.
    loess(own, width, degree, ownWeights, -1, 1, smooth.subarray(0, 1));
    loess(own, width, degree, ownWeights, 0, jump, smooth.subarray(1, count + 1));
    loess(own, width, degree, ownWeights, count, 1, smooth.subarray(count + 1));
    for (let k = 0; k < count + 2; k++) out[position + k * season] = smooth[k]!;
  }
  return out;
}

/** Moving averages of a season, a season and three, then loess: what is left of a trend in the smoothed positions. */
function lowPass(cycle: Float64Array, season: number, width: number): Float64Array {
  const smooth = movingAverage(movingAverage(movingAverage(cycle, season), season), 3);
  const out = new Float64Array(smooth.length);
  loess(smooth, width, 1, undefined, 0, Math.ceil(width / 10), out);
  return out;
}

function movingAverage(values: Float64Array, width: number): Float64Array {
  const out = new Float64Array(values.length - width + 1);
  let sum = 0;
  for (let t = 0; t < width; t++) sum += values[t]!;
  out[0] = sum / width;
  for (let t = 1; t < out.length; t++) {
    sum += values[t + width - 1]! - values[t - 1]!;
    out[t] = sum / width;
  }
  return out;
}

/** Bisquare weights of the remainders: 0 from six times their median magnitude on. */
function robustness(values: Float64Array, trend: Float64Array, seasonal: Float64Array): Float64Array {
  const sizes = values.map((value, t) => Math.abs(value - trend[t]! - seasonal[t]!));
  const sorted = sizes.slice().sort();
  const n = sorted.length;
  const limit = 3 * (sorted[n >> 1]! + sorted[(n - 1) >> 1]!);
  return sizes.map((size) => {
    if (size <= 0.001 * limit) return 1;
    if (size > 0.999 * limit) return 0;
    return (1 - (size / limit) ** 2) ** 2;
  });
}

function averagePositions(seasonal: Float64Array, season: number): void {
  const n = seasonal.length;
  for (let position = 0; position < season; position++) {
    let sum = 0;
    let count = 0;
    for (let t = position; t < n; t += season, count++) sum += seasonal[t]!;
    for (let t = position; t < n; t += season) seasonal[t] = sum / count;
  }
}
