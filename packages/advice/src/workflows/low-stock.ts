import { listLiveProducts } from "@almanac/catalog";
import type { Queryable } from "@almanac/db";
import { marketDay, type BaseUnit, type CalendarDay, type FarmId, type ProductId } from "@almanac/kernel";
import { productSeason, seasonPhase } from "@almanac/signals";
import {
  highestFactor,
  seasonalThreshold,
  stockAlertPriorities,
  stockAlertPriority,
  type StockAlertPriority,
} from "../core/stock-alert.ts";
import { listMarkedProducts, readStillExpected } from "../store/stock-alerts.ts";

export interface LowProduct {
  readonly productId: ProductId;
  readonly name: string;
  readonly baseUnit: BaseUnit;
  readonly priority: StockAlertPriority;
  readonly leftBase: number;
  readonly thresholdBase: number;
  /** Still to be asked for on the next market day, orders and walk-ins; absent where that is not known. */
  readonly expectedBase?: number;
  /** The day that this is expected for. */
  readonly marketDay?: CalendarDay;
}

/** What runs low at a farm now, by marks that move with the season, the most pressing first; without what is snoozed. */
export async function listLowStock(db: Queryable, farmId: FarmId, now: Date): Promise<LowProduct[]> {
  const marked = (await listMarkedProducts(db, farmId, now)).filter(
    ({ availableBase, lowStockBase }) => availableBase < lowStockBase * highestFactor,
  );
  if (marked.length === 0) return [];
  const [live, expected] = await Promise.all([
    listLiveProducts(db, { now, productIds: marked.map(({ productId }) => productId) }),
    readStillExpected(db, { farmId }, now),
  ]);
  const levels = new Map(marked.map((one) => [one.productId, one]));
  return live
    .flatMap((product): LowProduct[] => {
      const { lowStockBase, availableBase: leftBase } = levels.get(product.id)!;
      const phase = seasonPhase(
        productSeason(product),
        marketDay(now, product.farm.timeZone),
        product.farm.latitude,
      );
      const thresholdBase = seasonalThreshold(lowStockBase, phase);
      if (thresholdBase === undefined || leftBase >= thresholdBase) return [];
      const { id: productId, name, baseUnit } = product;
      const still = expected.get(productId);
      const priority = stockAlertPriority(leftBase, still?.expectedBase);
      return [
        {
          productId,
          name,
          baseUnit,
          priority,
          leftBase,
          thresholdBase,
          ...still,
        },
      ];
    })
    .sort(
      (a, b) =>
        stockAlertPriorities.indexOf(b.priority) - stockAlertPriorities.indexOf(a.priority) ||
        (a.name < b.name ? -1 : 1),
    );
}
