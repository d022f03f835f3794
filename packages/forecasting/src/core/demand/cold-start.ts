import { refuseInfinite } from "../known-values.ts";

/** How many periods of its own a new product needs to count as much as its neighbours. */
const ownWeight = 6;

/**
 * A forecast for a product that has hardly been sold: its neighbours' pattern of the coming periods, at a level that moves
 * from theirs to its own as it is sold.
 *
 * @param own what was sold so far, oldest first, n >= 0 values in the product's unit, NaN for gaps
 * @param neighbours products of its category: their level when they were as young (mean over their first periods), and
 *   their forecasts of the coming periods relative to their own level (1 is as usual); at least one, h values each
 * @returns h values of at least 0
 * @throws AppError `input_invalid` for an infinite value
 *
 * Empirical Bayes with one prior: (n mean + k prior) / (n + k). Efron & Morris (1975), JASA 70.
 */
export function coldStartForecast(
  own: ArrayLike<number>,
  neighbours: readonly { readonly level: number; readonly shape: Float64Array }[],
): Float64Array {
  refuseInfinite(own);
  const levels = neighbours.map(({ level }) => level).sort((a, b) => a - b);
  // The middle neighbour: one best-seller in a category must not promise the same to every newcomer.
  const prior = (levels[(levels.length - 1) >> 1]! + levels[levels.length >> 1]!) / 2;
  const known = Array.from(own).filter((value) => !Number.isNaN(value));
  const sum = known.reduce((total, value) => total + value, 0);
  const level = (sum + ownWeight * prior) / (known.length + ownWeight);
  const horizon = neighbours[0]!.shape.length;
  return Float64Array.from({ length: horizon }, (_, k) => {
    const shape = neighbours.reduce((total, neighbour) => total + neighbour.shape[k]!, 0) / neighbours.length;
    return Math.max(0, level * shape);
  });
}
