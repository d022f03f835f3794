import { spreadOf, type Moments } from "./moments.ts";

/**
 * How a metric is computed from its moments: the mean of `y` over shoppers, the share of shoppers with `y` = 1, or the sum
 * of `y` over the sum of `x`.
 */
export type MetricKind = "mean" | "proportion" | "ratio";

/** A value with the standard error of its estimate. */
export interface Estimate {
  readonly value: number;
  readonly standardError: number;
  /** Shoppers behind it. */
  readonly n: number;
}

export interface Difference {
  readonly control: Estimate;
  readonly treatment: Estimate;
  /** Treatment less control, in the metric's unit. */
  readonly absolute: Estimate;
  /** Treatment over control, less one: .2 is +20 %. `undefined` where control is zero. */
  readonly relative: Estimate | undefined;
}

/**
 * The metric in one arm.
 *
 * A ratio of sums is not a mean of shoppers, as shoppers with many searches count more and their searches are alike; its
 * variance is that of y - r x, by the delta method: Deng, Knoblich, Lu (2018), "Applying the delta method in metric
 * analytics", KDD, section 3.
 *
 * @returns value 0 with an infinite standard error for fewer than two shoppers, or where nothing is measured per
 */
export function estimate(kind: MetricKind, m: Moments): Estimate {
  const { n } = m;
  if (n < 2 || (kind === "ratio" && m.x <= 0)) return { value: 0, standardError: Infinity, n };
  if (kind === "proportion") {
    const share = m.y / n;
    return { value: share, standardError: Math.sqrt((share * (1 - share)) / n), n };
  }
  const spread = spreadOf(m);
  if (kind === "mean") return { value: m.y / n, standardError: Math.sqrt(spread.yy / n), n };
  const ratio = m.y / m.x;
  const variance = Math.max(0, spread.yy - 2 * ratio * spread.yx + ratio * ratio * spread.xx);
  return { value: ratio, standardError: Math.sqrt(variance / n) / (m.x / n), n };
}

/** Treatment against control, for two independent estimates. */
export function compare(control: Estimate, treatment: Estimate): Difference {
  const n = control.n + treatment.n;
  const absolute = {
    value: treatment.value - control.value,
    standardError: Math.hypot(control.standardError, treatment.standardError),
    n,
  };
  return { control, treatment, absolute, relative: relativeOf(control, treatment, n) };
}

/**
 * t/c - 1, with variance var(t)/c² + t² var(c)/c⁴ (delta method). Near a control of zero this is no use, and the absolute
 * difference is what to read.
 */
function relativeOf(control: Estimate, treatment: Estimate, n: number): Estimate | undefined {
  if (control.value === 0) return undefined;
  const ratio = treatment.value / control.value;
  const standardError =
    Math.hypot(treatment.standardError, ratio * control.standardError) / Math.abs(control.value);
  return { value: ratio - 1, standardError: Number.isNaN(standardError) ? Infinity : standardError, n };
}

export function difference(kind: MetricKind, control: Moments, treatment: Moments): Difference {
  return compare(estimate(kind, control), estimate(kind, treatment));
}

/** Freedom of Welch's t for two means: what small groups need in place of the normal distribution. */
export function welchFreedom(control: Estimate, treatment: Estimate): number {
  const a = control.standardError ** 2;
  const b = treatment.standardError ** 2;
  if (!(a + b > 0) || a + b === Infinity) return 1;
  return (a + b) ** 2 / (a ** 2 / (control.n - 1) + b ** 2 / (treatment.n - 1));
}
