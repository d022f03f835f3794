/** What was forecast of a product before its day, base units: in 1, 5 and 9 of 10 cases less is asked for. */
export interface ForecastBounds {
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
}

/** The least distance from the middle to a bound that counts, as a share of the root of the middle: about a tenth of the amount. */
const leastShare = 0.05;

/**
 * How far what was sold lies from what was forecast, in distances from the middle to the bound on its side. Distances are taken
 * between square roots: sales are counts, whose spread grows with the root of their size.
 *
 * @param soldBase at least 0
 * @returns above 0 where more was sold, below where less; 1 and -1 at the bounds, 0 where nothing was sold and nothing was likely
 */
export function surpriseOf(soldBase: number, { p10, p50, p90 }: ForecastBounds): number {
  const middle = Math.sqrt(Math.max(0, p50));
  const away = Math.sqrt(Math.max(0, soldBase)) - middle;
  if (away === 0) return 0;
  const bound = Math.sqrt(Math.max(0, away > 0 ? p90 : p10));
  const distance = Math.max(Math.abs(bound - middle), leastShare * middle);
  return distance === 0 ? Math.sign(away) * Infinity : away / distance;
}
