import { csrRow } from "../snapshot/csr.ts";
import { remembered } from "./remembered.ts";
import type { RecsysSnapshot } from "../snapshot/snapshot.ts";
import type { ScoredCandidates } from "../types.ts";

export interface TrendingOptions {
  readonly day: number;
  readonly marketId?: string;
  readonly windowDays?: number;
  readonly minOrders?: number;
  /** Multiplies the score by how this week's orders compare with the week before (0.75 to 1.25, at most 1 in all). */
  readonly growth?: boolean;
}

/** 1 / (1 + 0.1 days): 1, .9091, .7692, .6667, .5882 for 0, 1, 3, 5, 7 days. */
export function recencyBoost(daysSinceLastOrder: number): number {
  return 1 / (1 + daysSinceLastOrder * 0.1);
}

/** (1 - rank / n) x recency, rank counted from 0: rank 1 of 4, last order 3 days ago, gives .5769. */
export function trendingScore(rank: number, count: number, daysSinceLastOrder: number): number {
  return (1 - rank / count) * recencyBoost(daysSinceLastOrder);
}

/** min(orders / 50, 1). */
export function trendingConfidence(orderCount: number): number {
  return Math.min(orderCount / 50, 1);
}

/**
 * What sells now: products with enough orders in the last days, ranked by distinct buyers and then by orders. One buyer
 * counts once a day, so a restaurant's forty orders do not make turnips trend.
 *
 * Memoised per day and market until something is ordered. `undefined` when nothing sold often enough.
 */
export function trendingCandidates(
  snapshot: RecsysSnapshot,
  options: TrendingOptions,
): ScoredCandidates | undefined {
  const key = `trending/${options.day}/${options.marketId ?? ""}/${options.windowDays ?? ""}/${options.minOrders ?? ""}/${options.growth ?? ""}`;
  return remembered(snapshot, { key, revision: snapshot.overlay.revision }, () =>
    rankTrending(snapshot, options),
  );
}

interface Sales {
  readonly buyers: Set<number | string>;
  readonly buyerDays: Set<string>;
  lastDay: number;
}

function rankTrending(snapshot: RecsysSnapshot, options: TrendingOptions): ScoredCandidates | undefined {
  const windowDays = options.windowDays ?? 7;
  const minOrders = options.minOrders ?? 5;
  const until = lastTradingDay(snapshot, options);
  const sales = countSales(snapshot, until - windowDays, until, options.marketId);
  const ranked = [...sales]
    .filter(([, sale]) => sale.buyerDays.size >= minOrders)
    .sort(([a, x], [b, y]) => y.buyers.size - x.buyers.size || y.buyerDays.size - x.buyerDays.size || a - b);
  if (ranked.length === 0) return undefined;
  const before = options.growth
    ? countSales(snapshot, until - 2 * windowDays, until - windowDays, options.marketId)
    : undefined;
  const scores = ranked.map(([product, sale], rank) => {
    const score = trendingScore(rank, ranked.length, Math.max(0, options.day - sale.lastDay));
    if (before === undefined) return score;
    const ratio = Math.sqrt(sale.buyerDays.size / Math.max(1, before.get(product)?.buyerDays.size ?? 0));
    return Math.min(1, score * Math.min(1.25, Math.max(0.75, ratio)));
  });
  // What a list is remembered with: numbers side by side, not the sets that were counted.
  const orders = Int32Array.from(ranked, ([, sale]) => sale.buyerDays.size);
  const buyers = Int32Array.from(ranked, ([, sale]) => sale.buyers.size);
  return {
    algorithm: "trending",
    reason: "TRENDING_LOCAL",
    products: Int32Array.from(ranked, ([product]) => product),
    scores: Float64Array.from(scores),
    confidences: ranked.map(([, sale]) => trendingConfidence(sale.buyerDays.size)),
    facts: (position) => ({ orders: orders[position]!, buyers: buyers[position]! }),
  };
}

/** Without an order for so many days a market rests, and its week is counted back from the last one. */
const restDays = 3;
/** A market that rested for longer has nothing that trends. */
const longestRestDays = 7;

/**
 * Today, or for a market that rests the day of its latest order, up to a week ago: one that traded last Sunday shows on
 * Saturday what trended that week, and not the tail of one day.
 */
function lastTradingDay(snapshot: RecsysSnapshot, { day, marketId }: TrendingOptions): number {
  const market = marketId === undefined ? undefined : (snapshot.marketIndex.get(marketId) ?? -2);
  const isHere = (orderMarket: number, orderDay: number): boolean =>
    orderDay <= day && (market === undefined || orderMarket === market);
  let latest = -Infinity;
  const { orders } = snapshot;
  for (
    let order = orders.day.length - 1;
    order >= 0 && orders.day[order]! >= day - longestRestDays;
    order--
  ) {
    if (!isHere(orders.market[order]!, orders.day[order]!)) continue;
    latest = orders.day[order]!;
    break;
  }
  for (const order of snapshot.overlay.orders) {
    if (isHere(order.market, order.day)) latest = Math.max(latest, order.day);
  }
  const rested = day - latest;
  return rested >= restDays && rested <= longestRestDays ? latest : day;
}

/** Sales by product on days in (afterDay, untilDay]. */
function countSales(
  snapshot: RecsysSnapshot,
  afterDay: number,
  untilDay: number,
  marketId: string | undefined,
): Map<number, Sales> {
  const sales = new Map<number, Sales>();
  const market = marketId === undefined ? undefined : (snapshot.marketIndex.get(marketId) ?? -2);
  const sell = (product: number, buyer: number | string, day: number): void => {
    let sale = sales.get(product);
    if (sale === undefined)
      sales.set(product, (sale = { buyers: new Set(), buyerDays: new Set(), lastDay: day }));
    sale.buyers.add(buyer);
    sale.buyerDays.add(`${buyer}/${day}`);
    if (day > sale.lastDay) sale.lastDay = day;
  };
  const { orders } = snapshot;
  for (let order = orders.day.length - 1; order >= 0 && orders.day[order]! > afterDay; order--) {
    if (orders.day[order]! > untilDay || (market !== undefined && orders.market[order] !== market)) continue;
    const buyer = snapshot.shopperIds[orders.shopper[order]!]!;
    for (const product of csrRow(orders.lines, order)) sell(product, buyer, orders.day[order]!);
  }
  for (const order of snapshot.overlay.orders) {
    if (order.day <= afterDay || order.day > untilDay) continue;
    if (market !== undefined && order.market !== market) continue;
    for (const product of order.products) sell(product, order.shopperId, order.day);
  }
  return sales;
}
