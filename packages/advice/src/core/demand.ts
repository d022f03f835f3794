import { normalQuantile } from "./normal-quantile.ts";

/** What may be asked for on a market day, in base units: 0 <= p10 <= p50 <= p90. */
export interface DemandQuantiles {
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
}

const z90 = 1.2815515655446004;

/**
 * The quantity that demand stays below with the given chance: a normal distribution with one spread below its middle and
 * another above, through the three quantiles that are forecast, and never below 0. Rises with `share`.
 *
 * @param share in (0, 1)
 */
export function demandQuantile({ p10, p50, p90 }: DemandQuantiles, share: number): number {
  const spread = Math.max(0, share < 0.5 ? p50 - p10 : p90 - p50) / z90;
  return spread === 0 ? Math.max(0, p50) : Math.max(0, p50 + spread * normalQuantile(share));
}

const steps = 200;
/** Deviates of a standard normal distribution at the midpoints of two hundred equal chances. */
const deviates = Float64Array.from({ length: steps }, (_, at) => normalQuantile((at + 0.5) / steps));

/** What is asked for with each of two hundred equal chances, rising: `demandQuantile` of their midpoints. */
function askedOf(demand: DemandQuantiles): Float64Array {
  const known = asked.get(demand);
  if (known) return known;
  const { p10, p50, p90 } = demand;
  const below = Math.max(0, p50 - p10) / z90;
  const above = Math.max(0, p90 - p50) / z90;
  const found = deviates.map((deviate) => Math.max(0, p50 + (deviate < 0 ? below : above) * deviate));
  asked.set(demand, found);
  return found;
}

/** Of the demand that each crate of a load is weighed against. */
const asked = new WeakMap<DemandQuantiles, Float64Array>();

/** What is sold on average of a quantity, min(demand, quantity): the mean over two hundred equal chances. */
export function expectedSales(demand: DemandQuantiles, quantity: number): number {
  let sum = 0;
  for (const base of askedOf(demand)) sum += Math.min(quantity, base);
  return sum / steps;
}

/** How likely a quantity is enough, 0 to 1: of two hundred equal chances, those that ask for no more. */
export const chanceEnough = (demand: DemandQuantiles, quantity: number): number =>
  askedOf(demand).filter((base) => base <= quantity).length / steps;

/** What is asked for beyond what is ordered already: that is put aside, and not in stock. */
export const beyond = ({ p10, p50, p90 }: DemandQuantiles, orderedBase: number): DemandQuantiles => ({
  p10: Math.max(0, p10 - orderedBase),
  p50: Math.max(0, p50 - orderedBase),
  p90: Math.max(0, p90 - orderedBase),
});

/** What several markets of a day ask for, as if all of them went well or badly together. */
export const together = (demands: readonly DemandQuantiles[]): DemandQuantiles => {
  const sum = (pick: (demand: DemandQuantiles) => number): number =>
    demands.reduce((total, demand) => total + pick(demand), 0);
  return { p10: sum(({ p10 }) => p10), p50: sum(({ p50 }) => p50), p90: sum(({ p90 }) => p90) };
};

/** What is asked for on average: above the middle, as there is more room for more than for less. */
export const meanDemand = (demand: DemandQuantiles): number => expectedSales(demand, Infinity);
