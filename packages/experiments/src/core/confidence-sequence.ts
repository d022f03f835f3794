import { invariant } from "@almanac/kernel";

export interface SequenceSettings {
  /** Chance of ever excluding the truth. */
  readonly alpha: number;
  /** The number of shoppers in both arms at which the interval is tightest. */
  readonly tightestAt: number;
}

export const defaultSequence: SequenceSettings = { alpha: 0.05, tightestAt: 5_000 };

/**
 * Variance of the mixture whose boundary is tightest at n: (-2 ln a + ln(-2 ln a + 1)) / n.
 */
function mixtureVariance({ alpha, tightestAt }: SequenceSettings): number {
  const twoLog = -2 * Math.log(alpha);
  return (twoLog + Math.log(twoLog + 1)) / tightestAt;
}

/**
 * How many standard errors wide either side of an interval must be so that it holds at every number of shoppers at once:
 * one may look as often as one likes, stop whenever one likes, and go on after that.
 *
 * sqrt( 2 (n v + 1) / (n v) · ln( sqrt(n v + 1) / a ) ), Robbins' normal mixture: Waudby-Smith, Arbour, Sinha, Kennedy,
 * Ramdas (2021), "Time-uniform central limit theory and asymptotic confidence sequences", arXiv:2103.06476, eq. 14. It is
 * the boundary of the mixture sequential probability ratio test (Johari, Koomen, Pekelis, Walsh 2017, KDD).
 *
 * @param n shoppers in both arms, > 0
 */
export function anytimeMultiplier(n: number, settings: SequenceSettings = defaultSequence): number {
  invariant(settings.alpha > 0 && settings.alpha < 1 && settings.tightestAt > 0, "settings of a sequence");
  if (n <= 0) return Infinity;
  const nv = n * mixtureVariance(settings);
  return Math.sqrt(((2 * (nv + 1)) / nv) * Math.log(Math.sqrt(nv + 1) / settings.alpha));
}

/**
 * The smallest alpha at which the interval would exclude zero now: a p-value that may be read at any time. The smallest of
 * all looks is valid too.
 *
 * @param z the estimate over its standard error
 */
export function anytimeP(z: number, n: number, settings: SequenceSettings = defaultSequence): number {
  if (n <= 0) return 1;
  const nv = n * mixtureVariance(settings);
  return Math.min(1, Math.sqrt(nv + 1) * Math.exp((-z * z * nv) / (2 * (nv + 1))));
}
