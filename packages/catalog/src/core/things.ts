import type {
  BaseUnit,
  CalendarDay,
  FarmId,
  LotId,
  MarketId,
  OrderWindowId,
  PickupSlotId,
  ProductId,
  VariantId,
} from "@almanac/kernel";
import type { Harvest } from "./harvest.ts";
import type { WindowTimes } from "./order-windows.ts";
import type { SlotTimes } from "./pickup-slots.ts";
import type { PriceDrop } from "./price-drop.ts";
import type { VariantPricing } from "./prices.ts";
import type { ProductStatus } from "./publishing.ts";

/** A stored photo. Its files are at `/images/<id>/<width>.webp`. */
export interface ImageInfo {
  readonly id: string;
  /** Widths that there are files of, ascending. */
  readonly widths: readonly number[];
  /** Pixels of the largest file, for the aspect ratio. */
  readonly width: number;
  readonly height: number;
  /** Mean colour, "oklch(...)". */
  readonly tint: string;
}

export interface Market {
  readonly id: MarketId;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly address: string;
  readonly region: string;
  readonly timeZone: string;
  readonly currency: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly feeBasisPoints: number;
  readonly acceptsSnap: boolean;
  /** 1 Monday to 7 Sunday. */
  readonly weekday: number;
  /** Wall-clock times, "08:00". */
  readonly opensAt: string;
  readonly closesAt: string;
}

export interface OrderWindow extends WindowTimes {
  readonly id: OrderWindowId;
  readonly marketId: MarketId;
}

/** The window that orders go to now, or the next one. */
export interface NextWindow extends OrderWindow {
  readonly isOpen: boolean;
}

export interface PickupSlot extends SlotTimes {
  readonly id: PickupSlotId;
  readonly orderWindowId: OrderWindowId;
}

export interface Stall {
  readonly marketId: MarketId;
  readonly marketSlug: string;
  readonly marketName: string;
  readonly stall: string;
}

export interface Farm {
  readonly id: FarmId;
  readonly slug: string;
  readonly name: string;
  readonly story: string;
  readonly town: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly isOrganic: boolean;
  readonly acceptsSnap: boolean;
  readonly picture: string;
  readonly image?: ImageInfo;
  readonly joinedAt: Date;
  /** Markets where it sells, the first joined first. */
  readonly stalls: readonly Stall[];
  readonly followers: number;
}

export interface Variant extends VariantPricing {
  readonly id: VariantId;
  readonly productId: ProductId;
  readonly name: string;
  readonly priceUnit: string;
  readonly position: number;
  readonly status: "live" | "archived";
}

export interface Product {
  readonly id: ProductId;
  readonly farmId: FarmId;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly category: { readonly slug: string; readonly name: string };
  readonly crop: string;
  readonly picture: string;
  readonly image?: ImageInfo;
  readonly baseUnit: BaseUnit;
  readonly isOrganic: boolean;
  readonly snapEligible: boolean;
  readonly isReplenishable: boolean;
  readonly storageTips: string;
  readonly status: ProductStatus;
  /** First moment it was on sale; absent while it never was. */
  readonly listedAt?: Date;
  readonly lastHarvestAt?: Date;
  readonly lowStockBase: number;
  /** Days that it keeps after the harvest, where the farm has said. */
  readonly shelfLifeDays?: number;
  readonly updatedAt: Date;
}

export interface Lot {
  readonly id: LotId;
  readonly productId: ProductId;
  readonly code: string;
  readonly harvestedOn: CalendarDay;
  readonly bestBefore?: CalendarDay;
  readonly quantityBase: number;
  readonly note: string;
  readonly createdAt: Date;
}

export interface Category {
  readonly slug: string;
  readonly name: string;
  readonly picture: string;
  readonly position: number;
}

/** A farm as the shop window knows it: one object shared by all its products. */
export interface LiveFarm {
  readonly id: FarmId;
  readonly slug: string;
  readonly name: string;
  readonly town: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly isOrganic: boolean;
  readonly acceptsSnap: boolean;
  readonly picture: string;
  /** Markets where it sells, the first joined first; at least one. */
  readonly marketIds: readonly MarketId[];
  /** Region and time zone of the first of them. */
  readonly region: string;
  readonly timeZone: string;
}

export interface LiveVariant extends VariantPricing {
  readonly id: VariantId;
  readonly name: string;
  readonly priceUnit: string;
  readonly position: number;
  readonly priceDrop?: PriceDrop;
}

/** A product that anybody may see and order: live, with a live variant, of a farm that sells at a market. */
export interface LiveProduct extends Product {
  readonly listedAt: Date;
  readonly farm: LiveFarm;
  /** In the order they are offered; at least one. */
  readonly variants: readonly LiveVariant[];
  readonly harvest?: Harvest;
}
