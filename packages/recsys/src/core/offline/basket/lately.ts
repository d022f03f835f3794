import type { BasketLog } from "../baskets.ts";

/**
 * What everybody buys "now" where nothing is dated: each basket counts a fixed share of the one that the same user had after
 * it. One entry an item.
 */
export interface LatelyBought {
  /** Share of baskets with the item. */
  readonly popularity: Float64Array;
  /** Of the baskets but first ones, the share in which the user bought it for the first time. */
  readonly takeUp: Float64Array;
}

/** @param rate what a basket counts against the next one of the same user, 0..1 */
export function readLatelyBought(log: BasketLog, rate: number): LatelyBought {
  const popularity = new Float64Array(log.itemCount);
  const takeUp = new Float64Array(log.itemCount);
  let baskets = 0;
  let later = 0;
  for (const history of log.byUser) {
    const seen = new Set<number>();
    history.forEach(({ items }, at) => {
      const weight = rate ** (history.length - 1 - at);
      baskets += weight;
      if (at > 0) later += weight;
      for (const item of items) {
        popularity[item]! += weight;
        if (at > 0 && !seen.has(item)) takeUp[item]! += weight;
        seen.add(item);
      }
    });
  }
  return {
    popularity: popularity.map((sum) => sum / Math.max(1, baskets)),
    takeUp: takeUp.map((sum) => sum / Math.max(1, later)),
  };
}
