import type { Basket, BasketLog, BasketQuery } from "../baskets.ts";
import { packRows } from "../sparse.ts";
import type { SparseRows } from "../sparse.ts";
import { ScoreSums } from "./score-sums.ts";

/** Days after which a purchase at a place counts half, and after which a user's visit does. */
const purchaseHalfLife = 120;
const visitHalfLife = 90;
/** A share below which items are alike: what nobody bought has no lift. */
const leastShare = 1e-6;

/** What is bought where. */
export interface PlaceShares {
  /** Purchases of each item at each place, fading by days. */
  readonly purchases: SparseRows;
  /** Their sum a place. */
  readonly totals: Float64Array;
}

/** By how much likelier than everywhere an item is bought at a user's places: 1 where nothing is known of them. */
export type PlaceLifts = (item: number) => number;

/** Undefined where the data has not at least two places. Without dates all purchases count alike. */
export function readPlaceShares({ itemCount, placeCount = 0, byUser }: BasketLog): PlaceShares | undefined {
  if (placeCount < 2) return undefined;
  const lastDay = byUser.reduce((last, baskets) => Math.max(last, baskets.at(-1)?.day ?? last), -Infinity);
  const totals = new Float64Array(placeCount);
  const places = Array.from({ length: placeCount }, () => new Map<number, number>());
  for (const baskets of byUser)
    for (const { place, day, items } of baskets) {
      if (place === undefined) continue;
      const weight = agedWeight(lastDay - day, purchaseHalfLife);
      const counts = places[place]!;
      for (const item of items) counts.set(item, (counts.get(item) ?? 0) + weight);
      totals[place]! += weight * items.length;
    }
  const rows = places.flatMap((counts, place) => Array.from(counts, () => place));
  const columns = places.flatMap((counts) => [...counts.keys()]);
  const values = places.flatMap((counts) => [...counts.values()]);
  return { purchases: packRows(placeCount, itemCount, rows, columns, values), totals };
}

/**
 * An item's share of the purchases at a place, pulled to its share everywhere, beside the latter; over the places of a user,
 * each by how much was bought there lately.
 *
 * @param everywhere share of each item among all purchases
 * @param strength purchases that an item's share everywhere weighs beside those of one place
 * @param sums working memory, empty before and after
 */
export function placeLifts(
  { purchases, totals }: PlaceShares,
  everywhere: ArrayLike<number>,
  { past, day }: Pick<BasketQuery, "past" | "day">,
  strength: number,
  sums = new ScoreSums(purchases.columnCount),
): PlaceLifts {
  const visits = visitsOf(past, day);
  let visited = 0;
  for (const weight of visits.values()) visited += weight;
  if (visited === 0) return () => 1;
  let pulled = 0;
  for (const [place, weight] of visits) {
    const share = weight / visited / (totals[place]! + strength);
    pulled += strength * share;
    for (let at = purchases.offsets[place]!; at < purchases.offsets[place + 1]!; at++)
      sums.add(purchases.columns[at]!, share * purchases.values[at]!);
  }
  const own = sums.take();
  return (item) =>
    ((own.get(item) ?? 0) + pulled * everywhere[item]! + leastShare) / (everywhere[item]! + leastShare);
}

/** What a user bought at each place, in items, fading by days. */
function visitsOf(past: readonly Basket[], day: number): Map<number, number> {
  const visits = new Map<number, number>();
  const now = Number.isNaN(day) ? (past.at(-1)?.day ?? NaN) : day;
  for (const { place, day: on, items } of past)
    if (place !== undefined)
      visits.set(place, (visits.get(place) ?? 0) + items.length * agedWeight(now - on, visitHalfLife));
  return visits;
}

function agedWeight(ageDays: number, halfLifeDays: number): number {
  return Number.isFinite(ageDays) ? 2 ** (-ageDays / halfLifeDays) : 1;
}
