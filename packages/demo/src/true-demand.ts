import type { CalendarDay, MarketId, ProductId } from "@almanac/kernel";
import type { WorldMarketDay, WorldProduct } from "./core/model.ts";
import { supplyFor } from "./core/history.ts";
import { historyOf } from "./core/orders-of-world.ts";
import { phaseOn, type SeasonPhase } from "./core/season-of-food.ts";
import { walkInsOf } from "./core/walk-ins.ts";
import { createWorld, isStockOut, type WorldOptions } from "./core/world.ts";

/** What was asked for of a product on a market day, whether or not there was enough of it. */
export interface TrueDemand {
  readonly productId: ProductId;
  readonly marketId: MarketId;
  readonly day: CalendarDay;
  /** Base units; `null` where it was not for sale, so that nobody was asked. */
  readonly askedBase: number | null;
  /** Base units of an ordinary sale. */
  readonly unitBase: number;
  readonly phase: SeasonPhase;
}

/**
 * What the generated world knows and a farm does not: of every product and market day that is over, what was asked for. Days
 * on which it could be had and nobody asked count as 0, days before the product was listed are left out.
 */
export function trueDemand(options: WorldOptions): TrueDemand[] {
  const world = createWorld(options);
  const asked = new Map<string, number>();
  const add = (product: WorldProduct, day: CalendarDay, base: number): void => {
    const key = `${product.id} ${day}`;
    asked.set(key, (asked.get(key) ?? 0) + base);
  };
  for (const { day, orders } of historyOf(world)) {
    for (const order of orders)
      for (const { product, quantity, weighedBase } of order.lines)
        add(product, day.day, weighedBase ?? quantity * product.food.sale.unitQuantityBase);
  }
  for (const { product, day, sales, missedBase } of walkInsOf(world))
    add(
      product,
      day.day,
      sales.reduce((sum, { quantityBase }) => sum + quantityBase, missedBase),
    );
  const askedOn = (product: WorldProduct, marketDay: WorldMarketDay): number | null => {
    if (isStockOut(product, marketDay.day)) return null;
    return asked.get(`${product.id} ${marketDay.day}`) ?? (supplyFor(product, marketDay) > 0 ? 0 : null);
  };
  return world.marketDays.flatMap((marketDay) => {
    const { market, day, closesAt } = marketDay;
    if (closesAt >= options.now) return [];
    return world.products
      .filter(({ farm, listedAt }) => farm.market === market && listedAt <= closesAt)
      .map((product): TrueDemand => ({
        productId: product.id,
        marketId: market.id,
        day,
        askedBase: askedOn(product, marketDay),
        unitBase: product.food.sale.unitQuantityBase,
        phase: product.isAlwaysStocked ? "all year" : phaseOn(product.food, day, market.seed.latitude),
      }));
  });
}
