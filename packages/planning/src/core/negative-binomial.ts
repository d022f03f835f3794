/**
 * The distribution of a count whose rate is itself uncertain: Poisson with a rate that is Gamma with shape `shape`.
 *
 * @param mean  >= 0
 * @param shape > 0; the variance is mean + mean² / shape
 */
export interface NegativeBinomial {
  readonly mean: number;
  readonly shape: number;
}

/** Above this mean a normal distribution stands in: the steps are smaller than anybody sees. */
const largeMean = 20_000;

/**
 * The probability of at most `count`, where counts are joined by straight lines, so that it grows without steps.
 *
 * Sums the mass from below by its recurrence in logarithms, p(k+1)/p(k) = (shape + k)/(k + 1) · mean/(mean + shape).
 *
 * @param count any number; below 0 it is 0
 * @returns 0 to 1
 */
export function probabilityUpTo({ mean, shape }: NegativeBinomial, count: number): number {
  if (count < 0) return 0;
  if (mean <= 0) return 1;
  if (mean > largeMean) return normalUpTo(mean, mean + (mean * mean) / shape, count);
  if (count > mean + 40 * Math.sqrt(mean + (mean * mean) / shape) + 40) return 1;
  const whole = Math.floor(count);
  const ratio = Math.log(mean / (mean + shape));
  let mass = -shape * Math.log1p(mean / shape);
  let below = 0;
  for (let k = 0; k <= whole; k++) {
    below += Math.exp(mass);
    mass += Math.log((shape + k) / (k + 1)) + ratio;
  }
  return Math.min(1, below + (count - whole) * Math.exp(mass));
}

/**
 * The count that is not exceeded with a probability of `share`; the inverse of `probabilityUpTo`.
 *
 * @param share above 0, below 1
 */
export function countAt(law: NegativeBinomial, share: number): number {
  const { mean, shape } = law;
  if (mean <= 0 || probabilityUpTo(law, 0) >= share) return 0;
  const spread = Math.sqrt(mean + (mean * mean) / shape);
  let low = 0;
  let high = mean + 4 * spread + 4;
  while (probabilityUpTo(law, high) < share) high *= 2;
  for (let step = 0; step < 40 && high - low > 1e-6 * (1 + high); step++) {
    const middle = (low + high) / 2;
    if (probabilityUpTo(law, middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Abramowitz and Stegun 7.1.26, to 1.5e-7. */
function normalUpTo(mean: number, variance: number, value: number): number {
  const z = (value + 0.5 - mean) / Math.sqrt(2 * variance);
  const t = 1 / (1 + 0.3275911 * Math.abs(z));
  const tail =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const erf = 1 - tail * Math.exp(-z * z);
  return 0.5 * (1 + Math.sign(z) * erf);
}
