import { behaviourShares, type TasteProfile } from "@almanac/signals/core";
import { isOwnedAndNotDue } from "./history.ts";
import type { ShopperHistory } from "./history.ts";
import { sameForAll } from "./same-for-all.ts";
import { byteScratch, floatScratch, intScratch } from "../scores/scratch.ts";
import type { RecsysSnapshot } from "../snapshot/snapshot.ts";
import { topK } from "../scores/top-k.ts";
import type { ScoredCandidates } from "../types.ts";

/** Categories that the shopper's candidates come from. */
const topCategories = 5;

const listScratch = intScratch();
const scoreScratch = floatScratch();
const ownedScratch = byteScratch();
const farmScratch = floatScratch();

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
  const favourites = topK(profile.categories, topCategories, (c) => profile.categories[c]! > 0);
  const most = favourites.reduce((sum, category) => sum + snapshot.productsByCategory[category]!.length, 0);
  const listed = listScratch.borrowAsIs(most + 1);
  const scored = scoreScratch.borrowAsIs(most + 1);
  // What may not come back is marked beforehand: two thousand products are looked at, and some hundred are owned.
  const isOut = ownedScratch.borrow(snapshot.productIds.length);
  for (const product of purchases.keys())
    if (isOwnedAndNotDue(snapshot, purchases, product, day)) isOut[product] = 1;
  const scorer = new Scorer(snapshot, profile);
  let count = 0;
  for (const category of favourites) count = scorer.scoreCategory(category, { isOut, listed, scored, count });
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

/**
 * `behaviourScore` of whole categories, said in tables: a processor that has to guess whether a price is in a range, product by
 * product, takes three times as long.
 */
class Scorer {
  private readonly snapshot: RecsysSnapshot;
  private readonly profile: TasteProfile;
  private readonly ofFarm: Float64Array;
  /** What a category and a price come to: out of the range, in it. */
  private readonly ofPrice = [0, 0];

  constructor(snapshot: RecsysSnapshot, profile: TasteProfile) {
    this.snapshot = snapshot;
    this.profile = profile;
    const { farms } = profile;
    this.ofFarm = farmScratch.borrowAsIs(farms.length);
    for (let farm = 0; farm < farms.length; farm++) this.ofFarm[farm] = behaviourShares.farm * farms[farm]!;
  }

  /** Appends the products of a category with their scores. @returns how many are listed then */
  scoreCategory(
    category: number,
    into: {
      readonly isOut: Uint8Array;
      readonly listed: Int32Array;
      readonly scored: Float64Array;
      readonly count: number;
    },
  ): number {
    const { ofFarm, ofPrice, snapshot, profile } = this;
    const { unitPriceCents, farm } = snapshot.columns;
    const { isOut, listed, scored } = into;
    const { minCents, maxCents } = profile.priceRange ?? nothingInRange;
    const preferred = behaviourShares.category * profile.categories[category]!;
    ofPrice[0] = preferred;
    ofPrice[1] = preferred + behaviourShares.priceInRange;
    const products = snapshot.productsByCategory[category]!;
    let { count } = into;
    for (let at = 0; at < products.length; at++) {
      const product = products[at]!;
      const cents = unitPriceCents[product]!;
      // Whole cents: one of the differences is negative, its sign bit set, when the price is outside.
      const inRange = 1 + (((cents - minCents) | (maxCents - cents)) >> 31);
      listed[count] = product;
      scored[count] = Math.min(1, ofPrice[inRange]! + ofFarm[farm[product]!]!);
      count += 1 - isOut[product]!;
    }
    return count;
  }
}

const nothingInRange = { minCents: 1, maxCents: 0 };
