import { behaviourScore } from "@almanac/signals/core";
import { isOwnedAndNotDue } from "./history.ts";
import type { ShopperHistory } from "./history.ts";
import { sameForAll } from "./same-for-all.ts";
import { byteScratch, floatScratch, intScratch } from "./scratch.ts";
import type { RecsysSnapshot } from "./snapshot.ts";
import { topK } from "./top-k.ts";
import type { ScoredCandidates } from "./types.ts";

/** Categories that the shopper's candidates come from. */
const topCategories = 5;

const listScratch = intScratch();
const scoreScratch = floatScratch();
const ownedScratch = byteScratch();

/**
 * Products of the shopper's five favourite categories. What they bought comes back only when it is due: milk bought
 * eight days ago with a median interval of seven is there, a wreath is not. Confidence grows to 1 with ten observations.
 *
 * The list holds until the next one is made: it is fused at once.
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
  const listed = listScratch.borrowAsIs(most);
  const scored = scoreScratch.borrowAsIs(most);
  // What may not come back is marked beforehand: two thousand products are looked at, and some hundred are owned.
  const isOut = ownedScratch.borrow(snapshot.productIds.length);
  for (const product of purchases.keys())
    if (isOwnedAndNotDue(snapshot, purchases, product, day)) isOut[product] = 1;
  let count = 0;
  for (const category of favourites) {
    const preference = profile.categories[category]!;
    for (const product of snapshot.productsByCategory[category]!) {
      if (isOut[product] === 1) continue;
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
    confidences: sameForAll(Math.min(profile.eventCount / 10, 1), count),
    facts: (position) => ({
      category: snapshot.categories[columns.category[products[position]!]!]!,
      buysCategory: (profile.categoriesBySignal.purchase?.[columns.category[products[position]!]!] ?? 0) > 0,
      boughtBefore: purchases.has(products[position]!),
    }),
  };
}
