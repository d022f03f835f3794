/** Distribution functions, in double precision. Each is held to published values in `special-functions.test.ts`. */

const sqrt2Pi = Math.sqrt(2 * Math.PI);

/** Density of the standard normal distribution. */
export function normalDensity(z: number): number {
  return Math.exp(-0.5 * z * z) / sqrt2Pi;
}

/**
 * Probability that a standard normal value is at most `z`. Relative error below 1e-10 in either tail: by the incomplete
 * gamma function, as erf(x) = P(1/2, x²).
 */
export function normalCdf(z: number): number {
  if (z === 0) return 0.5;
  const tail = 0.5 * upperGamma(0.5, (z * z) / 2);
  return z > 0 ? 1 - tail : tail;
}

/**
 * The value that a standard normal variable stays below with the given probability.
 *
 * @param probability strictly between 0 and 1; at 0 and 1 the answer is infinite
 *
 * Acklam's rational approximation (relative error 1.2e-9), made exact by one step of Halley's method.
 */
export function normalQuantile(probability: number): number {
  if (probability <= 0) return -Infinity;
  if (probability >= 1) return Infinity;
  const start = acklam(probability);
  const error = (normalCdf(start) - probability) / normalDensity(start);
  return start - error / (1 + (start * error) / 2);
}

const a = [
  -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716,
  2.506628277459239,
];
const b = [
  -54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1,
];
const c = [
  -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
];
const d = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1];

function acklam(p: number): number {
  if (p > 0.5) return -acklam(1 - p);
  if (p < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(p));
    return horner(c, q) / horner(d, q);
  }
  const q = p - 0.5;
  return (horner(a, q * q) * q) / horner(b, q * q);
}

function horner(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((value, coefficient) => value * x + coefficient, 0);
}

const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** Logarithm of the gamma function for x > 0 (Lanczos, g = 7, n = 9). */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const base = x + 6.5;
  const series = lanczos.reduce((sum, term, i) => (i === 0 ? term : sum + term / (x - 1 + i)), 0);
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(base) - base + Math.log(series);
}

/**
 * The regularised upper incomplete gamma function Q(shape, x): series below shape + 1, continued fraction above
 * (Numerical Recipes, 3rd ed., 6.2).
 */
export function upperGamma(shape: number, x: number): number {
  if (x <= 0) return 1;
  const front = Math.exp(-x + shape * Math.log(x) - logGamma(shape));
  if (x < shape + 1) {
    let term = 1 / shape;
    let sum = term;
    for (let n = 1; n < 500 && Math.abs(term) > Math.abs(sum) * 1e-16; n++) sum += term *= x / (shape + n);
    return 1 - front * sum;
  }
  return front * lentz(x + 1 - shape, (n) => ({ over: -n * (n - shape), under: x + 2 * n + 1 - shape }));
}

/** 1 / (start + over1 / (under1 + over2 / (under2 + ...))), by the modified Lentz algorithm. */
function lentz(start: number, step: (n: number) => { over: number; under: number }): number {
  const tiny = 1e-300;
  let ratio = 1 / (start || tiny);
  let c = 1 / tiny;
  let value = ratio;
  for (let n = 1; n < 1_000; n++) {
    const { over, under } = step(n);
    ratio = 1 / (over * ratio + under || tiny);
    c = under + over / c || tiny;
    value *= c * ratio;
    if (Math.abs(c * ratio - 1) < 1e-15) break;
  }
  return value;
}

/** Probability that a chi-square value with `freedom` degrees of freedom is above `x`. */
export function chiSquareTail(x: number, freedom: number): number {
  return upperGamma(freedom / 2, x / 2);
}

/** The regularised incomplete beta function I_x(p, q) (continued fraction, Numerical Recipes, 3rd ed., 6.4). */
export function incompleteBeta(x: number, p: number, q: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (p + 1) / (p + q + 2)) return 1 - incompleteBeta(1 - x, q, p);
  const front = Math.exp(logGamma(p + q) - logGamma(p) - logGamma(q) + p * Math.log(x) + q * Math.log(1 - x));
  return (front / p) * lentz(1, (n) => ({ over: betaStep(n, x, p, q), under: 1 }));
}

function betaStep(n: number, x: number, p: number, q: number): number {
  const m = Math.floor(n / 2);
  return n % 2 === 0
    ? (m * (q - m) * x) / ((p + 2 * m - 1) * (p + 2 * m))
    : (-(p + m) * (p + q + m) * x) / ((p + 2 * m) * (p + 2 * m + 1));
}

/** Probability that Student's t with `freedom` degrees of freedom (> 0, not whole perhaps) is at most `t`. */
export function studentCdf(t: number, freedom: number): number {
  if (freedom > 1e7) return normalCdf(t);
  const tail = 0.5 * incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5);
  return t > 0 ? 1 - tail : tail;
}

/**
 * The value that Student's t stays below with the given probability, by bisection: 60 halvings from a bracket that is
 * widened until it holds the answer.
 */
export function studentQuantile(probability: number, freedom: number): number {
  if (probability <= 0) return -Infinity;
  if (probability >= 1) return Infinity;
  if (probability < 0.5) return -studentQuantile(1 - probability, freedom);
  let low = 0;
  let high = 2;
  while (studentCdf(high, freedom) < probability && high < 1e12) high *= 2;
  for (let i = 0; i < 80; i++) {
    const middle = (low + high) / 2;
    if (studentCdf(middle, freedom) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
