import type { Arm } from "../core/arms/arms.ts";
import { inSeason, newArrivals, priceDrops, trendingNow } from "../core/sections.ts";
import type { ShopperRequest, Slate } from "../core/types.ts";
import type { HomeSection } from "../shapes.ts";
import { endingSoon } from "./calendar-lists.ts";
import type { Draft } from "./gate.ts";
import type { Situation } from "./situation.ts";

/** Of twenty places; the two calendar lists come on top. */
const shares = { forYou: 6, trending: 4, inSeason: 4, newArrivals: 3, priceDrops: 3 } as const;
const places = 20;
/** Of each of the two lists from the harvest calendar. */
export const calendarPlaces = 4;

/**
 * The lists of the home page, each by a query of its own, so that none starves another. The scarce ones choose first and
 * "for you", which has everything to choose from, last; a product is shown twice only where a list would stay short.
 *
 * @param limit places in all
 * @param forShopper who makes "for you": the arm that was chosen
 */
export function draftHome(
  situation: Situation,
  limit: number,
  forShopper: Arm["recommend"],
): Draft<Exclude<HomeSection, "coming">> {
  const { world, request } = situation;
  const size = (section: keyof typeof shares): number =>
    Math.max(1, Math.round((shares[section] * limit) / places));
  return (options) => {
    const shown = new Set<string>();
    const take = (section: keyof typeof shares, query: (request: ShopperRequest) => Slate): Slate => {
      const slate = withoutRepeats({ ...request, limit: size(section) }, shown, query);
      for (const { productId } of slate.items) shown.add(productId);
      return slate;
    };
    const { snapshot } = world;
    const dropped = take("priceDrops", (r) => priceDrops(snapshot, r, options));
    const arrived = take("newArrivals", (r) => newArrivals(snapshot, r, options));
    const trending = take("trending", (r) => trendingNow(snapshot, r, options));
    const seasonal = take("inSeason", (r) => inSeason(snapshot, r, options));
    const forYou = take("forYou", (r) => forShopper(snapshot, r, options));
    return {
      forYou,
      trending,
      inSeason: seasonal,
      newArrivals: arrived,
      priceDrops: dropped,
      ending: endingSoon(situation, calendarPlaces, options),
    };
  };
}

function withoutRepeats(
  request: ShopperRequest,
  shown: ReadonlySet<string>,
  query: (request: ShopperRequest) => Slate,
): Slate {
  const excludeProductIds = [...(request.excludeProductIds ?? []), ...shown];
  const fresh = query({ ...request, excludeProductIds });
  const missing = (request.limit ?? places) - fresh.items.length;
  if (missing <= 0 || shown.size === 0) return fresh;
  const known = new Set(fresh.items.map(({ productId }) => productId));
  const again = query(request).items.filter(({ productId }) => !known.has(productId));
  return { ...fresh, items: [...fresh.items, ...again.slice(0, missing)] };
}
