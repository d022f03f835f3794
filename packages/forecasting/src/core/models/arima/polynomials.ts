/** The orders of a seasonal ARIMA model, (p,d,q)(P,D,Q) with the season's length. */
export interface ArimaOrder {
  readonly p: number;
  readonly d: number;
  readonly q: number;
  readonly seasonalP: number;
  readonly seasonalD: number;
  readonly seasonalQ: number;
  readonly season: number;
  /** A mean of the differenced series: a level, or a drift when it was differenced once. */
  readonly constant: boolean;
}

/**
 * Coefficients of a polynomial in the lag, without the leading one; only lags that occur.
 * An autoregression y(t) = sum c(i) y(t - lag(i)) + e(t), or a moving average e(t) + sum c(i) e(t - lag(i)).
 */
export interface LagPolynomial {
  readonly lags: Int32Array;
  readonly coefficients: Float64Array;
  /** The longest lag, 0 when there is none. */
  readonly order: number;
}

/**
 * Coefficients of a stationary autoregression from any real numbers: tanh makes partial autocorrelations of them, the
 * Durbin-Levinson recursion coefficients. Invertible moving averages are the same with the sign turned.
 *
 * Monahan (1984), "A note on enforcing stationarity in autoregressive-moving average models", Biometrika 71.
 */
export function stationary(free: ArrayLike<number>, from: number, order: number): number[] {
  const out: number[] = [];
  for (let k = 0; k < order; k++) {
    const partial = Math.tanh(free[from + k]!);
    const before = out.slice();
    for (let i = 0; i < k; i++) out[i] = before[i]! - partial * before[k - 1 - i]!;
    out.push(partial);
  }
  return out;
}

/** (1 - sum a(i) B^i)(1 - sum b(j) B^(j m)) written as one autoregression. */
export function multiplied(short: readonly number[], long: readonly number[], season: number): LagPolynomial {
  const lags: number[] = [];
  const coefficients: number[] = [];
  const add = (lag: number, coefficient: number): void => {
    const at = lags.indexOf(lag);
    if (at >= 0) coefficients[at]! += coefficient;
    else {
      lags.push(lag);
      coefficients.push(coefficient);
    }
  };
  short.forEach((a, i) => add(i + 1, a));
  long.forEach((b, j) => add((j + 1) * season, b));
  short.forEach((a, i) => long.forEach((b, j) => add(i + 1 + (j + 1) * season, -a * b)));
  return {
    lags: Int32Array.from(lags),
    coefficients: Float64Array.from(coefficients),
    order: lags.reduce((most, lag) => Math.max(most, lag), 0),
  };
}

/** How many numbers `polynomialsOf` reads. */
export function freeCount({ p, q, seasonalP, seasonalQ }: ArimaOrder): number {
  return p + q + seasonalP + seasonalQ;
}

/** The autoregression and moving average of the differenced series from any real numbers, p, P, q, Q of them in turn. */
export function polynomialsOf(
  order: ArimaOrder,
  free: Float64Array,
): { ar: LagPolynomial; ma: LagPolynomial } {
  const { p, q, seasonalP, seasonalQ, season } = order;
  const ar = multiplied(stationary(free, 0, p), stationary(free, p, seasonalP), season);
  const inverse = multiplied(
    stationary(free, p + seasonalP, q),
    stationary(free, p + seasonalP + q, seasonalQ),
    season,
  );
  return { ar, ma: { ...inverse, coefficients: inverse.coefficients.map((value) => -value) } };
}

/** Differences a series: `d` times at lag 1 after `seasonalD` times at the season. Shorter by d + seasonalD * season. */
export function differenced(
  values: Float64Array,
  d: number,
  seasonalD: number,
  season: number,
): Float64Array {
  let out = values;
  const at = (lag: number): void => {
    const before = out;
    out = new Float64Array(Math.max(0, before.length - lag));
    for (let t = 0; t < out.length; t++) out[t] = before[t + lag]! - before[t]!;
  };
  for (let i = 0; i < seasonalD; i++) at(season);
  for (let i = 0; i < d; i++) at(1);
  return out;
}
