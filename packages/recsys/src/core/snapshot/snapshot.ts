import type { BaseUnit } from "@almanac/kernel";
import type { Neighbours } from "../arms/neighbours.ts";
import type { Csr } from "./csr.ts";
import type { TasteSignal } from "../types.ts";

/** A product as the loader reads it. Ids are opaque; days count from 1970-01-01 by the market's calendar. */
export interface SnapshotProduct {
  readonly id: string;
  readonly farmId: string;
  /** Category by name, such as "Root Vegetables"; the fallback season map reads it. */
  readonly category: string;
  /** What it is or is made of, such as "tomato"; empty or absent when nobody said. */
  readonly crop?: string;
  /** List price of the cheapest variant per 1,000 base units (g, ml) or per piece, so that packs compare. */
  readonly unitPriceCents: number;
  readonly unit: BaseUnit;
  readonly organic: boolean;
  /** First listed, or back in season: whichever is later. */
  readonly listedDay: number;
  /**
   * From the harvest window of product and region on the snapshot's day: 1 at the peak, falling to 0 out of season.
   * Absent when no window is known; then the brief's map of categories by season decides.
   */
  readonly seasonality?: number;
  /** Whole weeks until the window closes, if it is open. */
  readonly weeksLeft?: number;
  /** Unit price before the last change, with its day, if it changed. */
  readonly previousUnitPriceCents?: number;
  readonly priceChangedDay?: number;
}

export interface SnapshotFarm {
  readonly id: string;
  /** New or small: its products share the exposure floor. */
  readonly isNew: boolean;
}

export interface SnapshotOrder {
  readonly shopperId: string;
  readonly day: number;
  readonly marketId?: string;
  readonly productIds: readonly string[];
}

/** A view, wish, search or followed farm. A search names the categories it was about, once each. */
export interface SnapshotSignal {
  readonly shopperId: string;
  readonly signal: Exclude<TasteSignal, "purchase">;
  readonly productId?: string;
  readonly category?: string;
  readonly farmId?: string;
  readonly day: number;
}

export interface SnapshotInput {
  /** The market day of building. Orders after it are refused as a bug of the loader. */
  readonly day: number;
  readonly products: readonly SnapshotProduct[];
  readonly farms: readonly SnapshotFarm[];
  /** In any order; a product that is not listed in `products` is left out of its basket. */
  readonly orders: readonly SnapshotOrder[];
  readonly signals?: readonly SnapshotSignal[];
  /** What counts as bought together: one order, or all that a shopper bought in a week (for data that splits baskets). */
  readonly togetherWithin?: "order" | "shopper-week";
}

/** One typed array per attribute, with room for products that are listed between two builds. */
export interface ProductColumns {
  readonly farm: Int32Array;
  readonly category: Int32Array;
  /** -1 when unknown. */
  readonly crop: Int32Array;
  readonly unitPriceCents: Int32Array;
  /** 0 per kilogram, 1 per litre, 2 per piece: prices compare within one of them only. */
  readonly unit: Uint8Array;
  readonly organic: Uint8Array;
  readonly listedDay: Int32Array;
  /** NaN when no harvest window is known. */
  readonly seasonality: Float32Array;
  /** -1 when unknown. */
  readonly weeksLeft: Int16Array;
  readonly isNewFarm: Uint8Array;
  /** 0, 1 or 2 among the products of its unit at building time. */
  readonly priceTercile: Uint8Array;
  readonly previousUnitPriceCents: Int32Array;
  readonly priceChangedDay: Int32Array;
  /** Days after which half of the repeat purchases have come; NaN when it is not bought again. */
  readonly medianIntervalDays: Float32Array;
  /** Baskets that hold the product: the base of P(B|A). */
  readonly basketCount: Int32Array;
}

export interface OrderColumns {
  /** Sorted by day, then by the order of input. */
  readonly day: Int32Array;
  readonly shopper: Int32Array;
  /** -1 when the order names no market. */
  readonly market: Int32Array;
  /** Distinct products of each order. */
  readonly lines: Csr;
}

/** For each product its partners by falling count, with the number of shared baskets. */
export interface CoOccurrence {
  readonly partners: Csr;
  readonly counts: Int32Array;
}

export interface OverlayOrder {
  readonly shopperId: string;
  readonly day: number;
  readonly market: number;
  readonly products: readonly number[];
}

/** What happened since the build. Small; thrown away with the next build. */
export interface SnapshotOverlay {
  readonly orders: OverlayOrder[];
  readonly ordersByShopper: Map<string, OverlayOrder[]>;
  readonly signalsByShopper: Map<string, SnapshotSignal[]>;
  /** Extra shared baskets: product -> partner -> count. */
  readonly together: Map<number, Map<number, number>>;
  /** Grows with every change, so that memoised results know they are old. */
  revision: number;
  /** Grows when a product is listed or changes; orders and prices leave it. */
  productRevision: number;
}

/** Everything a recommendation reads, in memory. Swapped whole by the next build; changed in between only by `updates.ts`. */
export interface RecsysSnapshot {
  readonly day: number;
  readonly productIds: string[];
  readonly productIndex: Map<string, number>;
  readonly farmIds: string[];
  readonly farmIndex: Map<string, number>;
  readonly categories: string[];
  readonly categoryIndex: Map<string, number>;
  readonly cropIndex: Map<string, number>;
  readonly marketIndex: Map<string, number>;
  readonly shopperIds: readonly string[];
  readonly shopperIndex: ReadonlyMap<string, number>;
  columns: ProductColumns;
  readonly productsByCategory: number[][];
  readonly productsByFarm: number[][];
  readonly newFarms: Set<number>;
  readonly orders: OrderColumns;
  readonly ordersByShopper: Csr;
  /** Distinct products of each shopper, ascending. */
  readonly shopperProducts: Csr;
  /** Distinct shoppers of each product, ascending. */
  readonly productBuyers: Csr;
  readonly coOccurrence: CoOccurrence;
  /** Learned from who bought what: for the learned arms and for substitutes. */
  readonly neighbours: Neighbours;
  /** Baskets by `togetherWithin`, overlay included. */
  basketTotal: number;
  readonly signalsByShopper: ReadonlyMap<string, readonly SnapshotSignal[]>;
  readonly overlay: SnapshotOverlay;
  /** Results that depend on the day only, by key; dropped when the revision that they depend on moves. */
  readonly memo: Map<string, { readonly revision: number; readonly value: unknown }>;
}

const unitCodes: Record<BaseUnit, number> = { g: 0, ml: 1, piece: 2 };

export function unitCode(unit: BaseUnit): number {
  return unitCodes[unit];
}
