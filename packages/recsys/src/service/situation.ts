import type { Market } from "@almanac/catalog";
import {
  days,
  distanceKm,
  marketDay,
  seasonAt,
  type Clock,
  type GeoPoint,
  type MarketId,
  type ProductId,
  type ShopperId,
} from "@almanac/kernel";
import type { CheckedCardOptions } from "@almanac/signals";
import type { SlateOptions } from "../core/slate/slate.ts";
import type { RecentSignal, ShopperRequest } from "../core/types.ts";
import type { ShopperState, TasteRow } from "../store/shopper.ts";
import type { HomeSection } from "../shapes.ts";
import type { ShopView } from "../shop.ts";
import { categoryOfQuery } from "./query-category.ts";
import { servingOptions } from "./serving-options.ts";
import type { ReadShopper } from "./shopper-reader.ts";
import { epochDay } from "./shop-product.ts";
import { addOrder, lateCommitMs, type World } from "./world.ts";

/** Who asks for what. */
export interface RecommendationAsk {
  readonly shopperId?: ShopperId;
  readonly productId?: string;
  /** Slug or name. */
  readonly category?: string;
  readonly limit?: number;
  readonly excludeProductIds?: readonly string[];
  readonly location?: GeoPoint;
  readonly marketId?: MarketId;
  readonly context?: { readonly pageType?: string; readonly searchQuery?: string };
  /** Counts as in the cart too: what was just bought, or is on its way into it. */
  readonly cartProductIds?: readonly string[];
  /** Somebody looks up what a shopper would see: they do not see it, so nothing is remembered. */
  readonly isLookUp?: boolean;
  /** Of the home page: only these lists; all unless told. */
  readonly sections?: readonly HomeSection[];
  /** Of the home page: places of "for you"; its share of `limit` unless told. */
  readonly forYouPlaces?: number;
}

/** A market takes orders, or will within so many days; otherwise its products are not recommended. */
const orderHorizonMs = days(10);

/** One request with everything around it, as it stands now. */
export interface Situation {
  readonly world: World;
  readonly request: ShopperRequest;
  readonly cardOptions: CheckedCardOptions;
  /** Operators' rules and the exploration of new farms, for this request. */
  readonly slateOptions: Pick<SlateOptions, "rules" | "exploration">;
  /** False for a stranger and for who asked not to be tracked: what they saw is not remembered. */
  readonly mayRemember: boolean;
  /** False when they asked not to be tracked: nothing may be pushed to them. */
  readonly mayPush: boolean;
  /** The product's farm sells at the market (or at any, where none is named), which takes orders now or soon. */
  isSold(productId: string): boolean;
  /** It is sold and, as far as memory knows, in stock; the database has the last word. */
  isOffered(productId: string): boolean;
  /** The same by the product's index in the snapshot; for the many that a list looks at. */
  isOfferedAt(index: number): boolean;
}

export interface SituationOptions {
  readonly world: World;
  readonly readShopper: ReadShopper;
  readonly clock: Clock;
  readonly shop: ShopView;
  /** The shopper gets what a stranger would, in the order that it has for everybody; only what they hid or hold stays away. */
  readonly isPlain?: boolean;
}

/** Reads the shopper, counts what they ordered since the build, and turns the question into one for the core. */
export async function situate(
  ask: RecommendationAsk,
  { world, readShopper, clock, shop, isPlain = false }: SituationOptions,
): Promise<Situation> {
  const now = clock.now();
  const since = shop.changes.now();
  const ordersAfter = new Date(world.ordersUntil.getTime() - lateCommitMs);
  const { shopperId } = ask;
  const state = shopperId === undefined ? undefined : await readShopper({ shopperId, ordersAfter });
  for (const order of state?.recentOrders ?? [])
    addOrder(world, { ...order, shopperId: ask.shopperId ?? "" });

  const location = ask.location ?? placeOf(state);
  const market = marketOf(ask, { shop, chosen: state?.marketId ?? undefined, location });
  const marketId = market?.id;
  const day = market ? epochDay(marketDay(now, market.timeZone)) : world.snapshot.day;
  // Who does not want to be profiled is asked about like a stranger: neither history nor id goes into the request.
  const personalised = !isPlain && state !== undefined && state.consent !== "denied" && state.personalise;
  const searchQuery = ask.context?.searchQuery;
  const request: ShopperRequest = {
    day,
    season: market ? seasonAt(now, market.timeZone, market.latitude) : seasonAt(now, "UTC", 0),
    marketId,
    productId: ask.productId,
    category: ask.category === undefined ? undefined : (world.categories.get(ask.category) ?? ask.category),
    limit: ask.limit,
    excludeProductIds: [...(ask.excludeProductIds ?? []), ...(state?.notInterested ?? [])],
    cart: [...new Set([...(state ? state.cart : []), ...(ask.cartProductIds ?? [])])],
    ...(personalised && state ? personalPart(world, ask.shopperId, state) : {}),
  };
  const isOpen = marketsThatTakeOrders(shop, marketId, now);
  const isSold = (productId: string): boolean =>
    shop.find(productId)?.product.farm.marketIds.some((id) => isOpen.has(id)) ?? false;
  const isOffered = (productId: string): boolean =>
    isSold(productId) && shop.isAvailable(productId as ProductId);
  return {
    world,
    request: searchQuery === undefined ? request : withSearch(world, request, searchQuery),
    slateOptions: servingOptions(world, request, market),
    mayRemember: state !== undefined && state.consent !== "denied" && ask.isLookUp !== true,
    cardOptions: { now, since, ...(marketId && { marketId }), ...(location && { location }) },
    mayPush: state !== undefined && state.consent !== "denied",
    isSold,
    isOffered,
    isOfferedAt: rememberOffered(world, shop, { markets: [...isOpen].join(), isOffered }),
  };
}

