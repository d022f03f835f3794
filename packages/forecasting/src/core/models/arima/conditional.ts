import { factorise, solveFactored } from "../../numeric/linear.ts";
import { freeCount, polynomialsOf } from "./polynomials.ts";
import type { ArimaOrder, LagPolynomial } from "./polynomials.ts";

/**
 * One-step errors of an ARMA model on a centred series; values and errors before the first count as zero.
 *
 * @param out as long as the series; filled
 * @returns the sum of squares
 */
export function armaErrors(
  values: Float64Array,
  ar: LagPolynomial,
  ma: LagPolynomial,
  out: Float64Array,
): number {
  const n = values.length;
  const { lags: arLags, coefficients: arValues } = ar;
  const { lags: maLags, coefficients: maValues } = ma;
  const full = Math.min(n, Math.max(ar.order, ma.order));
  let squares = 0;
  for (let t = 0; t < full; t++) {
    let error = values[t]!;
    for (let i = 0; i < arLags.length; i++)
      if (t >= arLags[i]!) error -= arValues[i]! * values[t - arLags[i]!]!;
    for (let i = 0; i < maLags.length; i++) if (t >= maLags[i]!) error -= maValues[i]! * out[t - maLags[i]!]!;
    out[t] = error;
    squares += error * error;
  }
  // From here on all lags are inside: the loop that nearly all of the time goes into asks no questions.
  for (let t = full; t < n; t++) {
    let error = values[t]!;
    for (let i = 0; i < arLags.length; i++) error -= arValues[i]! * values[t - arLags[i]!]!;
    for (let i = 0; i < maLags.length; i++) error -= maValues[i]! * out[t - maLags[i]!]!;
    out[t] = error;
    squares += error * error;
  }
  return squares;
}

export interface ConditionalFit {
  /** The free numbers of `polynomialsOf`. */
  readonly free: Float64Array;
  readonly squares: number;
}

/**
 * Least squares estimate of an ARMA model, conditional on what came before the series: Levenberg's damped Gauss-Newton
 * steps on the free numbers, with derivatives by differences. Ten times quicker than a search without derivatives.
 *
 * @param values the differenced, centred series
 * Box & Jenkins (1976), "Time Series Analysis", 7.2.
 */
export function fitConditionally(
  values: Float64Array,
  order: ArimaOrder,
  start?: Float64Array,
): ConditionalFit {
  const size = freeCount(order);
  const n = values.length;
  let free = start ?? new Float64Array(size).fill(0.1);
  const errors = new Float64Array(n);
  const moved = new Float64Array(n);
  const evaluate = (at: Float64Array, out: Float64Array): number => {
    const { ar, ma } = polynomialsOf(order, at);
    return armaErrors(values, ar, ma, out);
  };
  let squares = evaluate(free, errors);
  if (size === 0) return { free, squares };
  const slopes = Array.from({ length: size }, () => new Float64Array(n));
  let damping = 1e-3;
  for (let round = 0; round < 8; round++) {
    for (let i = 0; i < size; i++) {
      const nudged = free.slice();
      nudged[i]! += 1e-5;
      evaluate(nudged, moved);
      const slope = slopes[i]!;
      for (let t = 0; t < n; t++) slope[t] = (moved[t]! - errors[t]!) / 1e-5;
    }
    const { matrix, gradient } = normalEquations(slopes, errors);
    let better = false;
    for (let attempt = 0; attempt < 5 && !better; attempt++) {
      const step = dampedStep(matrix, gradient, damping);
      const next = free.map((value, i) => Math.max(-3, Math.min(3, value - (step?.[i] ?? 0))));
      const nextSquares = step ? evaluate(next, moved) : Infinity;
      better = nextSquares < squares;
      damping *= better ? 0.2 : 8;
      if (!better) continue;
      const gain = (squares - nextSquares) / squares;
      free = next;
      squares = nextSquares;
      errors.set(moved);
      if (gain < 1e-5) return { free, squares };
    }
    if (!better) break;
  }
  return { free, squares };
}

function normalEquations(slopes: readonly Float64Array[], errors: Float64Array) {
  const size = slopes.length;
  const matrix = new Float64Array(size * size);
  const gradient = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    const own = slopes[i]!;
    for (let j = 0; j <= i; j++) {
      const other = slopes[j]!;
      let sum = 0;
      for (let t = 0; t < own.length; t++) sum += own[t]! * other[t]!;
      matrix[i * size + j] = matrix[j * size + i] = sum;
    }
    let sum = 0;
    for (let t = 0; t < own.length; t++) sum += own[t]! * errors[t]!;
    gradient[i] = sum;
  }
  return { matrix, gradient };
}

function dampedStep(matrix: Float64Array, gradient: Float64Array, damping: number): Float64Array | undefined {
  const size = gradient.length;
  const damped = matrix.slice();
  for (let i = 0; i < size; i++) damped[i * size + i]! *= 1 + damping;
  const step = gradient.slice();
  if (!factorise(damped, size)) return undefined;
  solveFactored(damped, step, size);
  return step.every(Number.isFinite) ? step : undefined;
}
