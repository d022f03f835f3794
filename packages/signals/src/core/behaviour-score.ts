/** What each part can add to the score of a product for a shopper; they sum to one. */
export const behaviourShares = { category: 0.6, priceInRange: 0.3, farm: 0.1 } as const;

/** .6 category preference + .3 if the price is in the shopper's range + .1 farm preference, at most 1. */
export function behaviourScore(
  categoryPreference: number,
  isPriceInRange: boolean,
  farmPreference: number,
): number {
  const { category, priceInRange, farm } = behaviourShares;
  return Math.min(
    1,
    category * categoryPreference + (isPriceInRange ? priceInRange : 0) + farm * farmPreference,
  );
}
