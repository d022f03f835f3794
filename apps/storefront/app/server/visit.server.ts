import type { AppLoadContext } from "@remix-run/node";
import { placeInYear } from "../words/dates.ts";
import { loadBeside } from "./answer.server.ts";
import { busiestMarket } from "./market.server.ts";

const visits = new WeakMap<AppLoadContext, Promise<Visit>>();

/** The visit of a request, loaded once for all its loaders. For loaders only: an action may have changed it. */
export function visitOf(context: AppLoadContext): Promise<Visit> {
  const known = visits.get(context);
  if (known) return known;
  const visit = loadVisit(context);
  visits.set(context, visit);
  return visit;
}

/** The market of the visit, as procedures take it. */
export async function marketOf(context: AppLoadContext) {
  const { market } = await visitOf(context);
  return market ? { marketId: market.id } : {};
}

/** The time zone in which a shopper reads times: that of the market of the visit. */
export async function marketTime(context: AppLoadContext): Promise<string> {
  return (await visitOf(context)).market?.timeZone ?? "UTC";
}

/** What every page of the shop shows around its content. */
async function loadVisit({ api, now, liveCursor }: AppLoadContext) {
  const [me, cart, markets, wishes, news, variants, categories] = await Promise.all([
    api.me.get(),
    api.cart.get(),
    api.markets.list(),
    loadBeside(() => api.wishes.ids()),
    loadBeside(() => api.news.unread()),
    loadBeside(() => api.experiments.assignments({})),
    loadBeside(() => api.categories.stocked({ limit: 3 })),
  ]);
  const chosen = (cart.id && cart.marketId) ?? me.marketId ?? (await busiestMarket(api));
  const market = markets.find(({ id }) => id === chosen) ?? markets[0];
  const day = market?.nextWindow?.marketDay ?? now.toISOString();
  return {
    liveCursor,
    me: {
      signedIn: me.signedIn,
      name: me.name,
      email: me.email,
      consent: me.consent,
      sells: me.farms.length > 0,
    },
    market: market && {
      id: market.id,
      slug: market.slug,
      name: market.name,
      address: market.address,
      timeZone: market.timeZone,
      acceptsSnap: market.acceptsSnap,
      opensAt: market.opensAt,
      closesAt: market.closesAt,
      nextWindow: market.nextWindow,
    },
    markets: markets.map(({ id, name }) => ({ id, name })),
    /** The first ones of the shop, for the navigation. */
    categories: categories ?? [],
    cart,
    wishedIds: wishes,
    unreadNews: news,
    /** Chosen here rather than in the browser, so that no arm flickers. */
    variants: variants ?? [],
    /** Seasons are told for the market day that one orders for. */
    year: placeInYear(day),
  };
}

export type Visit = Awaited<ReturnType<typeof loadVisit>>;
