import { togetherPartners } from "../candidates/bought-together.ts";
import { completeCart } from "./cart.ts";
import { contentCandidates } from "../candidates/content.ts";
import { fuse } from "../scores/fusion.ts";
import { readHistory } from "../candidates/history.ts";
import { remembered } from "../candidates/remembered.ts";
import { isNewArrival, seasonalCandidates } from "../candidates/seasonal.ts";
import { fusedSlate, orderedSlate } from "../slate/slate.ts";
import type { SingleReason, SlateOptions } from "../slate/slate.ts";
import type { RecsysSnapshot } from "../snapshot/snapshot.ts";
import { trendingCandidates } from "../candidates/trending.ts";
import type { ScoredCandidates, ShopperRequest, Slate } from "../types.ts";

const nothing: Slate = { items: [], algorithms: [] };

/** Products that baskets with this one hold more often than chance, strongest relation first. Default 5 of them. */
export function boughtTogether(
  snapshot: RecsysSnapshot,
  request: ShopperRequest & { readonly productId: string },
  options: SlateOptions,
): Slate {
  const source = snapshot.productIndex.get(request.productId);
  if (source === undefined) return nothing;
  const ranked = togetherPartners(snapshot, source)
    .filter((partner) => partner.lift > 1)
    .map(({ product, score, confidence, coOccurrences, totalOrders, sourceOrders, lift }) => ({
      product,
      score,
      confidence,
      metadata: { seedProductId: request.productId, coOccurrences, totalOrders, sourceOrders, lift },
    }));
  return orderedSlate(
    snapshot,
    { ...request, limit: request.limit ?? 5 },
    ranked,
    { algorithm: "co_occurrence", reason: "FREQUENTLY_BOUGHT_TOGETHER" },
    options,
  );
}

/** "Complete your order": what goes with the lines of the cart, never a line itself. Default 4 of them. */
export function cartComplements(
  snapshot: RecsysSnapshot,
  request: ShopperRequest & { readonly cart: readonly string[] },
  options: SlateOptions,
): Slate {
  const lines = request.cart.flatMap((id) => snapshot.productIndex.get(id) ?? []);
  const ranked = completeCart(snapshot, lines).map(({ product, score, confidence, best, goesWith }) => ({
    product,
    score,
    confidence,
    metadata: {
      seedProductId: snapshot.productIds[goesWith]!,
      coOccurrences: best.coOccurrences,
      totalOrders: best.totalOrders,
      sourceOrders: best.sourceOrders,
      lift: best.lift,
    },
  }));
  return orderedSlate(
    snapshot,
    { ...request, limit: request.limit ?? 4 },
    ranked,
    { algorithm: "co_occurrence", reason: "CART_COMPLEMENT" },
    options,
  );
}

/** Products like the one on the page. Default 8 of them. */
export function similarProducts(
  snapshot: RecsysSnapshot,
  request: ShopperRequest & { readonly productId: string },
  options: SlateOptions,
): Slate {
  const seed = snapshot.productIndex.get(request.productId);
  return slateOf(
    snapshot,
    { ...request, limit: request.limit ?? 8 },
    seed === undefined ? undefined : contentCandidates(snapshot, [seed]),
    options,
  );
}

/** What sells in the market now. */
export function trendingNow(snapshot: RecsysSnapshot, request: ShopperRequest, options: SlateOptions): Slate {
  return slateOf(
    snapshot,
    request,
    trendingCandidates(snapshot, { day: request.day, marketId: request.marketId }),
    options,
  );
}

/** What is in season, the shopper's categories first. */
export function inSeason(snapshot: RecsysSnapshot, request: ShopperRequest, options: SlateOptions): Slate {
  const { profile } = options.history ?? readHistory(snapshot, request);
  return slateOf(snapshot, request, seasonalCandidates(snapshot, profile, request), options);
}

export interface NewArrivalOptions extends SlateOptions {
  /** Only farms the shopper follows or ordered from twice in 60 days, as an alert wants it. */
  readonly onlyFavouriteFarms?: boolean;
}

const favouriteOrders = 2;
const favouriteWindowDays = 60;

/** Listed, or back in season, within a week: favourite farms first, then the shopper's categories, then the newest. */
export function newArrivals(
  snapshot: RecsysSnapshot,
  request: ShopperRequest,
  options: NewArrivalOptions,
): Slate {
  const history = options.history ?? readHistory(snapshot, request);
  const favourites = favouriteFarms(snapshot, request, history.followedFarms);
  const { columns } = snapshot;
  const ranked: SingleReason[] = [];
  for (const product of arrivalsOn(snapshot, request.day)) {
    const farm = columns.farm[product]!;
    if (options.onlyFavouriteFarms && !favourites.has(farm)) continue;
    const newness = 1 - (request.day - columns.listedDay[product]!) / 7;
    const preference = history.profile.categories[columns.category[product]!]!;
    ranked.push({
      product,
      score: (favourites.has(farm) ? 0.5 : 0) + 0.3 * preference + 0.2 * newness,
      confidence: Math.min(history.profile.eventCount / 10, 1),
      metadata: {
        isNew: true,
        isFollowedFarm: history.followedFarms.has(farm),
        isFavouriteFarm: favourites.has(farm),
      },
    });
  }
  return orderedSlate(
    snapshot,
    request,
    byScore(ranked),
    { algorithm: "user_behavior", reason: "NEW_ARRIVAL" },
    options,
  );
}

