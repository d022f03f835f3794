import { compare, type Difference, type Estimate } from "./difference.ts";
import { addMoments, spreadOf, type Moments } from "./moments.ts";

export interface Cuped {
  readonly difference: Difference;
  /** How much a shopper's past says about what is measured: the slope that was taken off. */
  readonly theta: number;
  /** Variance that is left, as a share of what it was: 1 - correlation². */
  readonly remainingVariance: number;
}

/**
 * The difference of two means after what shoppers did before the experiment is taken into account:
 * y - theta (c - mean of c over both arms), with theta = cov(y, c) / var(c) within arms. The expected difference is the
 * same, as the past cannot depend on the arm.
 *
 * Deng, Xu, Kohavi, Walker (2013), "Improving the sensitivity of online controlled experiments by utilizing pre-experiment
 * data", WSDM.
 *
 * @returns theta 0 and all of the variance where nothing is known of the past
 */
export function cupedDifference(control: Moments, treatment: Moments): Cuped {
  const both = addMoments(control, treatment);
  const a = spreadOf(control);
  const b = spreadOf(treatment);
  const within = (of: (spread: typeof a) => number): number =>
    of(a) * Math.max(0, control.n - 1) + of(b) * Math.max(0, treatment.n - 1);
  const past = within((spread) => spread.cc);
  const theta = past > 0 ? within((spread) => spread.yc) / past : 0;
  const pooledPast = both.n > 0 ? both.c / both.n : 0;
  const before = within((spread) => spread.yy);
  return {
    difference: compare(adjusted(control, theta, pooledPast), adjusted(treatment, theta, pooledPast)),
    theta,
    remainingVariance: before > 0 ? Math.max(0, 1 - (theta * theta * past) / before) : 1,
  };
}

function adjusted(m: Moments, theta: number, pooledPast: number): Estimate {
  if (m.n < 2) return { value: 0, standardError: Infinity, n: m.n };
  const spread = spreadOf(m);
  const variance = Math.max(0, spread.yy - 2 * theta * spread.yc + theta * theta * spread.cc);
  return {
    value: m.y / m.n - theta * (m.c / m.n - pooledPast),
    standardError: Math.sqrt(variance / m.n),
    n: m.n,
  };
}
