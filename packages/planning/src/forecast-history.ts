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
import { dayOf } from "./read-facts.ts";
import { listPlannedProducts, readSales } from "./store/demand.ts";
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
  /** The market did not take place: what was sold, nothing, tells nothing of the forecast. */
  readonly isCancelled: boolean;
}

/**
 * What was forecast of a product for market days that are over, by each version, beside what was asked for.
 *
 * @throws AppError `product_not_found` for what the farm does not sell
 */
export async function forecastHistory(
  db: Queryable,
  { farmId, productId, limit, now }: { farmId: FarmId; productId: ProductId; limit: number; now: Date },
): Promise<PastForecast[]> {
  const products = await listPlannedProducts(db, farmId);
  if (!products.some((product) => product.productId === productId))
    throw new AppError("product_not_found", "There is no such product.");
  const found = await listForecastHistory(db, { farmId, productId, before: dayOf(now), limit });
  const oldest = found.at(-1)?.marketDay;
  if (oldest === undefined) return [];
  const since = new Date(Date.parse(`${oldest}T00:00:00Z`) - days(14));
  const sales = await readSales(db, { since, now, farmId, products: { from: productId, to: productId } });
  const soldOn = new Map(sales.map((sale) => [dayKey(productId, sale.marketId, sale.day), sale]));
  return found.map(({ marketId, marketDay, modelVersion, p10, p50, p90, madeAt, isCancelled }) => {
    const sale = soldOn.get(dayKey(productId, marketId, marketDay));
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
      isCancelled,
    };
  });
}
