/** A part of so many is put in order by moving each to its place, which is done at once where most are in order. */
const few = 24;
/** Steps of Shell's sort, each so far from a multiple of the others that none does the work of another (Ciura, 2001). */
const steps = [1_750, 701, 301, 132, 57, 23, 10, 4, 1];

/**
 * Puts a part of a list of products in order, the best score first, of equals the smaller product: in place, both arrays, and
 * without a function that is called for each comparison. For a few dozen, or for some that are nearly in order.
 *
 * @param scores beside the products, none of them NaN
 */
export function sortByScore(
  products: Int32Array,
  scores: Float64Array,
  { start, end }: { readonly start: number; readonly end: number },
): void {
  if (end - start <= few) return moveByStep(products, scores, { start, end, step: 1 });
  for (const step of steps)
    if (step === 1 || 4 * step <= end - start) moveByStep(products, scores, { start, end, step });
}

/** Puts those in order that stand a step from each other. */
function moveByStep(
  products: Int32Array,
  scores: Float64Array,
  { start, end, step }: { readonly start: number; readonly end: number; readonly step: number },
): void {
  for (let place = start + step; place < end; place++) {
    const product = products[place]!;
    const score = scores[place]!;
    let to = place;
    for (; to >= start + step; to -= step) {
      const before = scores[to - step]!;
      if (before > score || (before === score && products[to - step]! < product)) break;
      products[to] = products[to - step]!;
      scores[to] = before;
    }
    products[to] = product;
    scores[to] = score;
  }
}
