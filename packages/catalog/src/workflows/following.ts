import type { Transaction } from "@almanac/db";
import { publishFact } from "@almanac/events";
import { AppError, type FarmId, type ProductId, type ShopperId } from "@almanac/kernel";
import { findFarm, insertFollow } from "../store/farms.ts";
import { listLiveProducts } from "../store/live-products.ts";
import {
  insertWish,
  listStockAlerts,
  listWishes,
  maxWishes,
  saveStockAlert,
  type StockAlertKind,
} from "../store/wishes.ts";
import type { Act } from "./act.ts";

/**
 * Puts a product on a wish list; once is enough, a second time changes and tells nothing.
 *
 * @throws AppError `product_not_found` when it is not on sale, `input_invalid` beyond 500 wishes
 */
export async function addWish(
  tx: Transaction,
  shopperId: ShopperId,
  productId: ProductId,
  { now, traceId }: Act,
): Promise<void> {
  await assertOnSale(tx, productId, now);
  assertRoom((await listWishes(tx, shopperId)).length, maxWishes);
  if (await insertWish(tx, shopperId, productId, now)) {
    await publishFact(tx, { topic: "wish.added", payload: { shopperId, productId } }, { traceId });
  }
}

/**
 * Follows a farm: its news come first from then on.
 *
 * @throws AppError `farm_not_found` when it sells at no market
 */
export async function followFarm(
  tx: Transaction,
  shopperId: ShopperId,
  farmId: FarmId,
  { now, traceId }: Act,
): Promise<void> {
  const farm = await findFarm(tx, { id: farmId, isAtMarket: true });
  if (!farm) throw new AppError("farm_not_found", "There is no such farm.");
  if (await insertFollow(tx, shopperId, farmId, now)) {
    await publishFact(tx, { topic: "farm.followed", payload: { shopperId, farmId } }, { traceId });
  }
}

/**
 * Asks to be told when a product is back.
 *
 * @throws AppError `product_not_found` when it is not on sale, `input_invalid` beyond 1,000 requests
 */
export async function subscribeToStock(
  tx: Transaction,
  shopperId: ShopperId,
  { productId, kind }: { productId: ProductId; kind: StockAlertKind },
  { now }: Act,
): Promise<void> {
  await assertOnSale(tx, productId, now);
  assertRoom((await listStockAlerts(tx, shopperId)).length, maxWishes * 2);
  await saveStockAlert(tx, shopperId, { productId, kind, subscribedAt: now });
}

async function assertOnSale(tx: Transaction, productId: ProductId, now: Date): Promise<void> {
  const [product] = await listLiveProducts(tx, { now, productIds: [productId] });
  if (!product) throw new AppError("product_not_found", "There is no such product.");
}

function assertRoom(taken: number, most: number): void {
  if (taken >= most) throw new AppError("input_invalid", `A list holds at most ${most} products.`);
}
