import type { CalendarDay, MarketId, ProductId } from "@almanac/kernel";

/** What a farm was advised to bring to a market day that is over, base units. */
export interface AdvisedLoad {
  readonly productId: ProductId;
  readonly marketId: MarketId;
  readonly day: CalendarDay;
  readonly advisedBase: number;
  /** Cents that a base unit is sold for: what an error of one weighs. */
  readonly worth: number;
}

/** What was asked for of a product on the market days of one market, in order; see `demandHistories` of planning. */
export interface SoldDays {
  readonly productId: ProductId;
  readonly marketId: MarketId;
  readonly days: readonly CalendarDay[];
  /** Base units a day, `null` where not known. */
  readonly sold: readonly (number | null)[];
  readonly soldOut: readonly boolean[];
}

export interface AdviceAccuracy {
  /** Products on market days that were judged. */
  readonly days: number;
  /** Sum of what advice was off by over the sum of what was sold, by price; `null` where nothing was. */
  readonly offShare: number | null;
  /** The same of bringing what was sold the market day before. */
  readonly asBeforeShare: number | null;
  /** 1 - `offShare` / `asBeforeShare`: .3 is 30 % less error. `null` from fewer than eight days, or where the day before was never wrong. */
  readonly lessError: number | null;
}

/** From fewer than so many days nothing is claimed. */
const leastDays = 8;

/**
 * How near advice on what to bring came to what was asked for, beside the farm's own baseline: what a farmer brings without a
 * forecast, as much as was sold the time before. Errors and sales weigh by price, so that kilograms and pieces may
 * stand in one sum. Days that were sold out tell the least that was wanted, and are left out; so
 * are those of products that were never sold before.
 *
 * Advice means to be above what is likely where running out costs more than bringing back, and is off by as much.
 */
export function adviceAccuracy(advised: readonly AdvisedLoad[], sales: readonly SoldDays[]): AdviceAccuracy {
  const of = new Map(sales.map((one) => [`${one.productId} ${one.marketId}`, one]));
  const judged = advised.flatMap(({ productId, marketId, day, advisedBase, worth }) => {
    const own = of.get(`${productId} ${marketId}`);
    const at = own?.days.indexOf(day) ?? -1;
    const soldBase = own?.sold[at] ?? null;
    if (!own || soldBase === null || own.soldOut[at]) return [];
    const before = own.sold.slice(0, at).filter((sold) => sold !== null);
    if (!before.some((sold) => sold > 0)) return [];
    return [
      {
        off: worth * Math.abs(advisedBase - soldBase),
        asBefore: worth * Math.abs(before.at(-1)! - soldBase),
        sold: worth * soldBase,
      },
    ];
  });
  const days = judged.length;
  const sold = judged.reduce((sum, one) => sum + one.sold, 0);
  if (!(sold > 0)) return { days, offShare: null, asBeforeShare: null, lessError: null };
  const offShare = judged.reduce((sum, { off }) => sum + off, 0) / sold;
  const asBeforeShare = judged.reduce((sum, { asBefore }) => sum + asBefore, 0) / sold;
  const isTold = days >= leastDays && asBeforeShare > 0;
  return { days, offShare, asBeforeShare, lessError: isTold ? 1 - offShare / asBeforeShare : null };
}
