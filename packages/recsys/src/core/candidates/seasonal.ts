import type { Season } from "@almanac/kernel";
import type { TasteProfile } from "@almanac/signals/core";
import { packCsr } from "../snapshot/csr.ts";
import type { Csr } from "../snapshot/csr.ts";
import { remembered } from "./remembered.ts";
import type { RecsysSnapshot } from "../snapshot/snapshot.ts";
import type { ScoredCandidates } from "../types.ts";

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
  const { products, positions, kindOf, productsOfKind, dataShare } = inSeasonOn(snapshot, request);
  if (products.length === 0) return undefined;
  const scoreOfKind = new Float64Array(productsOfKind.offsets.length - 1);
  for (let kind = 1; kind < scoreOfKind.length; kind++)
    scoreOfKind[kind] = seasonalScore(profile.categories[(kind - 1) >> 1]!, ((kind - 1) & 1) === 1);
  return {
    algorithm: "seasonal",
    reason: "SEASONAL",
    products,
    kinds: { kindOf, scoreOfKind, productsOfKind },
    get scores() {
      return Float64Array.from(products, (product) => scoreOfKind[kindOf[product]!]!);
    },
    confidences: profile.eventCount > 0 ? dataShare.withTaste : dataShare.withoutTaste,
    positionOf: (product) => positions[product]! - 1,
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

/** What is in season, row by row: the part of the list that is the same for everybody. */
interface InSeason {
  readonly products: Int32Array;
  /** By product: one more than its row, 0 for what is not in season. */
  readonly positions: Int32Array;
  /** By product: 1 and twice the category, and one more for what is new; 0 for what is not in season. */
  readonly kindOf: Uint16Array;
  readonly productsOfKind: Csr;
  /** Of the score: what rests on data, the confidence. */
  readonly dataShare: { readonly withTaste: Float64Array; readonly withoutTaste: Float64Array };
}

/** Memoised per day and season until a product is listed or changes. */
function inSeasonOn(
  snapshot: RecsysSnapshot,
  { day, season }: { readonly day: number; readonly season: Season },
): InSeason {
  const key = `seasonal/${day}/${season}`;
  return remembered(snapshot, { key, revision: snapshot.overlay.productRevision }, () =>
    findInSeason(snapshot, day, season),
  );
}

function findInSeason(snapshot: RecsysSnapshot, day: number, season: Season): InSeason {
  const { columns } = snapshot;
  const count = snapshot.productIds.length;
  const products = new Int32Array(count);
  let found = 0;
  for (let product = 0; product < count; product++) {
    const category = snapshot.categories[columns.category[product]!]!;
    if (isInSeason(columns.seasonality[product]!, category, season)) products[found++] = product;
  }
  const kept = products.slice(0, found);
  const positions = new Int32Array(count);
  kept.forEach((product, row) => (positions[product] = row + 1));
  const kindOf = new Uint16Array(count);
  for (const product of kept)
    kindOf[product] =
      1 + 2 * columns.category[product]! + (isNewArrival(columns.listedDay[product]!, day) ? 1 : 0);
  const kindCount = 1 + 2 * snapshot.categories.length;
  const share = (taste: number): Float64Array =>
    Float64Array.from(
      kept,
      (product) => (Number.isNaN(columns.seasonality[product]!) ? 0.25 : 0.5) + taste + 0.2,
    );
  return {
    products: kept,
    positions,
    kindOf,
    productsOfKind: packCsr(
      kindCount,
      kept.map((product) => kindOf[product]!),
      kept,
    ),
    dataShare: { withTaste: share(0.3), withoutTaste: share(0) },
  };
}
