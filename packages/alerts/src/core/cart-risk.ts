import { hours, type Milliseconds } from "@almanac/kernel";

/** From here on a cart's owner is reminded. */
export const riskyFrom = 0.7;

/** A cart is settled after so long without a change: a pause for dinner is none. */
const settleMs = hours(6);
/** So long before the orders close, a settled cart is as likely forgotten as not. */
const evenMs = hours(6);

/**
 * How likely a cart is to be forgotten, in [0, 1]: by a rule, not learned. At a weekly market people fill a cart on Tuesday and
 * order on Friday, so that being left alone says little until the orders are about to close (EVT-10):
 * (1 - e^(-idle / 6 h)) / (1 + (until close / 6 h)^2).
 *
 * @param idleMs since the cart was last changed, >= 0
 * @param untilCloseMs until the market's orders close; 0 or less: there is nothing to be late for, so 0
 */
export function cartRisk(idleMs: Milliseconds, untilCloseMs: Milliseconds): number {
  if (untilCloseMs <= 0) return 0;
  const settled = 1 - Math.exp(-Math.max(0, idleMs) / settleMs);
  return settled / (1 + (untilCloseMs / evenMs) ** 2);
}
