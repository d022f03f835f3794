/** An error of a backtest: how far off, relative to the usual size of errors of its series and step. */
export interface RelativeErrors {
  /** (actual - forecast) / spread. */
  readonly values: Float64Array;
  /** Ascending steps (0 is the first), one a value. */
  readonly steps: Int32Array;
}

/**
 * Quantiles of relative errors by step: what the normalised errors of the whole panel say, beside a prior that counts as
 * twenty errors, so that a single short series gets sensible bounds too.
 */
export interface ErrorQuantiles {
  /** @returns the relative error that a share of errors stays below, at a step; `share` is one of those that were named */
  at(share: number, step: number): number;
}

const priorWeight = 20;

/**
 * Split conformal quantiles on pooled, normalised errors.
 *
 * @param errors of all series of the panel at held-out origins
 * @param horizon steps 0 .. horizon - 1 are asked for; steps without errors use the nearest that have some
 * @param shares those that are asked for, each in (0, 1)
 * @param symmetric count every error with both signs: series of one world err to the same side together, to the other side
 *   next time (avocados: -2.0 to 1.2 at one origin, -.5 to 2.0 at the one before)
 *
 * Errors of neighbouring steps are pooled until a quarter of the horizon, as quantiles of single steps jump about; as many
 * before a step as after it, so that the first is alone: for their usual size its errors are larger than those of the next.
 * The pool moves from step to step, as one of its own for each would take more memory than a long horizon has.
 * Lei, G'Sell, Rinaldo, Tibshirani & Wasserman (2018), "Distribution-free predictive inference for regression", JASA 113;
 * the normalisation is their locally weighted variant (section 5.2).
 */
export function errorQuantiles(
  errors: RelativeErrors,
  horizon: number,
  shares: readonly number[],
  symmetric = false,
): ErrorQuantiles {
  const bySteps: number[][] = Array.from({ length: horizon }, () => []);
  errors.values.forEach((value, at) => {
    if (!Number.isFinite(value)) return;
    const step = bySteps[Math.min(horizon - 1, errors.steps[at]!)]!;
    step.push(value);
    if (symmetric) step.push(-value);
  });
  const sorted = bySteps.map((values) => Float64Array.from(values).sort());
  const none = new Float64Array(0);
  const reach = Math.max(1, Math.round(horizon / 8));
  const table = new Map(shares.map((share) => [share, new Float64Array(horizon)]));
  let pool: Float64Array = none;
  let known: Float64Array = none;
  for (let step = 0; step < horizon; step++) {
    if (step > 0 && step <= reach) pool = moved(pool, none, sorted[2 * step - 1] ?? none);
    pool = moved(pool, sorted[step - reach - 1] ?? none, sorted[step + Math.min(reach, step)] ?? none);
    if (pool.length > 0) known = pool;
    for (const [share, values] of table) values[step] = withPrior(known, share);
  }
  return { at: (share, step) => table.get(share)![Math.min(step, horizon - 1)]! };
}

/** Ascending values without some of them and with others, both ascending. */
function moved(values: Float64Array, leaving: Float64Array, entering: Float64Array): Float64Array {
  if (leaving.length === 0 && entering.length === 0) return values;
  const out = new Float64Array(values.length - leaving.length + entering.length);
  let left = 0;
  let entered = 0;
  let to = 0;
  for (const value of values) {
    if (left < leaving.length && leaving[left] === value) {
      left++;
      continue;
    }
    while (entered < entering.length && entering[entered]! < value) out[to++] = entering[entered++]!;
    out[to++] = value;
  }
  while (entered < entering.length) out[to++] = entering[entered++]!;
  return out;
}

/** The quantile of ascending errors, drawn to the prior's. */
function withPrior(sorted: Float64Array, share: number): number {
  const prior = 1.1 * normalQuantile(share);
  if (sorted.length === 0) return prior;
  const empirical = quantileOf(sorted, share);
  return (sorted.length * empirical + priorWeight * prior) / (sorted.length + priorWeight);
}

/** The conformal quantile of ascending values: the ceiling for upper shares, the floor for lower ones, interpolated. */
function quantileOf(sorted: Float64Array, p: number): number {
  const n = sorted.length;
  const position = Math.min(n - 1, Math.max(0, p * (n + 1) - 1));
  const below = Math.floor(position);
  const share = position - below;
  return sorted[below]! * (1 - share) + sorted[Math.min(n - 1, below + 1)]! * share;
}

/**
 * The standard normal quantile, to 1e-9.
 *
 * @param p in (0, 1); 0 and 1 give minus and plus Infinity
 * Acklam's rational approximation (2003), with one step of Halley's method.
 */
export function normalQuantile(p: number): number {
  if (p <= 0) return -Infinity;
  if (p >= 1) return Infinity;
  const tail = Math.min(p, 1 - p);
  let x: number;
  if (tail < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(tail));
    x =
      (((((-7.784894002430293e-3 * q - 0.3223964580411365) * q - 2.400758277161838) * q - 2.549732539343734) *
        q +
        4.374664141464968) *
        q +
        2.938163982698783) /
      ((((7.784695709041462e-3 * q + 0.3224671290700398) * q + 2.445134137142996) * q + 3.754408661907416) *
        q +
        1);
  } else {
    const q = tail - 0.5;
    const r = q * q;
    x =
      ((((((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r + 138.357751867269) * r -
        30.66479806614716) *
        r +
        2.506628277459239) *
        q) /
      (((((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r + 66.80131188771972) * r -
        13.28068155288572) *
        r +
        1);
  }
  return p < 0.5 ? x : -x;
}
