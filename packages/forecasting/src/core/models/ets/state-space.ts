/** Which parts an exponential smoothing model has. */
export interface EtsForm {
  readonly error: "additive" | "multiplicative";
  readonly trend: "none" | "additive" | "damped";
  readonly season: "none" | "additive" | "multiplicative";
}

/** Parameters of a form: alpha, beta, gamma and phi as Hyndman et al. write them, and the states before the first value. */
export interface EtsParameters {
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
  readonly phi: number;
  readonly level: number;
  readonly slope: number;
}

/** The states after the last value; `seasons[k]` belongs to the position `k` of the season, `t % m`. */
export interface EtsStates {
  level: number;
  slope: number;
  readonly seasons: Float64Array;
}

/**
 * Runs the filter over the values.
 *
 * @param seasons in: the seasonal states before the first value, by position; out: those after the last one
 * @param fitted filled with the one-step forecasts, if it has room
 * @param end filled with the last level and slope
 * @returns minus twice the log likelihood up to a constant, n log(sum e^2) + 2 sum log|forecast| where errors are
 *   multiplicative; Infinity where a multiplicative model has lost its sign
 *
 * Hyndman, Koehler, Ord & Snyder (2008), "Forecasting with Exponential Smoothing", tables 2.2 and 2.3, chapter 5.
 */
export function filterEts(
  form: EtsForm,
  values: Float64Array,
  parameters: EtsParameters,
  seasons: Float64Array,
  fitted: Float64Array,
  end: Float64Array,
): number {
  const n = values.length;
  const m = seasons.length;
  const { alpha, beta, gamma, phi } = parameters;
  const relative = form.error === "multiplicative";
  const trending = form.trend !== "none";
  const adding = form.season === "additive";
  const multiplying = form.season === "multiplicative";
  const keep = fitted.length === n;
  let level = parameters.level;
  let slope = parameters.slope;
  let squares = 0;
  let logs = 0;
  let product = 1;
  let at = 0;
  for (let t = 0; t < n; t++) {
    const base = trending ? level + phi * slope : level;
    const season = adding || multiplying ? seasons[at]! : 0;
    const forecast = multiplying ? base * season : base + season;
    const value = values[t]!;
    if (keep) fitted[t] = forecast;
    if (multiplying && !(base > 1e-9)) return Infinity;
    const raw = value - forecast;
    if (relative) {
      if (!(forecast > 1e-9)) return Infinity;
      const error = raw / forecast;
      squares += error * error;
      product *= forecast;
      // The logarithm of a product of many, taken before it under- or overflows.
      if (product < 1e-200 || product > 1e200) {
        logs += Math.log(product);
        product = 1;
      }
    } else {
      squares += raw * raw;
    }
    // In terms of the raw error both kinds of error share their updates, but for what alpha, beta and gamma multiply.
    if (multiplying) {
      level = base + (alpha * raw) / season;
      if (trending) slope = phi * slope + (beta * raw) / season;
      seasons[at] = season + (gamma * raw) / base;
    } else {
      level = base + alpha * raw;
      if (trending) slope = phi * slope + beta * raw;
      if (adding) seasons[at] = season + gamma * raw;
    }
    at++;
    if (at >= m) at = 0;
  }
  end[0] = level;
  end[1] = slope;
  logs += Math.log(product);
  return n * Math.log(squares + 1e-30) + 2 * logs;
}

/** Point forecasts from the states after `n` values: level, damped slope and season carried on. */
export function predictEts(
  form: EtsForm,
  phi: number,
  states: EtsStates,
  n: number,
  horizon: number,
): Float64Array {
  const m = states.seasons.length;
  const out = new Float64Array(horizon);
  let damped = 0;
  let power = 1;
  for (let k = 0; k < horizon; k++) {
    power *= phi;
    damped += power;
    const base = form.trend === "none" ? states.level : states.level + damped * states.slope;
    const season = form.season === "none" ? 0 : states.seasons[(n + k) % m]!;
    out[k] = form.season === "multiplicative" ? base * season : base + season;
  }
  return out;
}
