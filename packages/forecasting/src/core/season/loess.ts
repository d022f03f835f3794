/**
 * Local linear (or constant) regression on evenly spaced values, tricube weights, evaluated at integer places that may lie
 * outside the values.
 *
 * @param values n values at the places 0 .. n - 1
 * @param width how many neighbours count, at least 2; when wider than n the weights widen in proportion
 * @param degree 0 or 1
 * @param weights n robustness weights, or undefined for all 1
 * @param from the first place to evaluate at
 * @param jump evaluate at every jump-th place and draw lines between
 * @param out filled from index 0 on, for the places `from`, `from + 1`, ...
 *
 * Cleveland, Cleveland, McRae & Terpenning (1990), "STL: A seasonal-trend decomposition procedure based on loess", Journal
 * of Official Statistics 6, section 2 and the Fortran's `est`.
 */
export function loess(
  values: ArrayLike<number>,
  width: number,
  degree: 0 | 1,
  weights: Float64Array | undefined,
  from: number,
  jump: number,
  out: Float64Array,
): void {
  const count = out.length;
  let last = 0;
  for (let i = 0; i < count; i += jump) {
    out[i] = estimate(values, width, degree, weights, from + i);
    if (i > 0) line(out, last, i);
    last = i;
  }
  if (last < count - 1) {
    out[count - 1] = estimate(values, width, degree, weights, from + count - 1);
    line(out, last, count - 1);
  }
}

function line(out: Float64Array, from: number, to: number): void {
  for (let k = from + 1; k < to; k++)
    out[k] = out[from]! + ((out[to]! - out[from]!) * (k - from)) / (to - from);
}

function estimate(
  values: ArrayLike<number>,
  width: number,
  degree: 0 | 1,
  weights: Float64Array | undefined,
  place: number,
): number {
  const n = values.length;
  let left = 0;
  let right = n - 1;
  if (width < n) {
    left = Math.max(0, Math.min(n - width, place - (width >> 1)));
    right = left + width - 1;
  }
  let reach = Math.max(place - left, right - place);
  if (width > n) reach += (width - n) >> 1;
  const near = 0.001 * reach;
  const far = 0.999 * reach;
  let total = 0;
  let first = 0;
  let second = 0;
  let sum = 0;
  let cross = 0;
  for (let j = left; j <= right; j++) {
    const distance = Math.abs(j - place);
    if (distance > far) continue;
    const ratio = distance / reach;
    const cube = 1 - ratio * ratio * ratio;
    let weight = distance <= near ? 1 : cube * cube * cube;
    if (weights) weight *= weights[j]!;
    const x = j - place;
    total += weight;
    first += weight * x;
    second += weight * x * x;
    sum += weight * values[j]!;
    cross += weight * x * values[j]!;
  }
  if (!(total > 0)) return values[Math.max(0, Math.min(n - 1, place))]!;
  if (degree === 1) {
    const centre = first / total;
    const spread = second / total - centre * centre;
    if (Math.sqrt(Math.max(0, spread)) > 0.001 * (n - 1)) {
      return sum / total - (centre * (cross / total - (centre * sum) / total)) / spread;
    }
  }
  return sum / total;
}