/** What is new, and not out of season by its harvest window, where it has one. Memoised per day until a product changes. */
function arrivalsOn(snapshot: RecsysSnapshot, day: number): readonly number[] {
  const { columns, overlay, productIds } = snapshot;
  const { listedDay, seasonality } = columns;
  return remembered(snapshot, { key: `arrivals/${day}`, revision: overlay.productRevision }, () =>
    [...productIds.keys()].filter(
      (product) => isNewArrival(listedDay[product]!, day) && !(seasonality[product]! <= 0),
    ),
  );
}

/** Farms followed, or ordered from at least twice in the last 60 days. Indexes of the snapshot. */
export function favouriteFarms(
  snapshot: RecsysSnapshot,
  request: ShopperRequest,
  followed: ReadonlySet<number> = readHistory(snapshot, request).followedFarms,
): Set<number> {
  const favourites = new Set(followed);
  if (request.shopperId === undefined || request.personalised === false) return favourites;
  const days = new Map<number, Set<number>>();
  const visit = (products: Iterable<number>, day: number): void => {
    if (day < request.day - favouriteWindowDays) return;
    for (const product of products) {
      const farm = snapshot.columns.farm[product]!;
      days.set(farm, (days.get(farm) ?? new Set()).add(day));
    }
  };
  const shopper = snapshot.shopperIndex.get(request.shopperId);
  if (shopper !== undefined) {
    const { offsets, values } = snapshot.ordersByShopper;
    const { lines, day } = snapshot.orders;
    for (let i = offsets[shopper]!; i < offsets[shopper + 1]!; i++) {
      const order = values[i]!;
      visit(lines.values.subarray(lines.offsets[order]!, lines.offsets[order + 1]!), day[order]!);
    }
  }
  for (const order of snapshot.overlay.ordersByShopper.get(request.shopperId) ?? [])
    visit(order.products, order.day);
  for (const [farm, orderDays] of days) if (orderDays.size >= favouriteOrders) favourites.add(farm);
  return favourites;
}

/** Prices that fell in the last `windowDays` (7): the shopper's categories first, then the newest, then the deepest drop. */
export function priceDrops(
  snapshot: RecsysSnapshot,
  request: ShopperRequest,
  options: SlateOptions & { readonly windowDays?: number },
): Slate {
  const { profile } = options.history ?? readHistory(snapshot, request);
  const { columns } = snapshot;
  const since = request.day - (options.windowDays ?? 7);
  const ranked: SingleReason[] = [];
  for (const product of dropsSince(snapshot, since)) {
    const now = columns.unitPriceCents[product]!;
    const before = columns.previousUnitPriceCents[product]!;
    const changedDay = columns.priceChangedDay[product]!;
    const preference = profile.categories[columns.category[product]!]!;
    const freshness = 1 / (1 + Math.max(0, request.day - changedDay));
    ranked.push({
      product,
      score: 0.5 * preference + 0.3 * freshness + 0.2 * ((before - now) / before),
      confidence: 1,
      metadata: { previousUnitPriceCents: before, unitPriceCents: now },
    });
  }
  return orderedSlate(
    snapshot,
    request,
    byScore(ranked),
    { algorithm: "user_behavior", reason: "USER_BEHAVIOR" },
    options,
  );
}

/** Whose price fell. Memoised per day until a price or a product changes, or something is ordered. */
function dropsSince(snapshot: RecsysSnapshot, since: number): readonly number[] {
  const { columns, overlay, productIds } = snapshot;
  const { unitPriceCents, previousUnitPriceCents, priceChangedDay } = columns;
  return remembered(snapshot, { key: `drops/${since}`, revision: overlay.revision }, () =>
    [...productIds.keys()].filter(
      (product) =>
        unitPriceCents[product]! < previousUnitPriceCents[product]! && priceChangedDay[product]! >= since,
    ),
  );
}

function slateOf(
  snapshot: RecsysSnapshot,
  request: ShopperRequest,
  list: ScoredCandidates | undefined,
  options: SlateOptions,
): Slate {
  if (list === undefined) return nothing;
  const fusion = fuse([list], snapshot.productIds.length, { [list.algorithm]: 1 });
  return fusedSlate(snapshot, request, fusion, options);
}

function byScore(ranked: SingleReason[]): SingleReason[] {
  return ranked.sort((a, b) => b.score - a.score || a.product - b.product);
}
