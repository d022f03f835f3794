import { centredAverage } from "../../season/classical.ts";
import { differenced } from "./polynomials.ts";

/**
 * The KPSS statistic for a constant level: large when the series wanders.
 *
 * @returns at least 0; .463 is exceeded by one stationary series in twenty; 0 for a constant one
 * Kwiatkowski, Phillips, Schmidt & Shin (1992), Journal of Econometrics 54; lags trunc(4 (n / 100)^.25) as in R's urca.
 */
export function kpss(values: Float64Array): number {
  const n = values.length;
  let mean = 0;
  for (const value of values) mean += value / n;
  const lags = Math.trunc(4 * (n / 100) ** 0.25);
  let partial = 0;
  let sumOfSquares = 0;
  let variance = 0;
  for (let t = 0; t < n; t++) {
    const rest = values[t]! - mean;
    partial += rest;
    sumOfSquares += partial * partial;
    variance += rest * rest;
  }
  for (let lag = 1; lag <= lags; lag++) {
    let sum = 0;
    for (let t = lag; t < n; t++) sum += (values[t]! - mean) * (values[t - lag]! - mean);
    variance += 2 * (1 - lag / (lags + 1)) * sum;
  }
  return variance > 1e-14 ? sumOfSquares / n / variance : 0;
}

/** How often to difference, 0 to 2: until the KPSS test at 5 % no longer finds a wandering level. */
export function differencesNeeded(values: Float64Array): number {
  let current = values;
  for (let d = 0; d < 2; d++) {
    if (current.length < 6 || kpss(current) < 0.463) return d;
    current = differenced(current, 1, 0, 1);
  }
  return 2;
}

/**
 * How much of what moves around the trend is season, in [0, 1]; 0 with less than two seasons.
 * Wang, Smith & Hyndman (2006), "Characteristic-based clustering for time series data", DMKD 13.
 */
export function seasonalStrength(values: Float64Array, season: number): number {
  const n = values.length;
  if (season < 2 || n < 2 * season + 1) return 0;
  const trend = centredAverage(values, season);
  const sums = new Float64Array(season);
  const counts = new Float64Array(season);
  for (let t = 0; t < n; t++) {
    if (Number.isNaN(trend[t]!)) continue;
    sums[t % season]! += values[t]! - trend[t]!;
    counts[t % season]!++;
  }
  let all = 0;
  let rest = 0;
  let freedom = 0;
  for (let t = 0; t < n; t++) {
    if (Number.isNaN(trend[t]!)) continue;
    const moved = values[t]! - trend[t]!;
    all += moved * moved;
    rest += (moved - sums[t % season]! / counts[t % season]!) ** 2;
    freedom++;
  }
  if (!(all > 1e-14)) return 0;
  const used = Math.min(season, freedom - 1);
  const noise = rest / Math.max(1, freedom - used);
  return Math.max(0, Math.min(1, 1 - noise / (all / freedom)));
}
