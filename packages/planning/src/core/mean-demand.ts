/** Quantiles of what will be asked for, base units. */
export interface DemandQuantiles {
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
}

/**
 * What is asked for on average: .3 P10 + .4 P50 + .3 P90, Swanson's rule. Demand is skewed, so that the mean lies above the
 * middle: what is likely of one product is its P50, but what is likely of many together is the sum of their means, and a
 * forecast is too low or too high on the whole by its mean alone.
 *
 * Where roots of demand are normal, as the forecasts of what sells regularly are, the rule is their mean to two parts in a
 * hundred of the variance (.6 x 1.2816^2 = .985). Hurst, Brown & Swanson (2000), AAPG Bulletin 84.
 */
export function meanDemand({ p10, p50, p90 }: DemandQuantiles): number {
  return 0.3 * (p10 + p90) + 0.4 * p50;
}
