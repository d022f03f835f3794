import type { BaseUnit, CalendarDay, Cents, FarmId, MarketId, ProductId, VariantId } from "@almanac/kernel";
import type { DemandQuantiles } from "./demand.ts";
import type { UnitMoney } from "./newsvendor.ts";

/** A coming market day of one product; quantities in base units. */
export interface DayFacts {
  readonly marketId: MarketId;
  readonly marketName: string;
  readonly day: CalendarDay;
  /** When the market opens, in whole. */
  readonly startsAt: Date;
  readonly demand: DemandQuantiles;
  /** What is planned to be asked on the day; `undefined` where it is the product's price. */
  readonly priceCents?: number;
  /** A price is planned for some of the time until the day is over: another cannot be planned beside it. */
  readonly isPricePlanned?: boolean;
  /** Ordered already. */
  readonly orderedBase: number;
  /** What the farmer means to bring; `undefined` while nothing is decided. */
  readonly plannedBase?: number;
}

export interface LotFacts {
  readonly quantityBase: number;
  readonly bestBefore: CalendarDay;
}

/** Market days that are over, of the latest eight those that tell of demand: there was something to sell. */
export interface RecentFacts {
  readonly days: number;
  readonly soldOutDays: number;
  readonly soldDays: number;
}

export interface ProductFacts {
  readonly productId: ProductId;
  readonly name: string;
  readonly baseUnit: BaseUnit;
  /** It grows, so more of it is harvested; else it is made or bought. */
  readonly isGrown: boolean;
  /** The first of the ways it is sold, whose price stands for the product. */
  readonly variantId: VariantId;
  /** For `perBase` base units, as cost and salvage. */
  readonly money: UnitMoney;
  readonly perBase: number;
  /** What is asked once every planned price is over; `undefined` where it is the price of now. */
  readonly usualPriceCents?: Cents;
  /** The farm has not said what it costs: a share of the price is taken. */
  readonly isCostAssumed: boolean;
  /** What is ordered is put aside, and not in it. */
  readonly onHandBase: number;
  /** Of it, held by open checkouts. */
  readonly reservedBase: number;
  /** Of it, what a market that runs today likely sells yet; none where absent. */
  readonly sellingTodayBase?: number;
  readonly crateBase: number;
  /** Days that it keeps after the harvest; `undefined` where the farm has not said. */
  readonly shelfLifeDays?: number;
  /** Lots that are still there, the first to go first. */
  readonly lots: readonly LotFacts[];
  /** The next first. */
  readonly days: readonly DayFacts[];
  readonly recent: RecentFacts;
  /** Change of demand for a change of price, both in per cent; `undefined` while not known. */
  readonly elasticity?: number;
}

export interface FarmFacts {
  readonly farmId: FarmId;
  readonly now: Date;
  readonly today: CalendarDay;
  /** -1 "rather sell out" to 1 "rather never run out". */
  readonly leaning: number;
  readonly vanCrates?: number;
  /** Crates that there are hands to harvest and pack for a market day. */
  readonly handsCrates?: number;
  /** Least gain that is worth an advice, by type; what is not there is worth any. */
  readonly leastGainCents: Readonly<Partial<Record<AdviceType, Cents>>>;
  readonly products: readonly ProductFacts[];
}

export const adviceTypes = [
  "BRING_TO_MARKET",
  "HARVEST_MORE",
  "HARVEST_LESS",
  "RESTOCK",
  "MARK_DOWN",
  "REALLOCATE",
  "DONATE",
  "PLANT",
  "STOP_SELLING",
] as const;
export type AdviceType = (typeof adviceTypes)[number];

export const advicePriorities = ["LOW", "MEDIUM", "HIGH", "URGENT"] as const;
export type AdvicePriority = (typeof advicePriorities)[number];

/** What follows from an advice beside its quantity. */
export type AdviceDetails =
  | {
      readonly kind: "quantity";
      /** Markets beside its own, of the same day, that it is for as well: without one of them it says another quantity. */
      readonly otherMarketIds?: readonly MarketId[];
    }
  | {
      readonly kind: "bring";
      readonly demand: DemandQuantiles;
      readonly ratio: number;
      readonly isCapped: boolean;
    }
  | {
      readonly kind: "price";
      readonly variantId: VariantId;
      readonly fromCents: Cents;
      readonly toCents: Cents;
    }
  | {
      readonly kind: "move";
      readonly fromMarketId: MarketId;
      readonly fromDay: CalendarDay;
      readonly toMarketId: MarketId;
      readonly toDay: CalendarDay;
    };

export interface Advice {
  readonly type: AdviceType;
  readonly productId: ProductId;
  readonly marketId?: MarketId;
  readonly marketDay?: CalendarDay;
  /** As it is, and as it should be, in base units. */
  readonly currentBase: number;
  readonly recommendedBase: number;
  /** One sentence with the numbers. */
  readonly reasoning: string;
  readonly priority: AdvicePriority;
  readonly validUntil: Date;
  /** What it earns on average, beside doing nothing; `undefined` where that cannot be reckoned. */
  readonly gainCents?: Cents;
  readonly details: AdviceDetails;
}
