import type { Queryable } from "@almanac/db";
import { AppError, type Clock, type FarmId, type ProductId } from "@almanac/kernel";
import { mondayOf, weekOf } from "../core/seasons/demand-weeks.ts";
import { numberOf } from "../core/seasons/season-model.ts";
import type { ModelService } from "./service.ts";
import { findOwnProduct, listFarmMarkets } from "../store/demand-weeks.ts";

export interface SeasonQuestion {
  readonly farmId: FarmId;
  readonly productId: ProductId;
  /** From the running week on. */
  readonly weeks: number;
}

/**
 * The chance that a farm's product is asked for in each of the coming weeks, at each market that the farm is at, with who tells it.
 *
 * @throws AppError `product_not_found`; `model_not_serving` while nothing is live
 */
export async function seasonOf(
  { db, clock, models }: { db: Queryable; clock: Clock; models: ModelService },
  { farmId, productId, weeks }: SeasonQuestion,
) {
  const [product, markets] = await Promise.all([
    findOwnProduct(db, farmId, productId),
    listFarmMarkets(db, farmId),
  ]);
  if (!product) throw new AppError("product_not_found", "There is no such product.");
  const first = weekOf(clock.now().getTime());
  return {
    productId,
    name: product.name,
    markets: await Promise.all(
      markets.map(async ({ id, name }) => ({
        marketId: id,
        name,
        weeks: await Promise.all(
          Array.from({ length: weeks }, async (_, ahead) => {
            const week = first + ahead;
            const input = { product: numberOf(productId), market: numberOf(id), week };
            const told = await models.predict({ name: "season", input, unit: productId });
            const monday = new Date(mondayOf(week)).toISOString().slice(0, 10);
            return { monday, chance: told.score, servedBy: told.servedBy, version: told.version };
          }),
        ),
      })),
    ),
  };
}
