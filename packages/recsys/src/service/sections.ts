import { recommendForShopper, type Measure } from "../core/lists/recommend.ts";
import {
  boughtTogether,
  cartComplements,
  newArrivals,
  similarProducts,
  trendingNow,
} from "../core/lists/sections.ts";
import type { SlateOptions } from "../core/slate/slate.ts";
import type { RecsysSnapshot } from "../core/snapshot/snapshot.ts";
import type { TriggeredSection } from "../core/lists/triggers.ts";
import type { RecommendedProduct, ShopperRequest, Slate } from "../core/types.ts";

type Query = (
  snapshot: RecsysSnapshot,
  request: ShopperRequest,
  options: SlateOptions,
  measure: Measure,
) => Slate;

const nothing: Slate = { items: [], algorithms: [] };

/** The core's queries by the names of the trigger table. */
export const sectionQueries: Readonly<Record<TriggeredSection, Query>> = {
  forShopper: (snapshot, request, options, measure) =>
    recommendForShopper(snapshot, request, { ...options, measure }),
  similarProducts: (snapshot, request, options, measure) => {
    const { productId } = request;
    if (productId === undefined) return nothing;
    return measure("content_based", () => similarProducts(snapshot, { ...request, productId }, options));
  },
  boughtTogether: (snapshot, request, options, measure) => {
    const { productId } = request;
    if (productId === undefined) return nothing;
    return measure("co_occurrence", () => boughtTogether(snapshot, { ...request, productId }, options));
  },
  cartComplements: (snapshot, request, options, measure) => {
    const { cart = [] } = request;
    return measure("co_occurrence", () => cartComplements(snapshot, { ...request, cart }, options));
  },
  trendingNow: (snapshot, request, options, measure) =>
    measure("trending", () => trendingNow(snapshot, request, options)),
  newArrivals: (snapshot, request, options) =>
    newArrivals(snapshot, request, { ...options, onlyFavouriteFarms: true }),
};

/** One from each list in turn, each product once, at most `limit`. */
export function interleave(slates: readonly Slate[], limit: number): Slate {
  const items: RecommendedProduct[] = [];
  const taken = new Set<string>();
  const longest = Math.max(0, ...slates.map((slate) => slate.items.length));
  for (let place = 0; place < longest; place++) {
    for (const slate of slates) {
      const item = slate.items[place];
      if (item === undefined || taken.has(item.productId) || items.length >= limit) continue;
      taken.add(item.productId);
      items.push(item);
    }
  }
  const algorithms = [...new Set(slates.flatMap((slate) => slate.algorithms))];
  return { items, algorithms };
}
