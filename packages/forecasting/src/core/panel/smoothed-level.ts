/**
 * The level at the end of values by exponential smoothing.
 *
 * @param values n values, at least one
 * @param observed 1 where a value is one, not a filled gap
 * @param alpha weight of the newest value, in (0, 1]
 */
export function smoothedLevel(values: Float64Array, observed: Uint8Array, alpha: number): number {
  let level = values[0]!;
  for (let t = 1; t < values.length; t++) if (observed[t] === 1) level += alpha * (values[t]! - level);
  return level;
}

/** An error counts for no more than this many usual ones: robust standard deviations of one-step errors. */
const mostUsual = 2;
/** The standard deviation of normal errors over their median size. */
const perMedian = 1.4826;
/** Values whose median is the first level: one odd week at the beginning is none. */
const firstValues = 8;

/**
 * The same where no single value moves the level by more than twice the usual: a week of a deal that the columns do not
 * know of says little about the weeks after it.
 *
 * Gelper, Fried & Croux (2010), "Robust forecasting with exponential and Holt-Winters smoothing", Journal of Forecasting 29;
 * here with one robust size of errors for all of the history.
 */
export function steadyLevel(values: Float64Array, observed: Uint8Array, alpha: number): number {
  const most = mostUsual * perMedian * medianOf(smoothingErrors(values, observed, alpha));
  let level = medianOf(values.slice(0, firstValues));
  for (let t = 0; t < values.length; t++) {
    if (observed[t] === 1) level += alpha * Math.max(-most, Math.min(most, values[t]! - level));
  }
  return level;
}

/** Sizes of the one-step errors of plain smoothing. */
function smoothingErrors(values: Float64Array, observed: Uint8Array, alpha: number): Float64Array {
  const out = new Float64Array(values.length);
  let level = values[0]!;
  let count = 0;
  for (let t = 1; t < values.length; t++) {
    if (observed[t] === 0) continue;
    const error = values[t]! - level;
    level += alpha * error;
    out[count++] = Math.abs(error);
  }
  return out.subarray(0, count);
}

/** The upper median, sorting in place; 0 of nothing. */
function medianOf(values: Float64Array): number {
  return values.sort()[values.length >> 1] ?? 0;
}
