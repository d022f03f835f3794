/** .6 category preference + .3 if the price is in the shopper's range + .1 farm preference, at most 1. */
export function behaviourScore(
  categoryPreference: number,
  isPriceInRange: boolean,
  farmPreference: number,
): number {
  return Math.min(1, 0.6 * categoryPreference + (isPriceInRange ? 0.3 : 0) + 0.1 * farmPreference);
}
