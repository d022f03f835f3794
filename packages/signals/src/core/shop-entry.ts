import type { LiveProduct } from "@almanac/catalog";
import type { Cents, MarketId } from "@almanac/kernel";
import type { ProductSeason } from "./season.ts";

/** A product on sale with what moves around it. Replaced, never changed: who holds one holds a moment. */
export interface ShopEntry {
  readonly product: LiveProduct;
  /** Equal seasons are one object. */
  readonly season: ProductSeason;
  /** Cents for 1000 g, 1000 ml or 1 piece of the first variant: what price ranges compare. */
  readonly comparablePriceCents: Cents;
  /** Base units that can be sold, as last read. */
  readonly availableBase: number;
  readonly rating?: { readonly stars: number; readonly count: number };
  readonly popularity: Popularity;
}

/** Distinct buyers of the last seven days. */
export interface Popularity {
  readonly buyers: number;
  readonly buyersByMarket: ReadonlyMap<MarketId, number>;
}

export const unpopular: Popularity = { buyers: 0, buyersByMarket: new Map() };
