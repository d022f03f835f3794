import { AppError, type FarmId, type ProductId, type ShopperId } from "@almanac/kernel";
import { findFarmOf, hasBought, saveRating } from "../store/ratings.ts";
import type { Trade } from "../trade.ts";

interface RateRequest {
  readonly shopperId: ShopperId;
  /** 1 to 5. */
  readonly stars: number;
  readonly body?: string;
}

/**
 * Rates a product that one has bought; rating it again replaces the first.
 *
 * @throws AppError `product_not_found`, `not_a_buyer`
 */
export async function rateProduct(
  { handle, clock }: Pick<Trade, "handle" | "clock">,
  { shopperId, productId, stars, body = "" }: RateRequest & { readonly productId: ProductId },
): Promise<void> {
  await handle.transaction(async (tx) => {
    const farmId = await findFarmOf(tx, productId);
    if (!farmId) throw new AppError("product_not_found", "There is no such product.");
    if (!(await hasBought(tx, shopperId, { productId }))) throw notABuyer();
    await saveRating(tx, { shopperId, farmId, productId, stars, body, now: clock.now() });
  });
}

/**
 * Rates a farm that one has bought from.
 *
 * @throws AppError `not_a_buyer`, also for a farm that there is not
 */
export async function rateFarm(
  { handle, clock }: Pick<Trade, "handle" | "clock">,
  { shopperId, farmId, stars, body = "" }: RateRequest & { readonly farmId: FarmId },
): Promise<void> {
  await handle.transaction(async (tx) => {
    if (!(await hasBought(tx, shopperId, { farmId }))) throw notABuyer();
    await saveRating(tx, { shopperId, farmId, productId: null, stars, body, now: clock.now() });
  });
}

function notABuyer(): AppError {
  return new AppError("not_a_buyer", "Only those who bought it rate it.");
}
