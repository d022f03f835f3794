import type { Arm } from "../core/arms/arms.ts";
import { readHistory } from "../core/candidates/history.ts";
import { inSeason, newArrivals, priceDrops, trendingNow } from "../core/lists/sections.ts";
import type { ShopperRequest, Slate } from "../core/types.ts";
import type { HomeSection } from "../shapes.ts";
import { endingSoon } from "./calendar-lists.ts";
import type { Draft } from "./gate.ts";
import type { Situation } from "./situation.ts";

/** Of twenty places; the two calendar lists come on top. */
const shares = { forYou: 6, trending: 4, inSeason: 4, newArrivals: 3, priceDrops: 3 } as const;
const places = 20;
export const noSlate: Slate = { items: [], algorithms: [] };

type ChoosingSection = keyof typeof shares;
type OfferedSection = Exclude<HomeSection, "coming">;

/** The order in which the lists choose. */
const choosing: readonly ChoosingSection[] = ["priceDrops", "newArrivals", "trending", "inSeason", "forYou"];

/** Of each of the two lists from the harvest calendar. */
export const calendarPlaces = 4;

/**
 * The lists of the home page, each by a query of its own, so that none starves another. The scarce ones choose first and
 * "for you", which has everything to choose from, last; a product is shown twice only where a list would stay short.
 *
 * @param limit places in all
 * @param forYouPlaces those of "for you", in place of its share: a page asks for as many as it shows, since a place that is kept for
 *   a new farm lies near the end of the list
 * @param wanted only these lists are answered; those that choose before them are drawn up all the same, so that a list asked
 *   for alone is the one that the whole page has
 * @param forShopper who makes "for you": the arm that was chosen
 */
export function draftHome(
  situation: Situation,
  {
    limit,
    forYouPlaces,
    wanted,
  }: { limit: number; forYouPlaces?: number | undefined; wanted: readonly HomeSection[] },
  forShopper: Arm["recommend"],
): Draft<OfferedSection> {
  const { world, request } = situation;
  const last = Math.max(...choosing.map((section, place) => (wanted.includes(section) ? place : -1)));
  const size = (section: keyof typeof shares): number =>
    (section === "forYou" && forYouPlaces) || Math.max(1, Math.round((shares[section] * limit) / places));
  return (slateOptions) => {
    const options = { ...slateOptions, history: readHistory(world.snapshot, request) };
    const shown = new Set<string>();
    const take = (section: keyof typeof shares, query: (request: ShopperRequest) => Slate): Slate => {
      const slate = withoutRepeats({ ...request, limit: size(section) }, shown, query);
      for (const { productId } of slate.items) shown.add(productId);
      return slate;
    };
    const { snapshot } = world;
    const queries: Record<ChoosingSection, (request: ShopperRequest) => Slate> = {
      priceDrops: (r) => priceDrops(snapshot, r, options),
      newArrivals: (r) => newArrivals(snapshot, r, options),
      trending: (r) => trendingNow(snapshot, r, options),
      inSeason: (r) => inSeason(snapshot, r, options),
      forYou: (r) => forShopper(snapshot, r, options),
    };
    const slates = new Map<string, Slate>();
    for (const section of choosing.slice(0, last + 1)) slates.set(section, take(section, queries[section]));
    if (wanted.includes("ending")) slates.set("ending", endingSoon(situation, calendarPlaces, options));
    const answered = (section: OfferedSection): Slate =>
      (wanted.includes(section) && slates.get(section)) || noSlate;
    return {
      forYou: answered("forYou"),
      trending: answered("trending"),
      inSeason: answered("inSeason"),
      newArrivals: answered("newArrivals"),
      priceDrops: answered("priceDrops"),
      ending: answered("ending"),
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