/**
 * Where the shopper picks up, and so what can be recommended: the market asked about, else the one they chose, else the
 * nearest. On the page of a product that is not sold there, the market where it is.
 */
function marketOf(
  ask: RecommendationAsk,
  {
    shop,
    chosen,
    location,
  }: { shop: ShopView; chosen: MarketId | undefined; location: GeoPoint | undefined },
): Market | undefined {
  if (ask.marketId) return shop.findMarket(ask.marketId)?.market;
  const usual = (chosen && shop.findMarket(chosen)?.market) ?? nearestMarket(shop, location);
  const soldAt = ask.productId === undefined ? undefined : shop.find(ask.productId)?.product.farm.marketIds;
  if (!usual || !soldAt || soldAt.length === 0 || soldAt.includes(usual.id)) return usual;
  return shop.findMarket(soldAt[0]!)?.market ?? usual;
}

/** Looks each product up once until the shop window changes: a look-up by id is dearer than all the rest of a place. */
function rememberOffered(
  world: World,
  shop: ShopView,
  { markets, isOffered }: { markets: string; isOffered: (productId: string) => boolean },
): (index: number) => boolean {
  const { productIds } = world.snapshot;
  let known = world.offered.get(markets);
  if (known?.version !== shop.version || known.flags.length < productIds.length) {
    known = { version: shop.version, flags: new Uint8Array(productIds.length) };
    world.offered.set(markets, known);
  }
  const { flags } = known;
  return (index) => {
    const id = productIds[index];
    if (id === undefined) return false;
    if (index >= flags.length) return isOffered(id);
    if (flags[index] === 0) flags[index] = isOffered(id) ? 1 : 2;
    return flags[index] === 1;
  };
}

function personalPart(
  world: World,
  shopperId: ShopperId | undefined,
  state: ShopperState,
): Partial<ShopperRequest> {
  const recent: RecentSignal[] = [];
  for (const row of state.tastes.toReversed()) {
    const signal = tasteOf(world, row);
    if (signal) recent.push(signal);
  }
  for (const { productId, day } of state.wishes.toReversed())
    recent.push({ signal: "wishlist", productId, day });
  for (const { farmId, day } of state.follows.toReversed()) recent.push({ signal: "farm", farmId, day });
  return {
    shopperId,
    recent,
    // Kept by slug; a name does no harm.
    deletedCategories: (state.hidden?.categories ?? []).map((slug) => world.categories.get(slug) ?? slug),
    deletedFarmIds: state.hidden?.farms,
  };
}

function tasteOf(
  world: World,
  { action, entityId, query, category, day }: TasteRow,
): RecentSignal | undefined {
  switch (action) {
    case "SEARCH": {
      const about = category ?? categoryOfQuery(world, query ?? entityId ?? "");
      return about === undefined
        ? undefined
        : { signal: "search", category: world.categories.get(about) ?? about, day };
    }
    case "FILTER_CATEGORY": {
      const about = category ?? entityId;
      return about === null
        ? undefined
        : { signal: "search", category: world.categories.get(about) ?? about, day };
    }
    case "VIEW_FARM":
      return entityId === null ? undefined : { signal: "browse", farmId: entityId, day };
    default:
      return entityId === null ? undefined : { signal: "browse", productId: entityId, day };
  }
}

/** What somebody searches for on this page counts for this page, whoever they are. */
function withSearch(world: World, request: ShopperRequest, query: string): ShopperRequest {
  const about = categoryOfQuery(world, query);
  if (about === undefined) return request;
  const search: RecentSignal = { signal: "search", category: about, day: request.day };
  return { ...request, recent: [...(request.recent ?? []), search] };
}

/** The market asked about, or all, narrowed to those that take orders now or soon. */
function marketsThatTakeOrders(
  shop: ShopView,
  marketId: MarketId | undefined,
  now: Date,
): ReadonlySet<MarketId> {
  const latestOpening = now.getTime() + orderHorizonMs;
  const asked = marketId === undefined ? shop.markets() : [shop.findMarket(marketId)];
  return new Set(
    asked.flatMap((found) => {
      const window = found?.window;
      if (!window || window.closesAt <= now || window.opensAt.getTime() > latestOpening) return [];
      return found.market.id;
    }),
  );
}

function placeOf(state: ShopperState | undefined): GeoPoint | undefined {
  if (!state || state.latitude === null || state.longitude === null) return undefined;
  return { latitude: state.latitude, longitude: state.longitude };
}

function nearestMarket(shop: ShopView, near: GeoPoint | undefined) {
  const markets = shop.markets().map(({ market }) => market);
  if (!near) return markets[0];
  return markets.sort((a, b) => distanceKm(near, a) - distanceKm(near, b))[0];
}
