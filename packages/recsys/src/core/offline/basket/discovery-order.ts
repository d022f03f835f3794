import { topK } from "../../scores/top-k.ts";

/**
 * The candidates of a question with the log-odds that each is bought, raised by the share of all baskets that have it, and 1
 * where the user never bought it.
 */
export interface BasketOdds {
  readonly items: readonly number[];
  readonly odds: ArrayLike<number>;
  readonly isNew: Uint8Array;
}

/** Places of a list that discovery decides who fills. */
const shelf = 10;

/**
 * Scores of candidates, best first, that give up to ten places to the candidates with the best odds once new ones are lifted,
 * and order those ten by their odds as they are. A new item that got in by its lift so stands where it costs least, at the
 * end, and not before what is likelier to be bought; what follows the ten is in the order of lifted odds.
 *
 * @param lift log-odds for items that the user never bought, 0 or more
 * @returns one score a candidate, in their order: log-odds, those of the first ten raised above all others
 */
export function scoresWithDiscovery({ items, odds, isNew }: BasketOdds, lift: number): Float64Array {
  const lifted = Float64Array.from(items, (_, at) => odds[at]! + lift * isNew[at]!);
  const first = topK(lifted, shelf);
  const highest = first.reduce((most, at) => Math.max(most, lifted[at]!), -Infinity);
  const lowest = first.reduce((least, at) => Math.min(least, odds[at]!), Infinity);
  for (const at of first) lifted[at] = odds[at]! + (highest - lowest);
  return lifted;
}
