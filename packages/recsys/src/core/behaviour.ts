import { behaviourScore } from "@almanac/signals/core";
import { isOwnedAndNotDue } from "./history.ts";
import type { ShopperHistory } from "./history.ts";
import type { RecsysSnapshot } from "./snapshot.ts";
import { topK } from "./top-k.ts";
import type { ScoredCandidates } from "./types.ts";

/** Categories that the shopper's candidates come from. */
const topCategories = 5;

/**
 * Products of the shopper's five favourite categories. What they bought comes back only when it is due: milk bought
 * eight days ago with a median interval of seven is there, a wreath is not. Confidence grows to 1 with ten observations.
 *
 * @returns `undefined` for a shopper without a taste
 */
export function behaviourCandidates(
  snapshot: RecsysSnapshot,
  history: ShopperHistory,
  day: number,
): ScoredCandidates | undefined {
  const { profile, purchases } = history;
  const { columns } = snapshot;
  const range = profile.priceRange;
  const favourites = topK(profile.categories, topCategories, (c) => profile.categories[c]! > 0);
  const most = favourites.reduce((sum, category) => sum + snapshot.productsByCategory[category]!.length, 0);
  const listed = new Int32Array(most);
  const scored = new Float64Array(most);
  let count = 0;
  for (const category of favourites) {
    const preference = profile.categories[category]!;
    for (const product of snapshot.productsByCategory[category]!) {
      if (isOwnedAndNotDue(snapshot, purchases, product, day)) continue;
      const cents = columns.unitPriceCents[product]!;
      const inRange = range !== undefined && cents >= range.minCents && cents <= range.maxCents;
      listed[count] = product;
      scored[count++] = behaviourScore(preference, inRange, profile.farms[columns.farm[product]!]!);
    }
  }
  if (count === 0) return undefined;
  const products = listed.subarray(0, count);
  const scores = scored.subarray(0, count);
  return {
    algorithm: "user_behavior",
    reason: "USER_BEHAVIOR",
    products,
    scores,
    confidences: new Float64Array(products.length).fill(Math.min(profile.eventCount / 10, 1)),
    facts: (position) => ({
      category: snapshot.categories[columns.category[products[position]!]!]!,
      buysCategory: (profile.categoriesBySignal.purchase?.[columns.category[products[position]!]!] ?? 0) > 0,
      boughtBefore: purchases.has(products[position]!),
    }),
  };
}
