import type { ErrorCovariance } from "./reconcile.ts";

/**
 * The covariance of errors with correlations shrunk towards none, by as much as they are uncertain: always positive
 * definite, however few the errors.
 *
 * @param given T errors of each series, aligned in time; NaN where a series has none
 * @param unknown deviation of each series, in the unit of its errors, for those that have none; without it the mean of the others
 * @returns variances of the series on the diagonal, at least a millionth of the usual deviation squared. Where squares of the
 *   errors have no room (beyond 1e100, or all below 1e-100), all are in the unit of the largest: who weighs them by each
 *   other, as `reconcile` does, needs no other
 * Schäfer & Strimmer (2005), "A shrinkage approach to large-scale covariance matrix estimation", Statistical Applications in
 * Genetics and Molecular Biology 4.
 */
export function shrunkCovariance(
  given: readonly Float64Array[],
  unknown?: readonly number[],
): ErrorCovariance {
  const size = given.length;
  const unit = unitOf(given);
  const errors = unit === 1 ? given : given.map((series) => series.map((value) => value / unit));
  const known = errors.map((series) => rootMeanSquare(series));
  const usual = mean(known.filter((value): value is number => value !== undefined && value > 0)) || 1;
  const deviations = known.map((value, i) => {
    const own = value ?? (unknown ? Math.abs(unknown[i]!) / unit : usual);
    return Math.max(own, 1e-6 * usual);
  });
  const scaled = errors.map((series, i) => series.map((value) => value / deviations[i]!));
  const correlations = new Float64Array(size * size);
  let squares = 0;
  let uncertainty = 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) {
      const { correlation, variance } = paired(scaled[i]!, scaled[j]!);
      correlations[i * size + j] = correlation;
      squares += correlation * correlation;
      uncertainty += variance;
    }
  }
  const shrinkage = squares > 0 ? Math.max(0.05, Math.min(1, uncertainty / squares)) : 1;
  const values = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    values[i * size + i] = deviations[i]! ** 2;
    for (let j = 0; j < i; j++) {
      const covariance = (1 - shrinkage) * correlations[i * size + j]! * deviations[i]! * deviations[j]!;
      values[i * size + j] = values[j * size + i] = covariance;
    }
  }
  return { size, values };
}

/** What errors are divided by, so that their squares have room. */
function unitOf(errors: readonly Float64Array[]): number {
  let largest = 0;
  for (const series of errors) for (const value of series) largest = Math.max(largest, Math.abs(value) || 0);
  return largest === 0 || (largest > 1e-100 && largest < 1e100) ? 1 : largest;
}

/** Correlation of two scaled series where both are known, and the variance of that estimate; 0 with fewer than three pairs. */
function paired(a: Float64Array, b: Float64Array): { correlation: number; variance: number } {
  const products: number[] = [];
  for (let t = 0; t < a.length; t++) {
    const product = a[t]! * b[t]!;
    if (!Number.isNaN(product)) products.push(product);
  }
  const n = products.length;
  if (n < 3) return { correlation: 0, variance: 0 };
  const correlation = mean(products);
  const spread = products.reduce((sum, product) => sum + (product - correlation) ** 2, 0);
  return { correlation: Math.max(-0.99, Math.min(0.99, correlation)), variance: spread / (n * (n - 1)) };
}

/** `undefined` where no error is known. */
function rootMeanSquare(values: Float64Array): number | undefined {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    sum += value * value;
    count++;
  }
  return count > 0 ? Math.sqrt(sum / count) : undefined;
}

function mean(values: readonly number[]): number {
  return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : 0;
}
