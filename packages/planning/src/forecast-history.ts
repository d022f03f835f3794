import type { Queryable } from "@almanac/db";
import {
  AppError,
  days,
  type CalendarDay,
  type FarmId,
  type MarketId,
  type ProductId,
} from "@almanac/kernel";
import { dayKey } from "./core/demand-history.ts";
import { readPastDemand } from "./past-demand.ts";
import { dayOf } from "./read-facts.ts";
import { listPlannedProducts } from "./store/demand.ts";
import { listForecastHistory } from "./store/forecasts.ts";

export interface PastForecast {
  readonly marketId: MarketId;
  readonly marketDay: CalendarDay;
  readonly modelVersion: string;
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
  readonly madeAt: string;
  /** What was asked for, base units. */
  readonly soldBase: number;
  readonly soldOut: boolean;
  /** There was nothing to sell, or the farm says that what was entered is wrong: what was sold tells nothing of the forecast. */
  readonly tellsNothing: boolean;
  /** The market did not take place: what was sold, nothing, tells nothing of the forecast. */
  readonly isCancelled: boolean;
}

export interface PastQuestion {
  readonly farmId: FarmId;
  readonly productId: ProductId;
  /** What sells at one market tells nothing of another; without it those of all, by day. */
  readonly marketId?: MarketId;
  readonly limit: number;
  readonly now: Date;
}

/**
 * What was forecast of a product for market days that are over, by each version, beside what was asked for.
 *
 * @throws AppError `product_not_found` for what the farm does not sell
 */
export async function forecastHistory(
  db: Queryable,
  { farmId, productId, marketId, limit, now }: PastQuestion,
): Promise<PastForecast[]> {
  const products = await listPlannedProducts(db, farmId);
  const product = products.find((one) => one.productId === productId);
  if (!product) throw new AppError("product_not_found", "There is no such product.");
  const ofMarket = marketId && { marketId };
  const found = await listForecastHistory(db, {
    farmId,
    productId,
    ...ofMarket,
    before: dayOf(now),
    limit,
  });
  const oldest = found.at(-1)?.marketDay;
  if (oldest === undefined) return [];
  const since = new Date(Date.parse(`${oldest}T00:00:00Z`) - days(14));
  const demand = { since, now, farmId, products: [product], offered: found };
  const { sales, unknown } = await readPastDemand(db, demand);
  const soldOn = new Map(sales.map((sale) => [dayKey(productId, sale.marketId, sale.day), sale]));
  return found.map(({ marketId, marketDay, modelVersion, p10, p50, p90, madeAt, isCancelled }) => {
    const key = dayKey(productId, marketId, marketDay);
    const sale = soldOn.get(key);
    return {
      marketId,
      marketDay: marketDay as CalendarDay,
      modelVersion,
      p10,
      p50,
      p90,
      madeAt: madeAt.toISOString(),
      soldBase: sale?.soldBase ?? 0,
      soldOut: sale?.soldOut ?? false,
      tellsNothing: unknown.has(key),
      isCancelled,
    };
  });
}
