import { solvePositive } from "../numeric/linear.ts";
import type { Beside } from "./beside.ts";
import type { RegressionSeries } from "./regression-data.ts";
import { smoothingProducts } from "./smoothing-products.ts";

/** How much a coefficient is drawn to none: as by this many times all that the series of a product say of it. */
const pull = 1;

/**
 * What the other products of its place do to each series beyond its own columns: a low price or a leaflet of one takes
 * customers from some, and brings them to others. One coefficient a pair of products and kind of column, the same at all
 * places and drawn to none; least squares on the one-step errors of smoothing, as in the pooled regression.
 *
 * @param rest what the own columns leave, one a series, up to its origin
 * @param data of the same series
 * @param alpha weight of the newest value in the level that smoothing takes out
 * @returns one effect a series in logarithms, over history and horizon
 */
export function besideEffects(
  { columns, kinds, products }: Beside,
  rest: readonly (Float64Array | undefined)[],
  data: readonly RegressionSeries[],
  alpha: number,
): Float64Array[] {
  const out = columns.map((own) => new Float64Array(own[0]!.length));
  for (const [product, at] of Map.groupBy(columns.keys(), (i) => products[i])) {
    if (product === undefined) continue;
    const coefficients = coefficientsOf(
      at.flatMap((i) =>
        rest[i] ? [{ columns: columns[i]!, rest: rest[i], observed: data[i]!.observed }] : [],
      ),
      columns[at[0]!]!.length,
      kinds,
      alpha,
    );
    for (const i of at) {
      coefficients.forEach((coefficient, k) => {
        if (coefficient === 0) return;
        const column = columns[i]![k]!;
        for (let t = 0; t < column.length; t++) out[i]![t]! += coefficient * column[t]!;
      });
    }
  }
  return out;
}

interface BesideOne {
  readonly columns: readonly Float64Array[];
  readonly rest: Float64Array;
  readonly observed: Uint8Array;
}

function coefficientsOf(
  series: readonly BesideOne[],
  size: number,
  kinds: number,
  alpha: number,
): Float64Array {
  const cross = new Float64Array(size * size);
  const right = new Float64Array(size);
  for (const one of series) addMoments(one, cross, right, alpha);
  const slots = size / kinds;
  const ridges = Array.from({ length: kinds }, (_, kind) => {
    let sum = 0;
    let moving = 0;
    for (let k = kind * slots; k < (kind + 1) * slots; k++) {
      sum += cross[k * size + k]!;
      if (cross[k * size + k]! > 0) moving++;
    }
    return (pull * sum) / Math.max(1, moving);
  });
  for (let k = 0; k < size; k++) cross[k * size + k]! += ridges[Math.floor(k / slots)]! + 1e-12;
  const isSolved = solvePositive(cross, right, size) && right.every(Number.isFinite);
  return isSolved ? right : right.fill(0);
}

/** Adds the cross products of the smoothing errors of one series' columns, and those with its own, over their variance. */
function addMoments(
  { columns, rest, observed }: BesideOne,
  cross: Float64Array,
  right: Float64Array,
  alpha: number,
): void {
  const sums = smoothingProducts(columns, rest, observed, alpha);
  const variance = sums.squares / Math.max(1, sums.count) + 1e-6;
  sums.cross.forEach((sum, at) => (cross[at]! += sum / variance));
  sums.right.forEach((sum, at) => (right[at]! += sum / variance));
}
