/** A share with what it may be. */
export interface ClickShare {
  readonly share: number;
  /** 95 % interval (Wilson 1927), within 0 and 1. */
  readonly low: number;
  readonly high: number;
  /** What it is a share of: searches, or looks. */
  readonly of: number;
}

const z = 1.959963984540054;

/**
 * Clicks of what could have been clicked, with the interval of Wilson, which stays sensible where there are few of them.
 *
 * @param clicks >= 0
 * @param of     searches or expected looks, >= 0; need be no whole number
 * @returns `undefined` of nothing
 */
export function clickShare(clicks: number, of: number): ClickShare | undefined {
  if (!(of > 0)) return undefined;
  const share = Math.min(1, clicks / of);
  const denominator = 1 + z ** 2 / of;
  const middle = (share + z ** 2 / (2 * of)) / denominator;
  const half = (z / denominator) * Math.sqrt((share * (1 - share)) / of + z ** 2 / (4 * of ** 2));
  return { share, low: Math.max(0, middle - half), high: Math.min(1, middle + half), of };
}
