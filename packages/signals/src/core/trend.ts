import type { MarketId, ProductId } from "@almanac/kernel";
import { unpopular } from "./shop-entry.ts";
import type { Popularity } from "./shop-entry.ts";

/** How far back a trend looks. */
export const trendDays = 7;

/** What happened to one product at one market in the last seven days, or at all of them. */
export interface Trend {
  readonly productId: ProductId;
  /** Absent for all markets together: somebody who buys at two counts once there. */
  readonly marketId?: MarketId;
  readonly orders: number;
  /** Distinct shoppers who ordered. */
  readonly buyers: number;
  readonly views: number;
  readonly lastOrderAt?: Date;
}

/** Distinct buyers by product. */
export function popularityOf(trends: readonly Trend[]): Map<ProductId, Popularity> {
  const found = new Map<ProductId, { buyers: number; buyersByMarket: Map<MarketId, number> }>();
  for (const { productId, marketId, buyers } of trends) {
    if (buyers === 0) continue;
    const popularity = found.get(productId) ?? { buyers: 0, buyersByMarket: new Map() };
    if (marketId === undefined) popularity.buyers = buyers;
    else popularity.buyersByMarket.set(marketId, buyers);
    found.set(productId, popularity);
  }
  return found;
}

/** Whether two popularities say the same. */
export function isSamePopularity(a: Popularity = unpopular, b: Popularity = unpopular): boolean {
  if (a.buyers !== b.buyers || a.buyersByMarket.size !== b.buyersByMarket.size) return false;
  return [...a.buyersByMarket].every(([marketId, buyers]) => b.buyersByMarket.get(marketId) === buyers);
}
