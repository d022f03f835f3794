import type { Season } from "@almanac/kernel";
import type { TasteProfile } from "@almanac/signals/core";
import type { RecsysSnapshot } from "./snapshot.ts";
import type { ScoredCandidates } from "./types.ts";

/** The brief's map, used for a product whose harvest window nobody has entered. */
export const categoriesInSeason: Readonly<Record<Season, readonly string[]>> = {
  SPRING: ["Vegetables", "Herbs", "Greens", "Berries"],
  SUMMER: ["Fruits", "Vegetables", "Berries", "Melons"],
  FALL: ["Root Vegetables", "Squash", "Apples", "Pumpkins"],
  WINTER: ["Root Vegetables", "Preserved", "Citrus", "Greens"],
};

/** A product is a new arrival for a week after it was listed, or came back in season. */
export const newArrivalDays = 7;

export function isNewArrival(listedDay: number, day: number): boolean {
  return listedDay <= day && day - listedDay < newArrivalDays;
}

/** .5 + .3 preference + .2 if new, at most 1. */
export function seasonalScore(categoryPreference: number, isNew: boolean): number {
  return Math.min(1, 0.5 + 0.3 * categoryPreference + (isNew ? 0.2 : 0));
}

/** In season by its harvest window; without one (NaN), by the category map. */
export function isInSeason(seasonality: number, category: string, season: Season): boolean {
  return Number.isNaN(seasonality) ? categoriesInSeason[season].includes(category) : seasonality > 0;
}

/**
 * What is in season here and now. The confidence is the share of the score that rests on data: the base half counts
 * fully with a harvest window and half by the category map, the preference only when the shopper has a taste.
 *
 * @returns `undefined` when nothing is in season
 */
export function seasonalCandidates(
  snapshot: RecsysSnapshot,
  profile: TasteProfile,
  request: { readonly day: number; readonly season: Season },
): ScoredCandidates | undefined {
  const { columns } = snapshot;
  const count = snapshot.productIds.length;
  const mapped = snapshot.categories.map((name) => categoriesInSeason[request.season].includes(name));
  const products = new Int32Array(count);
  const scores = new Float64Array(count);
  const confidences = new Float64Array(count);
  const tasteShare = profile.eventCount > 0 ? 0.3 : 0;
  let found = 0;
  for (let product = 0; product < count; product++) {
    const seasonality = columns.seasonality[product]!;
    const category = columns.category[product]!;
    const hasWindow = !Number.isNaN(seasonality);
    if (hasWindow ? seasonality <= 0 : !mapped[category]) continue;
    products[found] = product;
    const isNew = isNewArrival(columns.listedDay[product]!, request.day);
    scores[found] = seasonalScore(profile.categories[category]!, isNew);
    confidences[found] = (hasWindow ? 0.5 : 0.25) + tasteShare + 0.2;
    found++;
  }
  if (found === 0) return undefined;
  return {
    algorithm: "seasonal",
    reason: "SEASONAL",
    products: products.subarray(0, found),
    scores: scores.subarray(0, found),
    confidences: confidences.subarray(0, found),
    facts: (position) => {
      const product = products[position]!;
      const seasonality = columns.seasonality[product]!;
      return {
        ...(Number.isNaN(seasonality) ? {} : { seasonality }),
        ...(columns.weeksLeft[product]! >= 0 ? { weeksLeft: columns.weeksLeft[product]! } : {}),
        isNew: isNewArrival(columns.listedDay[product]!, request.day),
      };
    },
  };
}
