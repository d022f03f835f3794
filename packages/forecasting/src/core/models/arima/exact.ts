import { solveGeneral } from "../../numeric/linear.ts";
import type { LagPolynomial } from "./polynomials.ts";

/** What the exact likelihood of an ARMA model consists of. */
export interface ExactLikelihood {
  /** Estimate of the error variance. */
  readonly variance: number;
  /** Minus twice the log likelihood, with the variance at its estimate, 2 pi included. */
  readonly minusTwoLog: number;
}

/**
 * The exact Gaussian likelihood of a stationary ARMA model.
 *
 * @param values n values with mean zero
 * @returns undefined where the model is on the edge of stationarity and its covariances have no numbers
 *
 * Ansley (1979), "An algorithm for the exact likelihood of a mixed autoregressive-moving average process", Biometrika 66:
 * after the first r = max(p, q) values the autoregression is taken out, so that the covariance matrix is a band of width r,
 * whose Cholesky factor costs n r^2 where the Kalman filter's covariance costs n r^2 with a far larger factor.
 */
export function exactLikelihood(
  values: Float64Array,
  ar: LagPolynomial,
  ma: LagPolynomial,
): ExactLikelihood | undefined {
  const n = values.length;
  const p = ar.order;
  const q = ma.order;
  const reach = Math.max(p, q);
  const phi = dense(ar);
  const theta = dense(ma);
  theta[0] = 1;
  const gamma = armaCovariances(phi, theta, p, q);
  if (!gamma) return undefined;
  const movingAverage = new Float64Array(q + 1);
  for (let k = 0; k <= q; k++) {
    for (let i = 0; i + k <= q; i++) movingAverage[k]! += theta[i]! * theta[i + k]!;
  }
  const covariance = (i: number, j: number): number => {
    // i >= j; both counted from 0.
    if (i < reach) return gamma[i - j]!;
    if (j >= reach) return i - j <= q ? movingAverage[i - j]! : 0;
    let sum = gamma[i - j]!;
    for (let k = 0; k < ar.lags.length; k++) {
      sum -= ar.coefficients[k]! * gamma[Math.abs(i - j - ar.lags[k]!)]!;
    }
    return sum;
  };
  const width = reach + 1;
  const band = new Float64Array(n * width);
  const whitened = new Float64Array(n);
  let squares = 0;
  let logs = 0;
  for (let i = 0; i < n; i++) {
    let value = values[i]!;
    if (i >= reach)
      for (let k = 0; k < ar.lags.length; k++) value -= ar.coefficients[k]! * values[i - ar.lags[k]!]!;
    const first = Math.max(0, i - reach);
    for (let j = first; j <= i; j++) {
      let sum = j < reach || i - j <= q ? covariance(i, j) : 0;
      const low = Math.max(first, j - reach);
      const rowI = i * width + reach - i;
      const rowJ = j * width + reach - j;
      for (let k = low; k < j; k++) sum -= band[rowI + k]! * band[rowJ + k]!;
      if (j < i) {
        const factor = sum / band[rowJ + j]!;
        band[rowI + j] = factor;
        value -= factor * whitened[j]!;
      } else {
        if (!(sum > 1e-12)) return undefined;
        band[rowI + i] = Math.sqrt(sum);
        logs += Math.log(sum);
        value /= band[rowI + i]!;
      }
    }
    whitened[i] = value;
    squares += value * value;
  }
  const variance = squares / n;
  return { variance, minusTwoLog: n * (Math.log(2 * Math.PI * (variance + 1e-300)) + 1) + logs };
}

/** Coefficients by lag, index 0 unused. */
function dense({ lags, coefficients, order }: LagPolynomial): Float64Array {
  const out = new Float64Array(order + 1);
  lags.forEach((lag, i) => (out[lag] = coefficients[i]!));
  return out;
}

/**
 * Autocovariances 0 .. max(p, q) of an ARMA process with errors of variance one: the Yule-Walker equations with the moving
 * average on the right. Brockwell & Davis (1991), "Time Series", 3.3, second method.
 */
export function armaCovariances(
  phi: Float64Array,
  theta: Float64Array,
  p: number,
  q: number,
): Float64Array | undefined {
  const psi = new Float64Array(q + 1);
  for (let j = 0; j <= q; j++) {
    let sum = theta[j]!;
    for (let i = 1; i <= Math.min(j, p); i++) sum += phi[i]! * psi[j - i]!;
    psi[j] = sum;
  }
  const right = (k: number): number => {
    let sum = 0;
    for (let j = k; j <= q; j++) sum += theta[j]! * psi[j - k]!;
    return sum;
  };
  const size = p + 1;
  const matrix = new Float64Array(size * size);
  const vector = new Float64Array(size);
  for (let k = 0; k <= p; k++) {
    matrix[k * size + k]! += 1;
    for (let i = 1; i <= p; i++) matrix[k * size + Math.abs(k - i)]! -= phi[i]!;
    vector[k] = right(k);
  }
  if (!solveGeneral(matrix, vector, size) || !(vector[0]! > 0)) return undefined;
  const reach = Math.max(p, q);
  const gamma = new Float64Array(reach + 1);
  gamma.set(vector);
  for (let k = p + 1; k <= reach; k++) {
    let sum = right(k);
    for (let i = 1; i <= p; i++) sum += phi[i]! * gamma[Math.abs(k - i)]!;
    gamma[k] = sum;
  }
  return gamma;
}
