import { estimate, noMoments, type Moments } from "@almanac/experiments";
import { shareInterval, type ShareInterval } from "./share-interval.ts";

/** Sums over places, of which those of one shopper are alike: each place counts with its weight. */
export interface PlaceSums {
  /** Shoppers. */
  readonly n: number;
  /** Weights of the places that were looked at, and their squares by shopper. */
  readonly y: number;
  readonly yy: number;
  /** Weights of all places, and their squares by shopper. */
  readonly x: number;
  readonly xx: number;
  readonly yx: number;
  /** Squares of the weights of single places. */
  readonly weightSquares: number;
}

export interface ClusteredShare extends ShareInterval {
  /** Places of equal weight, each of a shopper of its own, that would tell as much. */
  readonly effectivePlaces: number;
}

/**
 * The weighted share with its 95 % interval: with inverse chances as weights, what an even draw would have got (self-normalised, as
 * `snips` of experiments). How wide it is goes by shoppers (delta method), as the places of one are no independent trials.
 *
 * @returns share 0 within 0 to 1 without places
 */
export function clusteredShare({ n, y, yy, x, xx, yx, weightSquares }: PlaceSums): ClusteredShare {
  if (n === 0 || x <= 0) return { ...shareInterval(0, 0), effectivePlaces: 0 };
  const moments: Moments = { ...noMoments, n, y, yy, x, xx, yx };
  const share = Math.min(1, y / x);
  const { standardError } = estimate("ratio", moments);
  const byWeights = x ** 2 / weightSquares;
  // One shopper alone tells of one.
  const byShoppers = n < 2 ? 1 : (share * (1 - share)) / standardError ** 2;
  // Without a spread between shoppers, as where nobody looked, the weights alone say how much is known.
  const effectivePlaces = Math.min(byWeights, Number.isFinite(byShoppers) ? byShoppers : byWeights);
  return { ...shareInterval(share * effectivePlaces, effectivePlaces), effectivePlaces };
}
