import type { Difference, Estimate } from "./difference.ts";

/** A value with what it may really be. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface IntervalPair {
  readonly absolute: Interval;
  readonly relative: Interval | undefined;
}

/**
 * Both intervals of a difference.
 *
 * @param multiplier standard errors either side
 * @param widening   factor on the standard error, for shoppers of one market day who are alike; at least 1
 */
export function intervalsOf(
  { absolute, relative }: Pick<Difference, "absolute" | "relative">,
  multiplier: number,
  widening = 1,
): IntervalPair {
  const around = ({ value, standardError }: Estimate): Interval => {
    const half = multiplier * widening * standardError;
    return { value, low: value - half, high: value + half };
  };
  return { absolute: around(absolute), relative: relative && around(relative) };
}

export function excludesZero({ low, high }: Interval): boolean {
  return low > 0 || high < 0;
}
