import type { MarketSeason } from "./season.ts";

export interface OrderFact {
  /** When it was placed, which is when it was known: milliseconds since 1970, as all moments here. */
  readonly at: number;
  /** When it was cancelled, if it was. */
  readonly cancelledAt?: number;
  readonly cents: number;
  readonly lines: number;
  readonly market: string;
}

export const actKinds = ["look", "search", "cart"] as const;
export type ActKind = (typeof actKinds)[number];

export interface ActFact {
  readonly at: number;
  /** When it reached us: a phone without signal tells later what happened earlier. */
  readonly knownAt: number;
  readonly kind: ActKind;
}

/** All that is kept of one shopper's doings, by time. */
export interface ShopperHistory {
  readonly orders: readonly OrderFact[];
  readonly acts: readonly ActFact[];
}

/** What was known of a shopper at a moment. All features are made from one of these and so cannot see further. */
export interface KnownHistory {
  readonly at: number;
  /** Not cancelled by then, the oldest first. */
  readonly orders: readonly OrderFact[];
  readonly cancelled: number;
  readonly acts: readonly ActFact[];
  /** Of the market of the last order. */
  readonly season: MarketSeason;
}

/** A market of which nothing is known is open always. */
export type SeasonOf = (market: string) => MarketSeason;

/** @returns `undefined` for somebody without a known order */
export function knownBy(
  { orders, acts }: ShopperHistory,
  at: number,
  seasonOf: SeasonOf,
): KnownHistory | undefined {
  const placed = orders.filter((order) => order.at <= at);
  const standing = placed.filter(({ cancelledAt }) => cancelledAt === undefined || cancelledAt > at);
  const last = standing.at(-1);
  if (!last) return undefined;
  return {
    at,
    orders: standing,
    cancelled: placed.length - standing.length,
    acts: acts.filter((act) => act.at <= at && act.knownAt <= at),
    season: seasonOf(last.market),
  };
}

/** Open days from each order to the next. */
export function gapsOf({ orders, season }: KnownHistory): number[] {
  return orders.slice(1).map((order, at) => season.openDaysBetween(orders[at]!.at, order.at));
}

/** The middle value; `undefined` of nothing. */
export function medianOf(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
