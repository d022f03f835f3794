/**
 * Where the level of a series changes for good.
 *
 * @param values n finite values; take the season out before
 * @param penalty how many times the logarithm of n a change must gain, in units of the noise's variance; 3 unless told
 * @param shortest values that a stretch has at least, 5 unless told
 * @returns indexes of the first values of new stretches, ascending
 *
 * PELT: Killick, Fearnhead & Eckley (2012), "Optimal detection of changepoints with a linear computational cost", JASA 107,
 * cost = squared distance from the stretch's mean; the noise from the median of changes.
 */
export function changepoints(values: ArrayLike<number>, penalty = 3, shortest = 5): number[] {
  const n = values.length;
  if (n < 2 * shortest) return [];
  const sums = new Float64Array(n + 1);
  const squares = new Float64Array(n + 1);
  for (let t = 0; t < n; t++) {
    sums[t + 1] = sums[t]! + values[t]!;
    squares[t + 1] = squares[t]! + values[t]! ** 2;
  }
  const cost = (from: number, to: number): number =>
    squares[to]! - squares[from]! - (sums[to]! - sums[from]!) ** 2 / (to - from);
  const price = penalty * Math.log(n) * noiseVariance(values);
  if (!(price > 0)) return [];
  const best = new Float64Array(n + 1).fill(Infinity);
  const previous = new Int32Array(n + 1);
  best[0] = -price;
  let open = [0];
  for (let to = shortest; to <= n; to++) {
    for (const from of open) {
      const total = to - from >= shortest ? best[from]! + cost(from, to) + price : Infinity;
      if (total < best[to]!) {
        best[to] = total;
        previous[to] = from;
      }
    }
    open = open.filter((from) => to - from < shortest || best[from]! + cost(from, to) <= best[to]!);
    if (to - shortest + 1 >= shortest) open.push(to - shortest + 1);
  }
  const found: number[] = [];
  for (let at = previous[n]!; at > 0; at = previous[at]!) found.unshift(at);
  return found;
}

function noiseVariance(values: ArrayLike<number>): number {
  const changes = Float64Array.from({ length: values.length - 1 }, (_, t) =>
    Math.abs(values[t + 1]! - values[t]!),
  ).sort();
  const median = changes[changes.length >> 1]!;
  return (median * 1.4826) ** 2 / 2 || 1e-12 * Math.max(1e-300, changes[changes.length - 1]! ** 2);
}
