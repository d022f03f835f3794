import type { Cents } from "@almanac/kernel";

export interface NeighbourPrice {
  readonly farmId: string;
  /** For 1000 g, 1000 ml or a piece. */
  readonly comparableCents: Cents;
}

export interface PriceBand {
  readonly lowerCents: Cents;
  readonly medianCents: Cents;
  readonly upperCents: Cents;
  /** How many other farms. */
  readonly farms: number;
}

/** With fewer one could tell who asks what. */
export const fewestNeighbours = 5;
const roundedTo = 10;

/**
 * What others ask, as quartiles over farms and never as anybody's price: each farm counts once, by the middle of its own
 * prices, and the ends are rounded to ten cents.
 *
 * @returns `undefined` with fewer than five other farms
 */
export function priceBand(prices: readonly NeighbourPrice[], ownFarmId: string): PriceBand | undefined {
  const byFarm = Map.groupBy(
    prices.filter(({ farmId }) => farmId !== ownFarmId),
    ({ farmId }) => farmId,
  );
  if (byFarm.size < fewestNeighbours) return undefined;
  const farms = [...byFarm.values()]
    .map((own) =>
      quantile(
        own.map(({ comparableCents }) => comparableCents),
        0.5,
      ),
    )
    .sort((a, b) => a - b);
  const at = (share: number): Cents => Math.round(quantile(farms, share) / roundedTo) * roundedTo;
  return { lowerCents: at(0.25), medianCents: at(0.5), upperCents: at(0.75), farms: farms.length };
}

/** By linear interpolation (Hyndman & Fan 1996, type 7). */
function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const before = Math.floor(place);
  return sorted[before]! + (place - before) * ((sorted[before + 1] ?? sorted[before]!) - sorted[before]!);
}
