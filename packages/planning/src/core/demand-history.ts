import type { CalendarDay, MarketId, ProductId } from "@almanac/kernel";

/** A market day that is over, or that one can order for. */
export interface MarketDay {
  readonly marketId: MarketId;
  readonly day: CalendarDay;
  /** When ordering for it closes or has closed. */
  readonly closesAt?: Date;
}

/** What was asked for of a product on a market day, in base units. */
export interface DaySales {
  readonly productId: ProductId;
  readonly marketId: MarketId;
  readonly day: CalendarDay;
  readonly soldBase: number;
  /** Of it, what walk-ins bought at the stall on the day itself; nothing where it is left out. */
  readonly walkedBase?: number;
  /** It was gone well before ordering closed, so that more would have been asked for. */
  readonly soldOut: boolean;
}

export interface ListedProduct {
  readonly productId: ProductId;
  /** Before it nothing could be asked for. */
  readonly listedOn: CalendarDay;
}

export interface DemandHistory {
  readonly productId: ProductId;
  readonly marketId: MarketId;
  readonly days: readonly CalendarDay[];
  /**
   * One a day: base units, `null` before the product was listed, where the farm says that what was entered is wrong, and where
   * there was nothing to sell, as far as that was looked at.
   */
  readonly sold: readonly (number | null)[];
  readonly soldOut: readonly boolean[];
}

/**
 * One history for every product and market where it was ever sold, over all market days in order. A day of the market
 * without an order is 0, not a gap: somebody could have asked for it, unless it is among those that are left out.
 *
 * @param marketDays days that are over, any order
 * @param leftOut days whose sales are known to be wrong or that had nothing to sell (`absentDays`), by `dayKey`
 */
export function demandHistories(
  products: readonly ListedProduct[],
  marketDays: readonly MarketDay[],
  sales: readonly DaySales[],
  leftOut: ReadonlySet<string> = new Set(),
): DemandHistory[] {
  const listed = new Map(products.map((product) => [product.productId, product.listedOn]));
  const daysOf = new Map(
    [...Map.groupBy(marketDays, ({ marketId }) => marketId)].map(([marketId, days]) => [
      marketId,
      days.map(({ day }) => day).sort(),
    ]),
  );
  const groups = Map.groupBy(sales, ({ productId, marketId }) => `${productId} ${marketId}`);
  return [...groups.values()].flatMap((own): DemandHistory[] => {
    const { productId, marketId } = own[0]!;
    const listedOn = listed.get(productId);
    const days = daysOf.get(marketId);
    if (listedOn === undefined || !days) return [];
    const byDay = new Map(own.map((sale) => [sale.day, sale]));
    const isWrong = (day: CalendarDay): boolean => leftOut.has(dayKey(productId, marketId, day));
    return [
      {
        productId,
        marketId,
        days,
        sold: days.map((day) =>
          isWrong(day) ? null : (byDay.get(day)?.soldBase ?? (day < listedOn ? null : 0)),
        ),
        soldOut: days.map((day) => !isWrong(day) && (byDay.get(day)?.soldOut ?? false)),
      },
    ];
  });
}

/** A product at a market on a day, as one word. */
export const dayKey = (productId: string, marketId: string, day: string): string =>
  `${productId} ${marketId} ${day}`;
