import type {
  CalendarDay,
  FarmId,
  MarketId,
  OrderId,
  OrderWindowId,
  PickupSlotId,
  ProductId,
  ShopperId,
  VariantId,
} from "@almanac/kernel";
import type { FarmSeed, MarketSeed } from "./places.ts";
import type { Food } from "./foods.ts";
import type { Taste } from "./tastes.ts";

export type WorldSize = "tiny" | "demo" | "load";

export interface WorldMarket {
  readonly id: MarketId;
  readonly seed: MarketSeed;
}

export interface WorldFarm {
  readonly id: FarmId;
  readonly seed: FarmSeed;
  readonly market: WorldMarket;
  readonly latitude: number;
  readonly longitude: number;
  readonly joinedAt: Date;
}

export interface WorldProduct {
  readonly id: ProductId;
  readonly variantId: VariantId;
  readonly farm: WorldFarm;
  readonly food: Food;
  readonly name: string;
  readonly slug: string;
  readonly priceCents: number;
  /** Draws people beyond what its food does: most are near 1, a few sell much more. */
  readonly appeal: number;
  readonly listedAt: Date;
  /** Sold all year although its crop is not: the named products of the journeys, from under glass in winter. */
  readonly isAlwaysStocked: boolean;
}

export interface WorldShopper {
  readonly id: ShopperId;
  readonly market: WorldMarket;
  readonly taste: Taste;
  /** Chance of coming on an ordinary market day. */
  readonly visitProbability: number;
  readonly staples: readonly WorldProduct[];
  readonly joinedAt: Date;
}

export interface WorldLine {
  readonly product: WorldProduct;
  readonly quantity: number;
  /** What was weighed for the whole line; absent for what is counted. */
  readonly weighedBase: number | undefined;
  readonly unitPriceCents: number;
}

export interface WorldOrder {
  readonly id: OrderId;
  readonly sequence: number;
  readonly shopper: WorldShopper;
  readonly marketDay: CalendarDay;
  readonly windowId: OrderWindowId;
  readonly slotId: PickupSlotId;
  readonly placedAt: Date;
  /** Absent while the market day has not come. */
  readonly collectedAt: Date | undefined;
  readonly lines: readonly WorldLine[];
}

export interface WorldSlot {
  readonly id: PickupSlotId;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly capacityOrders: number;
}

export interface WorldMarketDay {
  readonly market: WorldMarket;
  readonly day: CalendarDay;
  readonly windowId: OrderWindowId;
  readonly opensAt: Date;
  readonly closesAt: Date;
  readonly slots: readonly WorldSlot[];
}

export interface PriceChange {
  readonly product: WorldProduct;
  readonly oldPriceCents: number;
  readonly newPriceCents: number;
  readonly changedAt: Date;
  readonly reason: string;
}

export interface World {
  readonly size: WorldSize;
  readonly seed: number;
  readonly now: Date;
  readonly mayaId: ShopperId;
  readonly markets: readonly WorldMarket[];
  readonly farms: readonly WorldFarm[];
  readonly products: readonly WorldProduct[];
  readonly shoppers: readonly WorldShopper[];
  readonly marketDays: readonly WorldMarketDay[];
  readonly priceChanges: readonly PriceChange[];
}
