import { minutes, type Milliseconds } from "@almanac/kernel";

export const topSize = 5;
export const quietMs: Milliseconds = minutes(5);
/** Orders within the trend's seven days below which nothing trends. */
export const minTrendOrders = 5;

export interface TrendRow {
  readonly productId: string;
  readonly orders: number;
  readonly buyers: number;
}

/** The five products of a market that most people bought, then that were most often bought, then by id. */
export function topOf(trends: readonly TrendRow[]): string[] {
  return trends
    .filter(({ orders }) => orders >= minTrendOrders)
    .toSorted((a, b) => b.buyers - a.buyers || b.orders - a.orders || (a.productId < b.productId ? -1 : 1))
    .slice(0, topSize)
    .map(({ productId }) => productId);
}

export interface ToldTop {
  readonly productIds: readonly string[];
  readonly atMs: number;
}

/**
 * Whether a market's shoppers are told of a new top five (ALR-04): when another product is in it, in whatever order, and
 * not within five minutes of the last time. An empty top tells nothing, and neither does the first that is seen: it may have
 * been there for days.
 */
export function isTopNews(told: ToldTop | undefined, top: readonly string[], now: Date): boolean {
  if (!told || top.length === 0) return false;
  if (now.getTime() - told.atMs < quietMs) return false;
  const before = new Set(told.productIds);
  return top.length !== before.size || top.some((id) => !before.has(id));
}
